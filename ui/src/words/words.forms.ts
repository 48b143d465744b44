import type { Role } from "../host/bindings/Role";
import type { Piece } from "./words";

/** What a member of a store may be, the mightiest first. */
export const roles: readonly Role[] = ["Owner", "Manager", "Employee", "Guest"];

/** What a key may do in some stores; without names it holds for all of them. Null for what is in no store. */
export interface Reach {
  policies: readonly string[];
  stores: readonly string[] | null;
}

/** The sheet that changes a key. */
export interface KeyEditWords {
  action: string;
  title: string;
  close: string;
  /** The choice that leaves the end as it is. */
  expiryKept(day: string | null): string;
  stores: string;
  storesHint: string;
  storesMixed: string;
  storesNone: string;
  /** For a permission that the list does not have. */
  unknown: string;
  changes: string;
  unchanged: string;
  added(reach: Reach): Piece[];
  taken(reach: Reach): Piece[];
  relabelled: string;
  reended(day: string | null): string;
  save: string;
  saved: string;
  discard: { title: string; lead: string; keep: string; discard: string };
}

export interface KeyHistoryWords {
  title: string;
  none: string;
  more(count: number): string;
  most(count: number): string;
}

export interface KeyQrWords {
  title: string;
  label: string;
  hint: string;
  noAddress: string;
}

/** The sheet of a user. */
export interface UserSheetWords {
  title: string;
  close: string;
  facts: Record<"role" | "signIn" | "stores" | "created" | "id", string>;
  inStore(store: string, role: string): string;
  storesNone: string;
  keys: string;
  keysNone: string;
  showKeys: string;
  more(count: number): string;
  review: string;
  disable: string;
  disableMeaning(keys: number, password: boolean): string;
  enable: string;
  enableMeaning(keys: number): string;
  promote: string;
  promoteMeaning: string;
  demote: string;
  demoteMeaning: string;
  password: { set: string; change: string; meaning(has: boolean): string; title(email: string): string; label: string; save: string; error: string };
  unset: { action: string; meaning: string; title: string; lead(email: string): string };
  remove: {
    action: string;
    /** The button that does it. */
    confirm: string;
    meaning: string;
    title(email: string): string;
    /** What goes with the user. */
    keys(count: number): string;
    ends(stores: string[]): string;
    leaves(stores: string[]): string;
    final: string;
    type(email: string): string;
    error: string;
    done(email: string): string;
  };
  done: Record<"disabled" | "enabled" | "promoted" | "demoted" | "password" | "noPassword", string>;
  undo: string;
}

/** The sheet of a store. */
export interface StoreSheetWords {
  title: string;
  close: string;
  facts: Record<"created" | "id", string>;
  rename: { action: string; title: string; save: string };
  members: string;
  nobody: string;
  role: Record<Role, string>;
  roleMeaning: Record<Role, string>;
  roleOf(email: string): string;
  change: string;
  changeMeaning(email: string, role: Role): string;
  noOwner: string;
  changed(email: string, role: Role): string;
  add: { title: string; user: string; role: string; action: string; error: string; done(email: string, role: Role): string };
  remove: {
    action: string;
    /** The button that does it, while others are left. */
    confirm: string;
    of(email: string): string;
    title(email: string, store: string): string;
    lead(email: string): string;
    last: string;
    ends: string;
    done(email: string): string;
    ended(store: string): string;
  };
  undo: string;
}

/** Taking the log along. */
export interface LogExportWords {
  action: string;
  title: string;
  lead: string;
  path: string;
  pathHint: string;
  file(day: string): string;
  empty: string;
  save: string;
  writing(count: number | null): string;
  done(entries: number): string;
  copyPath: string;
}

export interface FormsWords {
  keyEdit: KeyEditWords;
  keyHistory: KeyHistoryWords;
  keyQr: KeyQrWords;
  userSheet: UserSheetWords;
  storeSheet: StoreSheetWords;
  logExport: LogExportWords;
}
