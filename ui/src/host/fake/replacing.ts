import type { FirstUse } from "../bindings/FirstUse";
import type { KeyReplace } from "../bindings/KeyReplace";
import type { KeyRotate } from "../bindings/KeyRotate";
import type { KeyView } from "../bindings/KeyView";
import type { Outlook } from "../bindings/Outlook";
import type { ReceiptView } from "../bindings/ReceiptView";
import type { Receipts } from "../bindings/Receipts";
import type { Replaceable } from "../bindings/Replaceable";
import type { ReplaceableView } from "../bindings/ReplaceableView";
import type { RotatedView } from "../bindings/RotatedView";
import type { StopOld } from "../bindings/StopOld";
import type { UserView } from "../bindings/UserView";
import { addKey, secretOf } from "./keys";
import { note } from "./log";
import { nameOfApplication } from "./register";
import { hex, refused, seconds, userNamed, type World } from "./world";

/** That a key takes the place of another; none yet where the application is to ask again. */
export interface Replaced {
  id: string;
  old: string;
  new: string | null;
  stop: StopOld;
  at: number;
  stopped: number | null;
}

const DAY = 86_400;

export function keyRotate(world: World, args: KeyRotate): RotatedView {
  const old = keyOf(world, args.id);
  if (!old) throw refused("not-found", "there is no such key", "id");
  const why = problemOf(world, old);
  if (why !== null) throw refused("invalid", why, "id");
  const id = newId(world);
  const made = successor(world, old);
  if (args.expires !== null) change(world, made.id, { expires: args.expires === "never" ? null : args.expires.at });
  begin(world, id, old, made.id, args.old);
  const { label, permissions, expires } = keyOf(world, made.id) ?? made;
  return { id: made.id, apiKey: secretOf(world, made.id), label, permissions, expires, receipt: receiptOf(world, id) };
}

export function keyReplace(world: World, args: KeyReplace): ReceiptView {
  const id = newId(world);
  const failed: ReceiptView["failed"] = [];
  const made = new Map<string, string>();
  for (const old of named(world, args)) {
    const why = problemOf(world, old) ?? (args.handOver === "ask-again" && old.application === null
      ? "it belongs to no application that could ask again" : null);
    if (why !== null) {
      failed.push({ id: old.id, label: old.label, why });
      continue;
    }
    const next = args.handOver === "copy" ? successor(world, old) : null;
    if (next) made.set(old.id, next.id);
    begin(world, id, old, next?.id ?? null, args.old);
  }
  if (!world.replaced.some((row) => row.id === id)) {
    throw refused("invalid", `no key was replaced: ${failed[0]?.why ?? ""}`, "ids");
  }
  const receipt = receiptOf(world, id);
  const withSecret = (one: ReceiptView["keys"][number]) => {
    const next = made.get(one.old.id);
    return { ...one, apiKey: next === undefined ? null : secretOf(world, next) };
  };
  return { ...receipt, keys: receipt.keys.map(withSecret), failed };
}

export function replaceable(world: World, args: Replaceable): ReplaceableView[] {
  return named(world, args).map((key) => ({ key, problem: problemOf(world, key) }));
}

export function receipts(world: World, args: Receipts): ReceiptView[] {
  const owner = args.user === null ? null : userNamed(world, args.user, "user").id;
  const application = nameOf(world, args.application);
  const fits = (row: Replaced) => {
    const old = keyOf(world, row.old);
    return old !== undefined && (args.id === null || row.id === args.id) &&
      (args.key === null || row.old === args.key || row.new === args.key) &&
      (args.application === null || old.application === application) &&
      (owner === null || old.user === owner) && (!args.unfinished || old.state === "live");
  };
  const ids = [...new Set(world.replaced.filter(fits).map((row) => row.id))];
  return ids.reverse().map((id) => receiptOf(world, id));
}

/** Somebody presents a key for the first time: what it takes the place of stops. */
export function firstUse(world: World, id: string): void {
  const key = keyOf(world, id);
  if (!key || key.firstUsed !== null) return;
  const at = seconds();
  const used: FirstUse = { at, by: { exe: "/usr/sbin/php-fpm", script: null } };
  change(world, id, { firstUsed: used, lastUsed: at });
  for (const asked of world.asked) {
    const { grant } = asked.view;
    if (grant?.key === id) asked.view = { ...asked.view, grant: { ...grant, firstUsed: used, lastUsed: at } };
  }
  for (const row of world.replaced) if (row.new === id && row.stop === "first-use") end(world, row);
  lookAhead(world);
  world.changed();
}

/** A granted key takes the place of the keys that were named, and of those that wait for one like it. */
export function takeOver(world: World, key: KeyView, stopOld: readonly string[]): void {
  for (const row of world.replaced) {
    const old = keyOf(world, row.old);
    const fits = old?.user === key.user && old.application === key.application && !stopOld.includes(row.old);
    if (row.new === null && row.stop === "first-use" && fits) row.new = key.id;
  }
  const id = newId(world);
  for (const old of stopOld.flatMap((one) => keyOf(world, one) ?? [])) begin(world, id, old, key.id, "first-use");
  lookAhead(world);
}

