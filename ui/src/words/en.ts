import { clipboard } from "./en.clipboard";
import { forms } from "./en.forms";
import { keys, newKey, pick } from "./en.keys";
import { settings, stores, users } from "./en.people";
import { palette, shortcuts } from "./en.palette";
import { application } from "./en.application";
import { changes, review } from "./en.changes";
import { applications, log, servers } from "./en.register";
import { replace } from "./en.replace";
import { remembered } from "./en.remembered";
import { receiver } from "./en.receiver";
import { sheet } from "./en.sheet";
import { summary } from "./en.sentence";
import { keyTable, table } from "./en.table";
import { time } from "./en.time";
import type { Words } from "./words";

/** English. */
export const en: Words = {
  product: "Fieldgate",
  common: {
    cancel: "Cancel",
    close: "Close",
    copy: "Copy",
    copied: "Copied",
    more: (count) => `+${count}`,
    less: "Show fewer",
    optional: "optional",
    loading: "Loading…",
    skip: "Skip to content",
    trouble: "Fieldgate does not answer",
    retry: "Try again",
    copyNamed: (what) => `Copy ${what}`,
  },
  time,
  nav: {
    label: "Main",
    requests: "Requests",
    keys: "Keys",
    applications: "Applications",
    users: "Users",
    stores: "Stores",
    servers: "Servers",
    log: "Log",
    settings: "Settings",
  },
  gate: {
    open: "Gate open",
    closed: "Gate closed",
    locked: "Locked",
    lock: "Lock",
    address: "the gate's address",
    problem: (why) => `Gate closed: ${why}`,
  },
  tier: { see: "See", sell: "Sell", change: "Change", "move-money": "Move money", administer: "Administer" },
  tierMeaning: {
    see: "It can look, and change nothing.",
    sell: "It can ask customers for money that comes in.",
    change: "It can change things, and moves no money.",
    "move-money": "It can let money go out, or decide where it comes in.",
    administer: "It can rule the whole server and its accounts.",
  },
  refusal: (code, message) => {
    switch (code) {
      case "wrong-passphrase":
        return "This is not the passphrase.";
      case "passphrase-needed":
        return "This needs your passphrase.";
      case "locked":
        return "Fieldgate is locked.";
      case "not-pending":
        return "The request is not waiting any more.";
      case "choice-needed":
        return "Choose: hand over the key it has, or make a new one.";
      case "store-needed":
        return "Choose at least one store.";
      case "disk-full":
        return "The disk is full. Make some room and try again.";
      case "vault-damaged":
        return "Fieldgate's file was changed by somebody else, or is damaged.";
      case "newer-file":
        return "Fieldgate's file was written by a newer Fieldgate. Install that one.";
      case "receiver-changed":
        return `The receiver has changed: ${message}.`;
      case "nobody-listens":
      case "invalid":
      case "not-found":
      case "already-exists":
      case "only-admin":
      case "wrong-number":
      case "too-many":
      case "nobody-listens":
      case "receiver-changed":
      case "not-running":
      case "already-running":
      case "port-taken":
      case "not-initialised":
      case "already-initialised":
      case "version-mismatch":
      case "failed":
        return capital(message);
    }
  },
  firstStart: {
    title: "Set up Fieldgate",
    lead: "Fieldgate keeps API keys on this computer and hands them out only when you agree.",
    passphrase: "Passphrase",
    passphraseHint: "Opens this desk; nobody can reset it. At least 8 characters.",
    repeat: "Passphrase again",
    adminTitle: "First admin",
    email: "E-mail",
    emailHint: "Keys belong to a user. This is the first one; nothing is sent there.",
    password: "Password",
    passwordHint: "Only for apps that sign in with e-mail and password; empty turns that off.",
    finish: "Finish",
    strength: { none: "", weak: "Weak: quickly guessed", fair: "Fair", good: "Good", strong: "Strong" },
    errors: {
      short: "A passphrase has at least 8 characters.",
      mismatch: "The two are not the same.",
      email: "Type an e-mail address.",
      password: "A password has at least 6 characters, or is left empty.",
    },
  },
  unlock: {
    title: "Fieldgate is locked",
    lead: "Keys that were handed out keep working.",
    asking: "An app is asking. Unlock to see it.",
    passphrase: "Passphrase",
    unlock: "Unlock",
    empty: "Type your passphrase.",
  },
  requests: {
    title: "Requests",
    pending: (count) => (count === 1 ? "1 waits for you" : `${count} wait for you`),
    arrived: (waiting) => `An application asks for a key. ${waiting === 1 ? "It waits for you." : `${waiting} wait for you.`}`,
    history: "Earlier",
    historyEmpty: "What you decide is listed here.",
    review: "Review",
    asked: (times) => `asked ${times} times`,
    unnamed: "Without a name",
    isNew: "First time here",
    endsIn: "ends in",
    empty: {
      title: "Nobody is asking",
      lead: "When an application asks for a key, it appears here and this window comes to the front.",
      address: "Give applications this address as their BTCPay Server",
    },
    trial: {
      lead: "See how it goes: your browser asks for a key that can only look and ends after 10 minutes.",
      open: "Try it",
      opened: "Your browser asks now. If no page has opened, go to this address yourself:",
      unopened: "No browser could be opened from here. Go to this address yourself:",
    },
    gateClosed: "The gate is closed, so no application can ask.",
    status: {
      pending: "Waiting",
      approved: "Approved",
      delivered: "Handed over",
      undelivered: "Not delivered",
      refused: "Refused",
      expired: "Not answered",
      withdrawn: "Withdrawn",
      superseded: "Asked again",
      closed: "Ended",
    },
    neverCollected: "Never collected",
    delivered: {
      again: "Deliver again",
      busy: "Delivering…",
      done: (view) =>
        view.status === "delivered" ? "The key was delivered." : "The application can collect its key for 5 minutes.",
    },
    revoke: {
      action: "Revoke",
      title: "Revoke this key?",
      lead: (label) => `“${label}” stops working at once. This cannot be undone.`,
      done: "The key is revoked.",
    },
    columns: { who: "Who", what: "What", outcome: "Outcome", when: "When" },
    nothingAsked: "Proof of an account",
    nothingKnown: "Nothing that Fieldgate knows",
    notYetCollected: "Not collected yet",
    showMore: (count) => `Show ${count} more`,
  },
  sheet,
    changes, receiver, remembered, review,
  permissions: {
    summary,
    none: "No permissions: the key can do nothing.",
    groups: { store: "Stores", server: "Server", user: "Account", other: "Everything" },
    find: "Find a permission",
    nothingFound: "No permission has this in its name.",
  },
  ...forms,
  keys,
  keyTable,
  newKey,
  replace,
  pick,
  clipboard,
  palette,
  shortcuts,
  table,
  users,
  stores,
  settings,
  applications,
  application,
  servers,
  log,
};

function capital(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
