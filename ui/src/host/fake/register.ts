import type { AppJudge } from "../bindings/AppJudge";
import type { AppView } from "../bindings/AppView";
import type { ApplicationIdentity } from "../bindings/ApplicationIdentity";
import { note } from "./log";
import { hex, refused, type Asked, type World } from "./world";

/** An application as it is remembered; its live keys are counted when it is shown. */
export type Registered = Omit<AppView, "keys">;

/** What a person calls an application: the name it gave itself last, else what it is recognised by. */
export function nameOfApplication({ names, identity }: Pick<Registered, "names" | "identity">): string {
  const [latest] = names;
  if (latest !== undefined) return latest;
  if (identity.by === "identifier") return `"${identity.identifier}" at ${identity.origin}`;
  if (identity.by === "origin") return identity.origin;
  return identity.by === "program" ? (identity.program.script ?? identity.program.exe) : "unknown program";
}

export function addApplication(world: World, app: Omit<Registered, "id">): Registered {
  const registered = { id: hex(world, 32), ...app };
  world.applications.push(registered);
  return registered;
}

/** Enters whoever has asked and was answered. */
export function register(world: World, asked: Asked): void {
  const { application, name, standing, asked: at } = asked.view;
  const known = world.applications.find((one) => same(one.identity, application));
  if (!known) {
    addApplication(world, { identity: application, names: name === null ? [] : [name], standing, firstSeen: at, lastSeen: at });
    return;
  }
  if (name !== null) known.names = [name, ...known.names.filter((one) => one !== name)];
  if (standing !== "new") known.standing = standing;
  known.firstSeen = Math.min(known.firstSeen, at);
  known.lastSeen = Math.max(known.lastSeen, at);
}

/** The register, who asked last first. */
export function appList(world: World): AppView[] {
  const live = new Map<string, number>();
  for (const { application, state } of world.keys) {
    if (application !== null && state === "live") live.set(application, (live.get(application) ?? 0) + 1);
  }
  return world.applications
    .map((app) => ({ ...app, keys: live.get(nameOfApplication(app)) ?? 0 }))
    .sort((a, b) => b.lastSeen - a.lastSeen);
}

export function appJudge(world: World, { id, standing }: AppJudge): AppView {
  const app = world.applications.find((one) => one.id === id);
  if (!app) throw refused("not-found", "there is no such application", "id");
  app.standing = standing;
  note(world, "standing-changed", id, standing);
  world.changed();
  return { ...app, keys: appList(world).find((one) => one.id === id)?.keys ?? 0 };
}

function same(a: ApplicationIdentity, b: ApplicationIdentity): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
