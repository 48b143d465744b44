import type { FoldersView } from "../bindings/FoldersView";
import type { KeyHistory } from "../bindings/KeyHistory";
import type { LogEntry } from "../bindings/LogEntry";
import type { LogExport } from "../bindings/LogExport";
import type { LogExportedView } from "../bindings/LogExportedView";
import { refused, type World } from "./world";

/** How many entries about one key are told. */
const MOST = 100;

export function folders(): FoldersView {
  return { exports: "/home/ana/Downloads" };
}

export function logExport(world: World, { path }: LogExport): LogExportedView {
  if (!path.startsWith("/")) throw refused("invalid", "the path has to begin with a slash", "path");
  if (world.files.has(path)) throw refused("already-exists", "there is something of this name already", "path");
  world.files.add(path);
  return { path, entries: world.log.length };
}

/** What happened to a key, and the request it was granted to, newest first. */
export function keyHistory(world: World, { id }: KeyHistory): LogEntry[] {
  const about = (entry: LogEntry) =>
    entry.subject === id || (entry.action === "request-approved" && entry.detail.includes(id));
  return world.log.filter(about).reverse().slice(0, MOST);
}
