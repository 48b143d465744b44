import type { KeyEdit } from "../bindings/KeyEdit";
import type { KeyView } from "../bindings/KeyView";
import { allKnown, fits, keyNamed, usageOf } from "./keys";
import { note } from "./log";
import { refused, tierOf, type World } from "./world";

export function keyEdit(world: World, args: KeyEdit): KeyView {
  const key = editable(world, args.id);
  const label = args.label ?? key.label;
  const permissions = args.permissions ?? key.permissions;
  allKnown(permissions.filter((one) => !key.permissions.includes(one)));
  fits(label, typeof args.expires === "object" ? (args.expires?.at ?? null) : null);
  const expires = args.expires === null ? key.expires : args.expires === "never" ? null : args.expires.at;
  return change(world, { ...key, label, permissions: [...new Set(permissions)].sort(), expires });
}

export function keyReduce(world: World, args: { id: string }): KeyView {
  const key = editable(world, args.id);
  const permissions = usageOf(key).filter((one) => one.count > 0).map((one) => one.permission);
  if (permissions.length === 0) {
    throw refused("invalid", "this key has used none of its permissions: revoke it instead", "id");
  }
  return change(world, { ...key, permissions });
}

function editable(world: World, id: string): KeyView {
  const key = keyNamed(world, id);
  if (key.state === "damaged") throw refused("vault-damaged", "this key was changed by somebody else");
  if (key.state !== "live") throw refused("invalid", "this key has ended and stays as it is", "id");
  return key;
}

function change(world: World, key: KeyView): KeyView {
  const changed = { ...key, tier: tierOf(key.permissions) };
  world.keys = world.keys.map((one) => (one.id === key.id ? changed : one));
  note(world, "key-changed", key.id, `${key.permissions.length} permissions: ${key.permissions.join(", ")}`);
  world.changed();
  return changed;
}
