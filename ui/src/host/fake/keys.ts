import type { CreatedKeyView } from "../bindings/CreatedKeyView";
import type { KeyCreate } from "../bindings/KeyCreate";
import type { KeyDetailView } from "../bindings/KeyDetailView";
import type { KeyView } from "../bindings/KeyView";
import type { RevokedView } from "../bindings/RevokedView";
import type { UsageView } from "../bindings/UsageView";
import type { UserView } from "../bindings/UserView";
import { find } from "./keyTable";
import { note } from "./log";
import { nameOfApplication } from "./register";
import { lookAhead } from "./replacing";
import { hex, known, policyOf, refused, seconds, tierOf, userNamed, type World } from "./world";

/** What a made-up key has beside its label, owner and permissions. */
export interface KeyExtras {
  application?: string | null;
  applicationId?: string | null;
  ago?: number;
  used?: number | null;
  expires?: number | null;
  state?: KeyView["state"];
  neverCollected?: boolean;
}

export function addKey(world: World, owner: UserView, label: string, permissions: string[], extras: KeyExtras = {}): KeyView {
  const key: KeyView = {
    id: `akid_${hex(world, 16)}`,
    label,
    user: owner.id,
    email: owner.email,
    permissions: [...permissions].sort(),
    tier: tierOf(permissions),
    issuer: "local",
    application: extras.application ?? null,
    applicationId: extras.applicationId ?? null,
    created: seconds() - (extras.ago ?? 0),
    expires: extras.expires ?? null,
    lastUsed: extras.used == null ? null : seconds() - extras.used,
    state: extras.state ?? "live",
    neverCollected: extras.neverCollected ?? false,
    firstUsed: null,
    replaced: null,
  };
  world.keys.push(key);
  return key;
}

/** The token of a key, made when first asked for. */
export function secretOf(world: World, id: string): string {
  const secret = world.secrets.get(id) ?? hex(world, 40);
  world.secrets.set(id, secret);
  return secret;
}

export function keyList(world: World, args: { user: string | null; search: string | null }): KeyView[] {
  const owner = args.user === null ? null : userNamed(world, args.user, "user").id;
  const found = find(world, { search: args.search, filter: null, order: null });
  return found.filter((key) => owner === null || key.user === owner);
}

export function allKnown(permissions: readonly string[]): void {
  const strange = permissions.find((one) => !known(policyOf(one)));
  if (strange) throw refused("invalid", `the permission ${strange} is not known`, "permission");
}

export function fits(label: string, expires: number | null): void {
  if ([...label].length > 200) throw refused("invalid", "a label has at most 200 characters", "label");
  if (expires !== null && expires <= seconds()) {
    throw refused("invalid", "the end has to be later than now", "expires");
  }
}

export function keyCreate(world: World, args: KeyCreate): CreatedKeyView {
  const owner = userNamed(world, args.user, "user");
  allKnown(args.permissions);
  fits(args.label, args.expires);
  const key = addKey(world, owner, args.label, args.permissions, { expires: args.expires });
  note(world, "key-created", key.id, `for ${owner.id}: ${key.permissions.join(", ") || "no permission"}`);
  world.changed();
  return { id: key.id, apiKey: secretOf(world, key.id), label: key.label, permissions: key.permissions };
}

export function keyShow(world: World, args: { id: string; reveal: boolean }): KeyDetailView {
  const key = keyNamed(world, args.id);
  if (args.reveal) note(world, "key-revealed", key.id);
  const handedOver = world.asked.find((one) => one.view.grant?.key === key.id)?.view.grant?.delivered ?? null;
  const replaces = world.replaced.filter((row) => row.new === key.id).map((row) => row.old);
  return { key, usage: usageOf(key), handedOver, replaces, apiKey: args.reveal ? secretOf(world, key.id) : null };
}

/** A made-up key that was ever used has used its first permission ever since, and no other. */
export function usageOf(key: KeyView): UsageView[] {
  return key.permissions.map((permission, at) => {
    const last = at === 0 ? key.lastUsed : null;
    if (last === null) return { permission, count: 0, first: null, last: null };
    return { permission, count: Math.max(1, Math.floor((last - key.created) / 3600)), first: key.created, last };
  });
}

export function keyRevoke(world: World, args: { id: string }): KeyView {
  const key = keyNamed(world, args.id);
  world.keys = world.keys.map((one) => (one.id === key.id ? { ...one, state: "revoked" as const } : one));
  note(world, "key-revoked", key.id);
  lookAhead(world);
  world.changed();
  return keyNamed(world, args.id);
}

export function keyRevokeMany(world: World, { ids }: { ids: string[] }): RevokedView {
  if (ids.length < 1 || ids.length > 500) throw refused("invalid", "ids are 1 to 500 keys", "ids");
  const wanted = new Set(ids);
  if (wanted.size < ids.length) throw refused("invalid", "a key is named twice", "ids");
  const there = world.keys.filter((key) => wanted.has(key.id));
  const live = new Set(there.filter((key) => key.state === "live" || key.state === "damaged").map((key) => key.id));
  world.keys = world.keys.map((key) => (live.has(key.id) ? { ...key, state: "revoked" as const } : key));
  live.forEach((id) => note(world, "key-revoked", id));
  if (live.size > 0) world.changed();
  return { revoked: live.size, ended: there.length - live.size, gone: ids.length - there.length };
}

/** Gives the keys of applications by name the handles of those. */
export function linkApplications(world: World): void {
  const ids = new Map(world.applications.map((app) => [nameOfApplication(app), app.id]));
  for (const key of world.keys) {
    if (key.application !== null) key.applicationId ??= ids.get(key.application) ?? null;
  }
}

export function keyNamed(world: World, id: string): KeyView {
  const key = world.keys.find((one) => one.id === id);
  if (!key) throw refused("not-found", "there is no such key", "id");
  return key;
}
