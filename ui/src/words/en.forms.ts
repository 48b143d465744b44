import type { Role } from "../host/bindings/Role";
import { doings, list } from "./phrases";
import type { Piece } from "./words";
import type {
  FormsWords, KeyEditWords, KeyHistoryWords, KeyQrWords, LogExportWords, Reach, StoreSheetWords, UserSheetWords,
} from "./words.forms";

const counted = (count: number) => count.toLocaleString("en");
const keys = (count: number) => (count === 1 ? "1 key" : `${counted(count)} keys`);
const ROLES: Record<Role, string> = { Owner: "Owner", Manager: "Manager", Employee: "Employee", Guest: "Guest" };

const keyEdit: KeyEditWords = {
  action: "Edit",
  title: "Edit key",
  close: "Close without saving",
  expiryKept: (day) => (day === null ? "As it is: never" : `As it is: ${day}`),
  stores: "Only in these stores",
  storesHint: "Tick none for all stores of the user, later ones too.",
  storesMixed: "Its permissions hold for different stores. A tick here makes them hold for the same ones.",
  storesNone: "This user has no store yet. The key works for stores that come later.",
  unknown: "Fieldgate does not know this permission. It can be taken away here, and not be given again.",
  changes: "What changes",
  unchanged: "Nothing changes yet.",
  added: (reach) => [{ text: "Can from now on " }, ...reached(reach)],
  taken: (reach) => [{ text: "No longer can " }, ...reached(reach)],
  relabelled: "Gets another label",
  reended: (day) => (day === null ? "Has no end any more" : `Ends on ${day}`),
  save: "Save",
  saved: "Saved. It holds from now on.",
  discard: { title: "Leave without saving?", lead: "What you changed is lost then.", keep: "Go on editing", discard: "Leave" },
};

const keyHistory: KeyHistoryWords = {
  title: "What happened to it",
  none: "The log has nothing about this key.",
  more: (count) => `Show ${counted(count)} more`,
  most: (count) => `The newest ${counted(count)} are listed. The log has them all.`,
};

const keyQr: KeyQrWords = {
  title: "To scan",
  label: "QR code with the key and the address of the gate",
  hint: "It holds the key and the address of the gate, as BTCPay Server prints it. The address is this computer's own, so no other one gets there with it.",
  noAddress: "The gate is closed, so there is no address to put into a QR code.",
};

const userSheet: UserSheetWords = {
  title: "User",
  close: "Close",
  facts: { role: "Role", signIn: "Signs in with", stores: "Stores", created: "Added", id: "Id" },
  inStore: (store, role) => `${store} · ${role}`,
  storesNone: "In no store",
  keys: "Keys",
  keysNone: "No key yet.",
  showKeys: "Show in Keys",
  more: (count) => `${counted(count)} more`,
  review: "What this user may do",
  disable: "Disable",
  disableMeaning: (count, password) => {
    const stops = count === 0 ? "There is no live key to stop" : `${keys(count)} ${count === 1 ? "stops" : "stop"} answering at once`;
    return `${stops}${password ? ", and the password opens nothing" : ""}. Nothing is lost: you can enable the user again.`;
  },
  enable: "Enable",
  enableMeaning: (count) => (count === 0 ? "The user may have keys again." : `${keys(count)} ${count === 1 ? "answers" : "answer"} again.`),
  promote: "Make an admin",
  promoteMeaning: "Permissions over the whole server work in this user's keys from then on, also in those that have them already.",
  demote: "No longer an admin",
  demoteMeaning: "Permissions over the whole server stop working in this user's keys at once.",
  password: {
    set: "Set a password",
    change: "Change password",
    meaning: (has) => `${has ? "The old one opens nothing any more. " : ""}Only for apps that sign in with e-mail and password: they can do everything this user can.`,
    title: (email) => `Password of ${email}`,
    label: "New password",
    save: "Save password",
    error: "A password has at least 6 characters.",
  },
  unset: {
    action: "Remove password",
    meaning: "Apps that sign in with e-mail and password are refused. Keys go on.",
    title: "Take the password away?",
    lead: (email) => `Apps that sign in as ${email} with a password are refused from then on. Keys go on working.`,
  },
  remove: {
    action: "Delete…",
    confirm: "Delete for good",
    meaning: "For good, with all keys. What is in the log stays.",
    title: (email) => `Delete ${email}?`,
    keys: (count) => (count === 0 ? "No live key is lost." : `${keys(count)} ${count === 1 ? "stops" : "stop"} answering at once, for good.`),
    ends: (stores) => (stores.length === 1 ? `${stores[0] ?? ""} ends: nobody else belongs to it.` : `${counted(stores.length)} stores end, for nobody else belongs to them: ${some(stores)}.`),
    leaves: (stores) => `It leaves ${some(stores)}, which ${stores.length === 1 ? "stays" : "stay"}.`,
    final: "This cannot be undone.",
    type: (email) => `Type ${email} to go on`,
    error: "This is not the e-mail address.",
    done: (email) => `${email} is deleted.`,
  },
  done: {
    disabled: "The user is disabled: keys and password are refused.",
    enabled: "The user is enabled: keys and password work.",
    promoted: "The user is an admin from now on.",
    demoted: "The user is no admin any more.",
    password: "The new password works from now on.",
    noPassword: "There is no password any more.",
  },
  undo: "Undo",
};

