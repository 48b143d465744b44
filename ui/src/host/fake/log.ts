import type { Action } from "../bindings/Action";
import type { Actor } from "../bindings/Actor";
import type { LogEntry } from "../bindings/LogEntry";
import type { LogVerdict } from "../bindings/LogVerdict";
import type { RequestView } from "../bindings/RequestView";
import { nameOfApplication } from "./register";
import { hex, seconds, type World } from "./world";

type Happened = Omit<LogEntry, "seq">;

/** An entry is sealed with those before it once there are this many. */
const SEALED_EVERY = 100;

/** Writes down what has just happened. */
export function note(world: World, action: Action, subject: string, detail = "", actor: Actor = { kind: "window" }): void {
  world.log.push({ seq: world.log.length + 1, at: seconds(), actor, action, subject, detail });
}

export function log(world: World, { before, limit }: { before: number | null; limit: number }): LogEntry[] {
  const end = Math.min((before ?? Infinity) - 1, world.log.length);
  return world.log.slice(Math.max(0, end - limit), Math.max(0, end)).reverse();
}

export function logVerify(world: World): LogVerdict {
  return { entries: world.log.length, notYetSealed: world.log.length % SEALED_EVERY, faults: world.faults };
}

/** Writes the log that the world would have, filled up to `count` with days on which somebody came and went. */
export function backfill(world: World, count: number): void {
  const told = [...people(world), ...keys(world), ...requests(world)];
  const missing = Math.max(0, count - told.length);
  const all = [...told, ...days(world, missing)].sort((a, b) => a.at - b.at);
  world.log = all.map((happened, index) => ({ seq: index + 1, ...happened }));
}

const window: Actor = { kind: "window" };
const fieldgate: Actor = { kind: "fieldgate" };

function people({ users, stores }: World): Happened[] {
  const first = users[0];
  const at = Math.min(...users.map((user) => user.created));
  const created: Happened[] = first
    ? [{ at, actor: fieldgate, action: "desk-created", subject: first.id, detail: `with the admin ${first.email}` }]
    : [];
  for (const user of users.slice(1)) {
    const detail = `${user.email}, ${user.admin ? "admin" : "user"} ${user.hasPassword ? "with" : "without"} a password`;
    created.push({ at: user.created, actor: window, action: "user-created", subject: user.id, detail });
  }
  for (const store of stores) {
    const detail = `${store.name}, owned by ${store.members[0]?.user ?? ""}`;
    created.push({ at: store.created, actor: { kind: "command-line" }, action: "store-created", subject: store.id, detail });
  }
  return created;
}

function keys(world: World): Happened[] {
  return world.keys.flatMap((key) => {
    const detail = `for ${key.user}: ${key.permissions.join(", ") || "no permission"}`;
    const actor: Actor = world.random() < 0.2 ? { kind: "basic", user: key.user } : window;
    const made: Happened = { at: key.created, actor, action: "key-created", subject: key.id, detail };
    const at = key.created + Math.floor(world.random() * (seconds() - key.created));
    if (key.state === "revoked") return [made, { at, actor: window, action: "key-revoked", subject: key.id, detail: "" }];
    if (key.state !== "expired") return [made];
    return [made, { at: key.expires ?? at, actor: fieldgate, action: "key-expired", subject: key.id, detail: "" }];
  });
}

const ENDS: Partial<Record<RequestView["status"], string>> = {
  expired: "nobody decided in time",
  withdrawn: "withdrawn by the asker",
  superseded: "another request of the same kind was decided",
  closed: "Fieldgate was closed",
};

function requests(world: World): Happened[] {
  return world.asked.flatMap(({ view }) => {
    if (view.ended === null) return [];
    const asker = nameOfApplication({ identity: view.application, names: [] });
    const asked = view.permissions.join(", ") || "no permission";
    const of = (action: Action, detail: string, actor: Actor): Happened =>
      ({ at: view.ended ?? 0, actor, action, subject: view.id, detail });
    if (view.status === "refused") return [of("request-refused", `refused: ${asker} asked for ${asked}`, window)];
    const how = ENDS[view.status];
    if (how) return [of("request-ended", `${how}: ${asker} asked for ${asked}`, view.status === "withdrawn" ? { kind: "asker" } : fieldgate)];
    const approved = of("request-approved", `new key ${view.grant?.key} of ${view.grant?.user} for ${asker}: ${asked}`, window);
    if (view.status === "approved") return [approved];
    const sent = { ...of(view.status === "delivered" ? "key-delivered" : "delivery-failed", "", { kind: "asker" }), subject: view.grant?.key ?? "" };
    return [approved, { ...sent, detail: `request ${view.id}: ${view.status === "delivered" ? "posted by the browser" : "could not be posted"}` }];
  });
}

function days(world: World, count: number): Happened[] {
  const start = Math.min(seconds() - 40_000_000, ...world.users.map((user) => user.created));
  return Array.from({ length: count }, () => {
    const at = start + Math.floor(world.random() * (seconds() - start));
    const dice = world.random();
    if (dice < 0.42) return { at, actor: window, action: "unlocked", subject: "vault", detail: "" };
    if (dice < 0.84) return { at, actor: dice < 0.6 ? window : fieldgate, action: "locked", subject: "vault", detail: "" };
    const key = world.keys[Math.floor(world.random() * world.keys.length)];
    if (dice < 0.9 && key) return { at, actor: window, action: "key-revealed", subject: key.id, detail: "" };
    if (dice < 0.97) {
      const detail = "nobody decided in time: http://localhost:8080 asked for btcpay.store.canviewinvoices";
      return { at, actor: fieldgate, action: "request-ended", subject: hex(world, 32), detail };
    }
    const detail = `sign-in with a password ${dice < 0.985 ? "on" : "off"}, locks itself after 15 min, clears the clipboard after 20 s`;
    return { at, actor: window, action: "settings-changed", subject: "settings", detail };
  });
}
