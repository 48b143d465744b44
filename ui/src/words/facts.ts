import type { ChangesView } from "../host/bindings/ChangesView";
import type { Parent } from "../host/bindings/Parent";
import type { Program } from "../host/bindings/Program";
import type { Receiver } from "../host/bindings/Receiver";
import type { SentBy } from "../host/bindings/SentBy";
import type { SheetView } from "../host/bindings/SheetView";
import type { Held } from "./words";

/** What a sentence about a request is made of, told apart from how it is said. */
export interface SentenceFacts {
  kind: "shop" | "program" | "more" | "again" | "danger" | "proof" | "unknown";
  /** Its own name, a claim. */
  name: string | null;
  likeness: Likeness | null;
  browser: string | null;
  program: ProgramFacts | null;
  email: string;
  held: Held[];
  /** Named store, or how many. */
  stores: { selective: boolean; count: number; only: string | null; concerned: boolean };
  unrestricted: boolean;
  admin: boolean;
  /** Where it goes: origin of the redirect; null when nowhere. */
  origin: string | null;
  unencrypted: boolean;
  /** Who receives it there, where that is this computer. */
  receiver: Receiver | null;
  /** The page that sent the browser, as that says. */
  sentBy: SentBy | null;
  isNew: boolean;
  known: Earlier | null;
  existing: { label: string; store: string | null; lastUsed: number | null; exactly: boolean } | null;
  now: number;
}

/** What was granted to the same application before. */
export interface Earlier {
  since: number;
  added: string[];
  sameProgram: boolean;
  sameAddress: boolean;
  /** Where the last key went, and who asked for it, where that is not as it was. */
  addressBefore: string | null;
  programBefore: string | null;
}

export interface ProgramFacts {
  command: string;
  pid: number;
  started: number | null;
  parent: string | null;
}

/** A letter of another script inside a name that is otherwise Latin. */
export interface Likeness {
  letter: string;
  script: string;
}

const BROWSERS: Record<string, string> = {
  firefox: "Firefox",
  "firefox-esr": "Firefox",
  "firefox-bin": "Firefox",
  chromium: "Chromium",
  "chromium-browser": "Chromium",
  chrome: "Google Chrome",
  "google-chrome": "Google Chrome",
  brave: "Brave",
  msedge: "Microsoft Edge",
  vivaldi: "Vivaldi",
  "vivaldi-bin": "Vivaldi",
  opera: "Opera",
  epiphany: "GNOME Web",
  librewolf: "LibreWolf",
  safari: "Safari",
};

const SCRIPTS = ["Cyrillic", "Greek", "Armenian", "Cherokee", "Hebrew", "Arabic", "Han", "Hangul"];

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}

/** A path with the user's own home as `~`. */
export function shortPath(path: string, user: string | null): string {
  const home = user === "root" ? "/root/" : `/home/${user ?? ""}/`;
  return user && path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
}

/** The browser's name, by its executable. */
export function browserName(program: Program | null): string | null {
  const exe = program?.exe ? baseName(program.exe).replace(/\.exe$/i, "") : null;
  return exe ? (BROWSERS[exe.toLowerCase()] ?? exe) : null;
}

/** Executable and script as a person would type them; an interpreter by its bare name. */
export function commandOf(program: Program): string | null {
  if (!program.exe) return null;
  if (!program.script) return shortPath(program.exe, program.user);
  return `${baseName(program.exe)} ${shortPath(program.script, program.user)}`;
}

/** The same in short, for the end of a sentence: names without their folders. */
export function shortCommandOf(program: Program): string | null {
  if (!program.exe) return null;
  return program.script ? `${baseName(program.exe)} ${baseName(program.script)}` : baseName(program.exe);
}

/** Whether a receiver is another user's program, or may be one. */
export function isStrange(receiver: Receiver | null): boolean {
  return receiver?.listener?.whose === "other-user" || receiver?.listener?.whose === "unknown";
}

/** The first letter that could be taken for another one, and its script. */
export function likenessOf(name: string | null): Likeness | null {
  for (const letter of name ?? "") {
    const script = SCRIPTS.find((one) => new RegExp(`\\p{Script=${one}}`, "u").test(letter));
    if (script) return { letter, script };
  }
  return null;
}

/** The policy of a permission, without the store it is narrowed to. */
export function policyOf(permission: string): string {
  return permission.split(":")[0] ?? permission;
}

function isScopable(policy: string): boolean {
  return policy.startsWith("btcpay.store.") || policy.startsWith("btcpay.plugin.store.");
}

function parentName(parent: Parent | null): string | null {
  return parent?.exe ? baseName(parent.exe) : null;
}

function programFacts(program: Program | null): ProgramFacts | null {
  const command = program ? commandOf(program) : null;
  if (!program || !command) return null;
  return { command, pid: program.pid, started: program.started, parent: parentName(program.parent) };
}

function kindOf(view: SheetView, earlier: Earlier | null): SentenceFacts["kind"] {
  const { request } = view;
  if (request.permissions.length === 0) return request.unknown.length === 0 ? "proof" : "unknown";
  if (view.tier === "administer") return "danger";
  if (view.existing) return "again";
  if (request.standing === "known" && earlier && earlier.added.length > 0) return "more";
  return request.mode === "browser" ? "shop" : "program";
}

/** Everything the sentence of this sheet says. */
export function factsOf(view: SheetView, now: number): SentenceFacts {
  const { request } = view;
  const policies = [...new Set(view.permissions.map((one) => one.policy))];
  const scopes = [...new Set(view.permissions.flatMap((one) => (one.store ? [one.store] : [])))];
  const nameOf = (id: string) => view.stores.find((store) => store.id === id)?.name ?? null;
  const known = earlierOf(view.changes);
  const { existing } = view;
  return {
    kind: kindOf(view, known),
    name: request.name,
    likeness: request.looksAlike ? likenessOf(request.name) : null,
    browser: request.mode === "browser" ? (browserName(request.program) ?? "") : null,
    program: programFacts(request.program),
    email: view.users.find((user) => user.id === view.user)?.email ?? "",
    held: [...new Map(view.permissions.map((one) => [one.policy, one])).values()],
    stores: {
      selective: request.selectiveStores || scopes.length > 0,
      count: scopes.length > 0 ? scopes.length : request.selectiveStores ? 0 : view.stores.length,
      only: scopes.length === 1 ? nameOf(scopes[0] ?? "") : null,
      concerned: policies.some(isScopable),
    },
    unrestricted: policies.includes("unrestricted"),
    admin: view.permissions.every((one) => one.usable),
    origin: request.origin,
    unencrypted: request.unencrypted,
    receiver: request.receiver,
    sentBy: request.sentBy,
    isNew: request.standing === "new",
    known,
    existing: existing && {
      label: existing.label,
      store: nameOf(existing.permissions.map((one) => one.split(":")[1]).find(Boolean) ?? ""),
      lastUsed: existing.lastUsed,
      exactly: existing.permissions.length === view.permissions.length,
    },
    now,
  };
}

function earlierOf(changes: ChangesView | null): Earlier | null {
  if (changes === null) return null;
  const { since, more, otherProgram, otherOrigin, programBefore } = changes;
  return {
    since,
    added: more.map((one) => one.policy),
    sameProgram: !otherProgram,
    sameAddress: otherOrigin === null,
    addressBefore: otherOrigin,
    programBefore: otherProgram && programBefore ? programBefore.script ?? programBefore.exe : null,
  };
}

/** Whether an origin is this computer by its own name. */
export function isLoopback(origin: string): boolean {
  return /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(origin);
}
