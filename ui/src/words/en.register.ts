import type { LogVerdict } from "../host/bindings/LogVerdict";
import { list } from "./phrases";
import type { ApplicationsWords, LogWords, ServersWords } from "./words.register";

const counted = (count: number) => count.toLocaleString("en");
const entries = (count: number) => `${counted(count)} ${count === 1 ? "entry" : "entries"}`;

export const log: LogWords = {
  title: "Log",
  table: "All that happened, newest first",
  find: "Find in the log",
  kind: "Show",
  kinds: {
    all: "Everything", requests: "Requests", keys: "Keys", people: "Users and stores", applications: "Applications",
    desk: "Lock and settings",
  },
  count: entries,
  found: (count) => `${entries(count)} found`,
  columns: { at: "When", action: "What happened", detail: "Details", actor: "Who", seq: "No." },
  action: {
    "desk-created": "Fieldgate was set up",
    unlocked: "Unlocked",
    locked: "Locked",
    "passphrase-changed": "Passphrase changed",
    "user-created": "User added",
    "user-changed": "User changed",
    "password-changed": "Password changed",
    "user-promoted": "Made an admin",
    "user-demoted": "No admin any more",
    "user-disabled": "User disabled",
    "user-enabled": "User enabled",
    "user-deleted": "User deleted",
    "store-created": "Store added",
    "store-changed": "Store changed",
    "store-removed": "Store removed",
    "member-removed": "Left a store",
    "key-created": "Key made",
    "key-changed": "Key changed",
    "key-revoked": "Key revoked",
    "key-expired": "Key expired",
    "key-revealed": "Key looked at",
    "request-approved": "Request approved",
    "request-refused": "Request refused",
    "request-ended": "Request ended",
    "key-delivered": "Key handed over",
    "delivery-failed": "Key not delivered",
    "settings-changed": "Settings changed",
    "standing-changed": "Application judged",
  },
  actor: {
    window: "In this window",
    "command-line": "Command line",
    key: "With a key",
    basic: "With a password",
    asker: "The application",
    fieldgate: "Fieldgate itself",
  },
  inStores: (what, stores) => `${what} in ${list(stores)}`,
  unreadable: "This entry is missing or cannot be read",
  unreadableLead: "Somebody may have changed the log outside Fieldgate. Verify says what was done to it.",
  verify: "Verify",
  verifying: (count) => (count === null ? "Checking the log…" : `Checking ${entries(count)}…`),
  verdict: ({ entries: count, notYetSealed }: LogVerdict) =>
    `${entries(count)}, all in order${notYetSealed > 0 ? `; ${counted(notYetSealed)} not yet sealed` : ""}`,
  faults: (count) => (count === 1 ? "The log was changed outside Fieldgate" : `The log was changed outside Fieldgate in ${counted(count)} places`),
  faultsLead: "Fieldgate did not do this. Whoever can write to its file did, or the disk is failing.",
  search: {
    walking: (seen, total) => `Looked at ${counted(seen)} of ${entries(total)}…`,
    stopped: (seen, total) => `Stopped: only the newest ${counted(seen)} of ${entries(total)} were looked at.`,
    stop: "Stop",
    resume: "Go on",
  },
  empty: { title: "Nothing happened yet", lead: "Every decision and all that happens to a key is written down here." },
  notFound: { title: "Nothing found", lead: "No entry of this kind has this in it.", clear: "Show everything" },
  entry: {
    title: (seq) => `Entry ${counted(seq)}`,
    close: "Close",
    at: "When",
    actor: "Who",
    subject: "Concerns",
    detail: "Details",
    written: "As written",
    showKey: "Show the key",
    copySubject: "the handle it concerns",
  },
};

export const applications: ApplicationsWords = {
  title: "Applications",
  table: "All applications that ever asked",
  find: "Find an application",
  count: (count) => `${counted(count)} ${count === 1 ? "application" : "applications"}`,
  columns: {
    name: "Application", goes: "Its keys go to", program: "Asked by", keys: "Live keys", first: "First asked", last: "Last asked",
    standing: "Standing",
  },
  standing: { new: "New", known: "Known", blocked: "Blocked" },
  standingMeaning: {
    new: "Nobody has ticked it as known. Each request shows a number to compare.",
    known: "It was ticked as known. A small request that it made before goes more quickly.",
    blocked: "It is turned away without being shown.",
  },
  unnamed: "Without a name",
  otherNames: (count) => (count === 1 ? "and 1 other name" : `and ${counted(count)} other names`),
  backToProgram: "The program itself",
  noAddress: "It gave no address",
  through: (browser) => `through ${browser}`,
  programUnknown: "Not seen lately",
  empty: {
    title: "No application has asked yet",
    lead: "Whatever asks for a key at the gate and is answered is remembered here: as what, from where, and what it holds.",
  },
  notFound: {
    title: "Nothing found",
    lead: (search) => `No application has “${search}” in its names, identifier, address or program.`,
    clear: "Show all applications",
  },
  detail: {
    title: "Application",
    close: "Close",
    facts: {
      names: "Calls itself", identifier: "Identifier", goes: "Its keys go to", programs: "Asked by", first: "First asked",
      last: "Last asked",
    },
    noNames: "It gave no name",
    ownWords: "its own words",
    changed: "Not always the same program or browser.",
    programsUnseen: "None of its requests is listed any more.",
    keys: "Keys",
    keysNone: "It holds no key.",
    keysUnnamed: (count) => `It holds ${count === 1 ? "1 live key" : `${counted(count)} live keys`}. It gave no name to find them by: see Keys.`,
    keysShared: (name) => `Other applications call themselves “${name}” too; their keys are listed as well.`,
    showKeys: "Show in Keys",
    more: (count) => `${counted(count)} more`,
    requests: "Its requests",
    requestsNone: "None of its requests is listed any more.",
  },
};

export const servers: ServersWords = {
  title: "Servers",
  empty: {
    title: "No BTCPay Server is connected",
    lead:
      "This version of Fieldgate cannot connect one yet. The keys made here are Fieldgate's own: they work for software that talks to this gate, and no BTCPay Server knows them.",
    gate: "Software that talks to the gate uses this address",
  },
};
