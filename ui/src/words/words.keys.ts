import type { KeyState } from "../host/bindings/KeyState";
import type { Preset } from "../state/presets";
import type { Appearance } from "../state/theme.svelte";
import type { Expiry, Held, Piece } from "./words";

/** How a key stands, with what the state alone does not tell. */
export type KeyStanding = KeyState | "uncollected" | "leaving" | "replaced";

/** What the live sentence about a new key is made of. */
export interface NewKeyFacts {
  email: string | null;
  held: readonly Held[];
  /** Whether stores are concerned, the names of the chosen ones, and how many the owner has. */
  stores: { concerned: boolean; chosen: readonly string[]; count: number };
  expiry: Expiry;
  /** Seconds since 1970; null for never or while no day is chosen. */
  end: number | null;
  /** Whether the owner could not use some of it. */
  useless: boolean;
}

export interface KeysWords {
  title: string;
  table: string;
  find: string;
  add: string;
  count(shown: number, all: boolean): string;
  columns: Record<"label" | "user" | "application" | "permissions" | "created" | "used" | "expires" | "state", string>;
  unlabelled: string;
  byHand: string;
  nothing: string;
  neverUsed: string;
  neverEnds: string;
  /** Before a day. */
  ends: string;
  standing: Record<KeyStanding, string>;
  standingMeaning: Record<KeyStanding, string>;
  empty: { title: string; lead: string };
  notFound: { title: string; lead(search: string): string; clear: string };
  detail: KeyDetailWords;
}

export interface KeyDetailWords {
  title: string;
  close: string;
  gone: string;
  facts: Record<"user" | "application" | "issuer" | "created" | "used" | "expires" | "id", string>;
  local: string;
  permissions: string;
  allStores: string;
  usage: {
    /** How many calls needed a permission. */
    times(count: number): string;
    /** Between the count and a time. */
    first: string;
    last: string;
  };
  reduce: {
    action: string;
    /** How many permissions were never used. */
    lead(count: number): string;
    title: string;
    goes(count: number): string;
    after: string;
    done(count: number): string;
  };
  secret: string;
  secretLead: string;
  reveal: string;
  hide: string;
  revealed: string;
  curl: string;
  /** How the key gets into the variable, and why it is not in the line. */
  curlLead: { before: string; command: string; after: string };
  revoke: string;
  revokeTitle: string;
  revokeLead(label: string, email: string): string;
  revoked: string;
}

export interface NewKeyWords {
  title: string;
  close: string;
  user: string;
  userFind: string;
  label: string;
  labelHint: string;
  presets: string;
  preset: Record<Preset, string>;
  presetMeaning: Record<Preset, string>;
  each: string;
  stores: string;
  storesAll(count: number): string;
  storesNone: string;
  sentence(facts: NewKeyFacts): Piece[];
  create: string;
  made(label: string, email: string): string;
  secret: string;
  secretOnce: string;
  done: string;
  errors: { user: string };
}

export interface PickWords {
  nothing: string;
  more(count: number): string;
}

export interface UsersWords {
  title: string;
  table: string;
  add: string;
  count(count: number): string;
  columns: Record<"email" | "role" | "keys" | "signIn" | "created" | "actions", string>;
  admin: string;
  user: string;
  disabled: string;
  keys(count: number): string;
  showKeys(email: string): string;
  password: string;
  noPassword: string;
  newKey: string;
  newKeyFor(email: string): string;
  empty: { title: string; lead: string };
  form: {
    title: string;
    email: string;
    emailHint: string;
    admin: string;
    adminHint: string;
    password: string;
    passwordHint: string;
    create: string;
    created(email: string): string;
    errors: { email: string; password: string };
  };
}

export interface StoresWords {
  title: string;
  table: string;
  add: string;
  count(count: number): string;
  columns: Record<"name" | "members" | "created" | "id", string>;
  idOf(name: string): string;
  empty: { title: string; lead: string };
  form: {
    title: string;
    name: string;
    nameHint: string;
    owner: string;
    create: string;
    created(name: string): string;
    errors: { name: string; owner: string };
  };
}

export interface SettingsWords {
  title: string;
  gate: { title: string; lead: string; open: string; closed: string };
  basic: { title: string; label: string; hint: string };
  lock: {
    title: string;
    label: string;
    hint: string;
    never: string;
    minutes(count: number): string;
    other: string;
    otherLabel: string;
    error: string;
  };
  look: { title: string; label: string; hint: string; appearances: Record<Appearance, string> };
  about: { title: string; version(version: string): string };
  saved: string;
}
