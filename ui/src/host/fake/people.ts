import type { Action } from "../bindings/Action";
import type { StoreCreate } from "../bindings/StoreCreate";
import type { StoreView } from "../bindings/StoreView";
import type { UserAdmin } from "../bindings/UserAdmin";
import type { UserCreate } from "../bindings/UserCreate";
import type { UserDisable } from "../bindings/UserDisable";
import type { UserPassword } from "../bindings/UserPassword";
import type { UserView } from "../bindings/UserView";
import { note } from "./log";
import { base58, guid, refused, seconds, userNamed, type World } from "./world";

export function addUser(world: World, email: string, admin: boolean, hasPassword: boolean, ago = 0): UserView {
  const created = seconds() - ago;
  const user = { id: guid(world), email, admin, disabled: false, hasPassword, created, keys: 0 };
  world.users.push(user);
  return user;
}

export function addStore(world: World, name: string, owner: UserView, ago = 0): StoreView {
  const members = [{ user: owner.id, email: owner.email, role: "Owner" as const }];
  const store = { id: base58(world, 44), name, members, created: seconds() - ago };
  world.stores.push(store);
  return store;
}

export function userList(world: World): UserView[] {
  const live = new Map<string, number>();
  for (const { user, state } of world.keys) if (state === "live") live.set(user, (live.get(user) ?? 0) + 1);
  return world.users.map((user) => ({ ...user, keys: live.get(user.id) ?? 0 }));
}

export function userCreate(world: World, args: UserCreate): UserView {
  if (!/^[^@\s]+@[^@\s]+$/.test(args.email)) throw refused("invalid", "this is not an e-mail address", "email");
  if (world.users.some((user) => user.email.toLowerCase() === args.email.toLowerCase())) {
    throw refused("already-exists", "there is a user with this address already", "email");
  }
  if (args.password !== null && args.password.length < 6) {
    throw refused("invalid", "a password has at least 6 characters", "password");
  }
  const user = addUser(world, args.email, args.admin, args.password !== null);
  note(world, "user-created", user.id, `${user.email}, ${user.admin ? "admin" : "user"}`);
  world.changed();
  return user;
}

export function userDisable(world: World, args: UserDisable): UserView {
  return changed(world, args.user, { disabled: args.disabled }, args.disabled ? "user-disabled" : "user-enabled");
}

export function userAdmin(world: World, args: UserAdmin): UserView {
  return changed(world, args.user, { admin: args.admin }, args.admin ? "user-promoted" : "user-demoted");
}

export function userPassword(world: World, args: UserPassword): UserView {
  if (args.password !== null && args.password.length < 6) {
    throw refused("invalid", "a password has at least 6 characters", "password");
  }
  return changed(world, args.user, { hasPassword: args.password !== null }, "password-changed");
}

/** Changes a user, unless that would leave no admin who is not disabled. */
function changed(world: World, idOrEmail: string, change: Partial<UserView>, action: Action): UserView {
  const user = userNamed(world, idOrEmail, "user");
  leavesAnAdmin(world.users.map((one) => (one === user ? { ...one, ...change } : one)));
  Object.assign(user, change);
  note(world, action, user.id, user.email);
  world.changed();
  return userList(world).find((one) => one.id === user.id) ?? user;
}

export function leavesAnAdmin(left: readonly UserView[]): void {
  if (left.some((one) => one.admin && !one.disabled)) return;
  throw refused("only-admin", "this is the only admin who is not disabled: without one nobody could manage users", "user");
}

/** A store's name without the blanks around it. */
export function fitName(text: string): string {
  const name = text.trim();
  if (name.length === 0 || [...name].length > 50) {
    throw refused("invalid", "a store's name has 1 to 50 characters", "name");
  }
  return name;
}

export function storeCreate(world: World, args: StoreCreate): StoreView {
  const store = addStore(world, fitName(args.name), userNamed(world, args.owner, "owner"));
  note(world, "store-created", store.id, `${store.name}, owned by ${store.members[0]?.user ?? ""}`);
  world.changed();
  return store;
}