const storeSheet: StoreSheetWords = {
  title: "Store",
  close: "Close",
  facts: { created: "Added", id: "Id" },
  rename: { action: "Rename", title: "Rename the store", save: "Rename" },
  members: "Members",
  nobody: "Nobody belongs to this store, so no key can do anything in it. Add somebody.",
  role: ROLES,
  roleMeaning: {
    Owner: "Everything in the store, its settings and wallets too",
    Manager: "Sees the settings; handles invoices, webhooks, payment requests and payouts",
    Employee: "Handles invoices and payment requests; looks at payouts",
    Guest: "Handles invoices; looks at payment requests and payouts",
  },
  roleOf: (email) => `Role of ${email}`,
  change: "Change role",
  changeMeaning: (email, role) => `Keys of ${email} can do here what the role allows, at once: ${lowered(storeSheet.roleMeaning[role])}.`,
  noOwner: "Nobody owns the store then: no key can change its settings until you give it an owner here.",
  changed: (email, role) => `${email} is ${ROLES[role]} now.`,
  add: {
    title: "Add a member",
    user: "User",
    role: "Role",
    action: "Add",
    error: "Choose who it is.",
    done: (email, role) => `${email} belongs to the store now, as ${ROLES[role]}.`,
  },
  remove: {
    action: "Remove…",
    confirm: "Take out",
    of: (email) => `Remove ${email}`,
    title: (email, store) => `Take ${email} out of ${store}?`,
    lead: (email) => `Keys of ${email} can do nothing in this store from then on.`,
    last: "Nobody else belongs to this store, so it ends, with its name and all that is set about it. Keys for it open nothing any more. This cannot be undone.",
    ends: "End the store",
    done: (email) => `${email} does not belong to the store any more.`,
    ended: (store) => `${store} has ended.`,
  },
  undo: "Undo",
};

const logExport: LogExportWords = {
  action: "Export…",
  title: "Export the log",
  lead: "Everything in the log goes into a new file, one entry a line (JSON), with what it takes to check it elsewhere. There is no key in it.",
  path: "File",
  pathHint: "The whole path. A file that is there already is not replaced.",
  file: (day) => `fieldgate-log-${day}.jsonl`,
  empty: "Type where the file goes.",
  save: "Export",
  writing: (count) => (count === null ? "Writing…" : `Writing ${counted(count)} ${count === 1 ? "entry" : "entries"}…`),
  done: (entries) => `${counted(entries)} ${entries === 1 ? "entry is" : "entries are"} in the file. Only you can read it.`,
  copyPath: "the path of the file",
};

export const forms: FormsWords = { keyEdit, keyHistory, keyQr, userSheet, storeSheet, logExport };

function reached({ policies, stores }: Reach): Piece[] {
  const what: Piece = { text: list(doings(policies).map((doing) => doing.text)), strong: true };
  if (stores === null) return [what];
  return stores.length === 0 ? [what, { text: " in all stores" }] : [what, { text: " in " }, { text: some(stores), claim: true }];
}

/** The first few of many names, and how many more there are. */
function some(names: readonly string[]): string {
  const MOST = 8;
  return names.length <= MOST ? list(names) : `${names.slice(0, MOST).join(", ")} and ${counted(names.length - MOST)} more`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
