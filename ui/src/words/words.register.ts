import type { Action } from "../host/bindings/Action";
import type { Actor } from "../host/bindings/Actor";
import type { LogVerdict } from "../host/bindings/LogVerdict";
import type { Standing } from "../host/bindings/Standing";

/** What the log is narrowed down to. */
export const logKinds = ["all", "requests", "keys", "people", "applications", "desk"] as const;
export type LogKind = (typeof logKinds)[number];

export interface LogWords {
  title: string;
  table: string;
  find: string;
  kind: string;
  kinds: Record<LogKind, string>;
  count(total: number): string;
  found(count: number): string;
  columns: Record<"at" | "action" | "detail" | "actor" | "seq", string>;
  action: Record<Action, string>;
  actor: Record<Actor["kind"], string>;
  /** What a key may do, and in which stores. */
  inStores(what: string, stores: string[]): string;
  /** Where an entry of the log is missing or cannot be read. */
  unreadable: string;
  unreadableLead: string;
  verify: string;
  verifying(entries: number | null): string;
  /** What verifying found, when all is well. */
  verdict(verdict: LogVerdict): string;
  faults(count: number): string;
  faultsLead: string;
  search: { walking(seen: number, total: number): string; stopped(seen: number, total: number): string; stop: string; resume: string };
  empty: { title: string; lead: string };
  notFound: { title: string; lead: string; clear: string };
  entry: {
    title(seq: number): string;
    close: string;
    at: string;
    actor: string;
    subject: string;
    detail: string;
    /** Before the detail as the log has it. */
    written: string;
    showKey: string;
    copySubject: string;
  };
}

export interface ApplicationsWords {
  title: string;
  table: string;
  find: string;
  count(total: number): string;
  columns: Record<"name" | "goes" | "program" | "keys" | "first" | "last" | "standing", string>;
  standing: Record<Standing, string>;
  standingMeaning: Record<Standing, string>;
  unnamed: string;
  /** How many other names it used. */
  otherNames(count: number): string;
  backToProgram: string;
  noAddress: string;
  through(browser: string): string;
  programUnknown: string;
  empty: { title: string; lead: string };
  notFound: { title: string; lead(search: string): string; clear: string };
  detail: {
    title: string;
    close: string;
    facts: Record<"names" | "identifier" | "goes" | "programs" | "first" | "last", string>;
    noNames: string;
    ownWords: string;
    changed: string;
    programsUnseen: string;
    keys: string;
    keysNone: string;
    showKeys: string;
    more(count: number): string;
    requests: string;
    requestsNone: string;
  };
  review: {
    title: string;
    know: string;
    knowMeaning: string;
    unknow: string;
    unknowMeaning: string;
    block: string;
    /** With how many live keys it holds. */
    blockMeaning(keys: number): string;
    unblock: string;
    unblockMeaning: string;
    /** What the last press did. */
    done: Record<Standing, string>;
    undo: string;
  };
}

export interface ServersWords {
  title: string;
  empty: { title: string; lead: string; gate: string };
}
