import type { Action } from "../../host/bindings/Action";
import type { Actor } from "../../host/bindings/Actor";
import type { LogEntry } from "../../host/bindings/LogEntry";
import type { StoreView } from "../../host/bindings/StoreView";
import type { UserView } from "../../host/bindings/UserView";
import { words } from "../../words";
import { policyOf } from "../../words/facts";
import { doings, list } from "../../words/phrases";
import type { LogKind } from "../../words/words.register";

/** Puts people's words for ids into a text: e-mail addresses for users, names for stores, doings for permissions. */
export type Namer = (text: string) => string;

const USER = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
const STORE = /\b[1-9A-HJ-NP-Za-km-z]{43,44}\b/g;

const PERMISSION = String.raw`(?:unrestricted|btcpay\.[a-z.]+)(?::\w+)?`;
const PERMISSIONS = new RegExp(`(?<=(?::|for) )${PERMISSION}(?:, ${PERMISSION})*$`);
/** The request that a delivery belongs to says nothing in a list. */
const REQUEST = /^request [0-9a-f]{32}: /;

const KINDS: Record<Action, Exclude<LogKind, "all">> = {
  "desk-created": "desk",
  unlocked: "desk",
  locked: "desk",
  "passphrase-changed": "desk",
  "settings-changed": "desk",
  "user-created": "people",
  "user-changed": "people",
  "password-changed": "people",
  "user-promoted": "people",
  "user-demoted": "people",
  "user-disabled": "people",
  "user-enabled": "people",
  "user-deleted": "people",
  "store-created": "people",
  "store-changed": "people",
  "store-removed": "people",
  "member-added": "people",
  "member-changed": "people",
  "member-removed": "people",
  "key-created": "keys",
  "key-changed": "keys",
  "key-replaced": "keys",
  "key-revoked": "keys",
  "key-expired": "keys",
  "key-revealed": "keys",
  "key-delivered": "keys",
  "delivery-failed": "keys",
  "receiver-accepted": "keys",
  "request-approved": "requests",
  "request-refused": "requests",
  "request-ended": "requests",
  "standing-changed": "applications",
  "application-noted": "applications",
  "request-repeated": "requests",
  "decision-remembered": "requests",
  "decision-forgotten": "requests",
};

export function namer(users: readonly UserView[], stores: readonly StoreView[]): Namer {
  const emails = new Map(users.map((user) => [user.id, user.email]));
  const names = new Map(stores.map((store) => [store.id, store.name]));
  return (text) => spoken(text).replace(USER, (id) => emails.get(id) ?? id).replace(STORE, (id) => names.get(id) ?? id);
}

/** A text whose permissions, which end it, are said as what they let a key do, and where. */
function spoken(text: string): string {
  return text.replace(PERMISSIONS, (written) => {
    const permissions = written.split(", ");
    const stores = [...new Set(permissions.flatMap((one) => one.split(":")[1] ?? []))];
    const what = list(doings([...new Set(permissions.map(policyOf))]).map((doing) => doing.text));
    return stores.length === 0 ? what : words.log.inStores(what, stores);
  });
}

export function isOfKind(entry: LogEntry, kind: LogKind): boolean {
  return kind === "all" || KINDS[entry.action] === kind;
}

/** Who did it, in words. */
export function actorOf(actor: Actor, named: Namer): string {
  const who = words.log.actor[actor.kind];
  if (actor.kind === "key") return `${who}: ${actor.id}`;
  return actor.kind === "basic" ? `${who}: ${named(actor.user)}` : who;
}

/** The handle of the key that an entry is about. */
export function keyOf(entry: LogEntry): string | null {
  return entry.subject.startsWith("akid_") ? entry.subject : null;
}

/** What was written down, without the request it belongs to. */
export function storyOf(entry: LogEntry, named: Namer): string {
  return named(entry.detail).replace(REQUEST, "");
}

/** What a row says beside the action: the key, and what was written down about it. Other handles mean nothing to people. */
export function detailOf(entry: LogEntry, named: Namer): string {
  return [keyOf(entry), storyOf(entry, named)].filter(Boolean).join(" ");
}

/** Whether an entry has a text in what is shown of it, or in a handle. */
export function mentions(entry: LogEntry, text: string, named: Namer): boolean {
  const shown = [words.log.action[entry.action], actorOf(entry.actor, named), named(entry.detail), entry.detail, entry.subject, named(entry.subject)];
  return shown.some((one) => one.toLowerCase().includes(text));
}
