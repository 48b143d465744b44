import type { AppDetailView } from "../bindings/AppDetailView";
import type { RequestView } from "../bindings/RequestView";
import type { SeenProgram } from "../bindings/SeenProgram";
import { note as tell } from "./log";
import { appList, nameOfApplication } from "./register";
import { requestList } from "./requests";
import { refused, type World } from "./world";

export function appShow(world: World, { id }: { id: string }): AppDetailView {
  const rows = appList(world);
  const app = rows.find((one) => one.id === id);
  if (!app) throw refused("not-found", "there is no such application", "id");
  const { identity } = app;
  const name = nameOfApplication(app);
  const isLive = (key: { state: string }) => Number(key.state === "live");
  const requests = requestList(world).filter((one) => JSON.stringify(one.application) === JSON.stringify(identity));
  return {
    app,
    note: world.notes.get(id) ?? null,
    programs: programsSeen(requests),
    elsewhere: rows.filter((one) =>
      one.id !== id && identity.by === "identifier" && one.identity.by === "identifier" && one.identity.identifier === identity.identifier),
    keys: world.keys.filter((key) => key.application === name).sort((a, b) => isLive(b) - isLive(a) || b.created - a.created),
    requests,
  };
}

export function appNote(world: World, { id, note }: { id: string; note: string }): AppDetailView {
  if (!world.applications.some((one) => one.id === id)) throw refused("not-found", "there is no such application", "id");
  const text = note.trim();
  if (text.length > 2_000) throw refused("invalid", "a note has at most 2,000 characters", "note");
  if (text === "") world.notes.delete(id);
  else world.notes.set(id, text);
  tell(world, "application-noted", id);
  world.changed();
  return appShow(world, { id });
}

function programsSeen(requests: readonly RequestView[]): SeenProgram[] {
  const seen = new Map<string, SeenProgram>();
  for (const { program, mode, asked, grant } of requests) {
    const which = JSON.stringify([mode, program?.exe, program?.script]);
    const known = seen.get(which);
    const served = grant !== null || (known?.served ?? false);
    seen.set(which, { program: known?.program ?? program, mode, last: Math.max(asked, known?.last ?? 0), served });
  }
  return [...seen.values()].sort((a, b) => b.last - a.last);
}
