import type { Code } from "../bindings/Code";
import type { KeyView } from "../bindings/KeyView";
import type { LogEntry } from "../bindings/LogEntry";
import type { PolicyView } from "../bindings/PolicyView";
import type { RememberedView } from "../bindings/RememberedView";
import type { RequestView } from "../bindings/RequestView";
import type { SettingsView } from "../bindings/SettingsView";
import type { StoreView } from "../bindings/StoreView";
import type { Tier } from "../bindings/Tier";
import type { UserView } from "../bindings/UserView";
import type { DeskState } from "../bindings/DeskState";
import { isAbove } from "../../words/tiers";
import { Refused } from "../host";
import { catalogue } from "./catalogue";
import type { Registered } from "./register";
import type { Replaced } from "./replacing";

/** What a request shows on its waiting page in every made-up world. */
export const NUMBER = 47;
/** What opens every made-up world. */
export const PASSPHRASE = "correct horse";

/** A waiting or ended request, with what the window is not told. */
export interface Asked {
  view: RequestView;
  redirect: string | null;
  wrong: number;
  trial: boolean;
  /** Whether its program, page and receiver are others than before. */
  unfamiliar: boolean;
  /** Whether the program that asks has ended. */
  ended: boolean;
  /** How often somebody looked who listens. */
  looks: number;
}

/** Everything a made-up desk knows. */
export interface World {
  state: DeskState;
  url: string | null;
  gateProblem: string | null;
  passphrase: string;
  shownAt: number;
  settings: SettingsView;
  users: UserView[];
  stores: StoreView[];
  keys: KeyView[];
  /** What takes the place of which key, oldest first. */
  replaced: Replaced[];
  secrets: Map<string, string>;
  asked: Asked[];
  applications: Registered[];
  /** What the admin has written down, by application. */
  notes: Map<string, string>;
  /** What is approved again without asking, newest first, and what somebody else has written there. */
  remembered: RememberedView[];
  damaged: string[];
  /** Oldest first, numbered from 1. */
  log: LogEntry[];
  /** What verifying the log finds. */
  faults: string[];
  /** Where files were written. */
  files: Set<string>;
  random: () => number;
  changed: () => void;
}

const policies = new Map(catalogue.map((policy) => [policy.name, policy]));

/** Seconds since 1970. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** A generator that gives the same numbers on every start. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** `length` hex digits. */
export function hex(world: Pick<World, "random">, length: number): string {
  return Array.from({ length }, () => Math.floor(world.random() * 16).toString(16)).join("");
}

/** A store id as BTCPay Server writes it. */
export function base58(world: Pick<World, "random">, length: number): string {
  const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  return Array.from({ length }, () => digits[Math.floor(world.random() * 58)] ?? "1").join("");
}

export function guid(world: Pick<World, "random">): string {
  const digits = hex(world, 32);
  return [8, 12, 16, 20, 32].map((end, i) => digits.slice([0, 8, 12, 16, 20][i], end)).join("-");
}

/** A refusal of the desk. */
export function refused(code: Code, message: string, field?: string): Refused {
  return new Refused(field === undefined ? { code, message } : { code, message, field });
}

export function policyOf(permission: string): string {
  return permission.split(":")[0] ?? permission;
}

export function known(name: string): PolicyView | undefined {
  return policies.get(name);
}

export function isStorePolicy(policy: string): boolean {
  return policy.startsWith("btcpay.store.");
}

/** Everything a policy includes, itself excepted, by name. */
export function closure(name: string): string[] {
  const below = new Set<string>();
  const walk = (one: string) => {
    for (const child of policies.get(one)?.children ?? []) {
      if (!below.has(child)) {
        below.add(child);
        walk(child);
      }
    }
  };
  walk(name);
  return [...below].sort();
}

/** The highest tier among permissions. */
export function tierOf(permissions: readonly string[]): Tier {
  const tiers = permissions.map((one) => policies.get(policyOf(one))?.tier ?? "administer");
  return tiers.reduce<Tier>((a, b) => (isAbove(b, a) ? b : a), "see");
}

/** The user named by id or e-mail. */
export function userNamed(world: World, name: string, field: string): UserView {
  const wanted = name.toLowerCase();
  const user = world.users.find((one) => one.id === name || one.email.toLowerCase() === wanted);
  if (!user) throw refused("not-found", `there is no user ${name}`, field);
  return user;
}

export function storesOf(world: World, user: string): StoreView[] {
  return world.stores.filter((store) => store.members.some((member) => member.user === user));
}