/** Says of every replaced key what is to be expected of it by now. */
export function lookAhead(world: World): void {
  for (const row of world.replaced) {
    change(world, row.old, { replaced: { receipt: row.id, by: row.new, stop: row.stop, at: row.at, outlook: outlookOf(world, row) } });
  }
}

/** Replacements in the states that time brings about. */
export function replaceSome(world: World, owner: UserView): void {
  const permissions = ["btcpay.store.canviewinvoices"];
  const old = (label: string, extras = {}) => addKey(world, owner, label, permissions, { ago: 3_000_000, used: 200_000, ...extras });
  const id = newId(world);
  begin(world, id, old("Kiosk 1"), old("Kiosk 1", { ago: 90_000, used: null }).id, "first-use", 90_000);
  const next = old("Kiosk 2", { ago: 90_000, used: 40_000 });
  change(world, next.id, { firstUsed: { at: seconds() - 80_000, by: { exe: "/usr/bin/python3", script: "/srv/kiosk.py" } } });
  begin(world, id, old("Kiosk 2"), next.id, "first-use", 90_000);
  const last = world.replaced.at(-1);
  if (last) end(world, last);
  lookAhead(world);
}

function begin(world: World, id: string, old: KeyView, next: string | null, stop: StopOld, ago = 0): void {
  const row: Replaced = { id, old: old.id, new: next, stop, at: seconds() - ago, stopped: null };
  world.replaced = [...world.replaced.filter((one) => one.old !== old.id), row];
  note(world, "key-replaced", old.id, `${id}: by ${next ?? "the next key of its application"}`);
  if (stop === "now") end(world, row);
  if (stop === "in-a-day") change(world, old.id, { expires: Math.min(old.expires ?? Infinity, seconds() + DAY) });
  lookAhead(world);
  world.changed();
}

function end(world: World, row: Replaced): void {
  row.stopped = seconds();
  change(world, row.old, { state: "revoked" });
  note(world, "key-revoked", row.old, `replaced by ${row.new ?? "the next key of its application"}`, { kind: "fieldgate" });
}

function successor(world: World, old: KeyView): KeyView {
  const next = addKey(world, userNamed(world, old.user, "user"), old.label, old.permissions, {
    application: old.application, expires: old.expires,
  });
  note(world, "key-created", next.id, `for ${next.user}: ${next.permissions.join(", ") || "no permission"}`);
  return next;
}

function problemOf(world: World, key: KeyView): string | null {
  if (key.state === "damaged") return "this key was changed by somebody else: revoke it and make another";
  if (key.state !== "live") return "this key has ended";
  const next = key.replaced?.by;
  return next && keyOf(world, next)?.state === "live" ? `${next} takes its place already: replace that one` : null;
}

function outlookOf(world: World, row: Replaced): Outlook {
  if (keyOf(world, row.old)?.state !== "live") return "stopped";
  if (row.stop === "in-a-day") return "in-a-day";
  if (row.new === null) return "waits-for-key";
  return keyOf(world, row.new)?.state === "live" ? "waits-for-use" : "stays";
}

function named(world: World, { ids, application, user }: Replaceable): KeyView[] {
  if (ids.length > 0) return [...new Set(ids)].flatMap((id) => keyOf(world, id) ?? []);
  const owner = user === null ? null : userNamed(world, user, "user").id;
  const name = nameOf(world, application);
  const found = world.keys.filter((key) => key.state === "live" && (owner !== null ? key.user === owner : key.application === name));
  if (found.length === 0) {
    const whose = owner === null ? "application" : "user";
    throw refused("invalid", `this ${whose} has no key to replace`, whose);
  }
  return found;
}

function receiptOf(world: World, id: string): ReceiptView {
  const rows = world.replaced.filter((row) => row.id === id);
  const [first] = rows;
  if (!first) throw refused("not-found", "there is no such receipt", "id");
  const keys = rows.flatMap((row) => {
    const old = keyOf(world, row.old);
    const next = row.new === null ? null : (keyOf(world, row.new) ?? null);
    return old ? [{ old, stopped: row.stopped, new: next, apiKey: null }] : [];
  });
  return { id, at: first.at, stop: first.stop, keys, failed: [] };
}

function nameOf(world: World, application: string | null): string | null {
  const app = world.applications.find((one) => one.id === application);
  return app ? nameOfApplication(app) : null;
}

function keyOf(world: World, id: string): KeyView | undefined {
  return world.keys.find((key) => key.id === id);
}

function change(world: World, id: string, to: Partial<KeyView>): void {
  world.keys = world.keys.map((key) => (key.id === id ? { ...key, ...to } : key));
}

function newId(world: World): string {
  return `rep_${hex(world, 16)}`;
}
