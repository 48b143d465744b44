import type { StoreLeftView } from "../bindings/StoreLeftView";
import type { StoreMemberRemove } from "../bindings/StoreMemberRemove";
import type { StoreMemberSet } from "../bindings/StoreMemberSet";
import type { StoreRename } from "../bindings/StoreRename";
import type { StoreView } from "../bindings/StoreView";
import type { UserDelete } from "../bindings/UserDelete";
import { note } from "./log";
import { fitName, leavesAnAdmin } from "./people";
import { refused, storesOf, userNamed, type World } from "./world";

export function userDelete(world: World, args: UserDelete): void {
  const user = userNamed(world, args.user, "user");
  const left = world.users.filter((one) => one !== user);
  leavesAnAdmin(left);
  for (const key of world.keys) if (key.user === user.id && key.state === "live") note(world, "key-revoked", key.id);
  for (const store of storesOf(world, user.id)) leave(world, store, user.id);
  world.keys = world.keys.filter((key) => key.user !== user.id);
  world.users = left;
  note(world, "user-deleted", user.id, user.email);
  world.changed();
}

export function storeRename(world: World, args: StoreRename): StoreView {
  const name = fitName(args.name);
  const store = storeNamed(world, args.store);
  if (name !== store.name) note(world, "store-changed", store.id, name);
  return put(world, { ...store, name });
}

export function storeMemberSet(world: World, args: StoreMemberSet): StoreView {
  const store = storeNamed(world, args.store);
  const user = userNamed(world, args.user, "user");
  const before = store.members.find((one) => one.user === user.id);
  const member = { user: user.id, email: user.email, role: args.role };
  const members = before ? store.members.map((one) => (one === before ? member : one)) : [...store.members, member];
  if (!before) note(world, "member-added", store.id, `user ${user.id} as ${args.role}`);
  else if (before.role !== args.role) {
    note(world, "member-changed", store.id, `user ${user.id} as ${args.role}, ${before.role} before`);
  }
  return put(world, { ...store, members });
}

export function storeMemberRemove(world: World, args: StoreMemberRemove): StoreLeftView {
  const store = storeNamed(world, args.store);
  const user = userNamed(world, args.user, "user");
  if (!store.members.some((one) => one.user === user.id)) {
    throw refused("not-found", "this user does not belong to the store", "user");
  }
  leave(world, store, user.id);
  world.changed();
  return { store: world.stores.find((one) => one.id === store.id) ?? null };
}

/** Takes a member out; the store ends with its last one. */
function leave(world: World, store: StoreView, user: string): void {
  const members = store.members.filter((one) => one.user !== user);
  note(world, "member-removed", store.id, `user ${user}`);
  if (members.length > 0) {
    world.stores = world.stores.map((one) => (one.id === store.id ? { ...one, members } : one));
    return;
  }
  world.stores = world.stores.filter((one) => one.id !== store.id);
  note(world, "store-removed", store.id, "its last member left");
}

function put(world: World, store: StoreView): StoreView {
  world.stores = world.stores.map((one) => (one.id === store.id ? store : one));
  world.changed();
  return store;
}

function storeNamed(world: World, id: string): StoreView {
  const store = world.stores.find((one) => one.id === id);
  if (!store) throw refused("not-found", "there is no such store", "store");
  return store;
}
