import { time } from "./en.time";
import { summary } from "./en.sentence";
import type { Piece } from "./words";
import type { KeysWords, NewKeyFacts, NewKeyWords, PickWords } from "./words.keys";

const say = (text: string): Piece => ({ text });
const strong = (text: string): Piece => ({ text, strong: true });
const claim = (text: string): Piece => ({ text, strong: true, claim: true });
const counted = (count: number) => count.toLocaleString("en");

export const keys: KeysWords = {
  title: "Keys",
  table: "All keys",
  find: "Find a key",
  add: "New key",
  count: (count, all) => `${counted(count)} ${count === 1 ? "key" : "keys"}${all ? "" : " found"}`,
  columns: {
    label: "Label", user: "User", application: "Application", permissions: "Permissions", created: "Created",
    used: "Last used", expires: "Ends", state: "State",
  },
  unlabelled: "Without a label",
  byHand: "By hand",
  nothing: "None",
  neverUsed: "Never",
  neverEnds: "Never",
  ends: "ends",
  standing: {
    live: "Live", uncollected: "Never collected", leaving: "Retiring", replaced: "Replaced", revoked: "Revoked",
    expired: "Expired", damaged: "Damaged",
  },
  standingMeaning: {
    live: "It works.",
    uncollected: "It was granted, but no application has it. Deliver it again under Requests, or revoke it.",
    leaving: "It works until another key has taken its place.",
    replaced: "Another key has taken its place. It does not work any more.",
    revoked: "It was stopped by hand and does not work any more.",
    expired: "Its time is over and it does not work any more.",
    damaged: "Its record was changed outside Fieldgate, so it does not work.",
  },
  empty: {
    title: "No keys yet",
    lead: "A key appears here when you approve what an application asks for, or make one by hand with New key.",
  },
  notFound: {
    title: "Nothing found",
    lead: (search) => `No key has “${search}” in its label, user, application or permissions.`,
    clear: "Show all keys",
  },
  detail: {
    title: "Key",
    close: "Close",
    gone: "This key is not here any more.",
    facts: {
      user: "User", application: "Application", issuer: "Made by", created: "Created", used: "Last used",
      expires: "Ends", id: "Handle",
    },
    local: "This Fieldgate",
    permissions: "Permissions",
    allStores: "all stores",
    usage: {
      times: (count) => (count === 0 ? "Never used" : count === 1 ? "Used once" : `Used ${counted(count)} times`),
      first: ", first ",
      last: ", last ",
    },
    reduce: {
      action: "Reduce to what is used",
      lead: (count) => (count === 1 ? "1 permission was never used." : `${counted(count)} permissions were never used.`),
      title: "Reduce this key?",
      goes: (count) => (count === 1 ? "It loses what it has never used:" : `It loses the ${counted(count)} permissions it has never used:`),
      after: "The key itself stays the same. An application that needs one of these later has to ask again.",
      done: (count) => (count === 1 ? "1 permission is gone. It has what it uses." : `${counted(count)} permissions are gone. It has what it uses.`),
    },
    secret: "The key itself",
    secretLead: "Whoever has it can do all of the above. Each look at it is noted in the log.",
    reveal: "Show the key",
    hide: "Hide it",
    revealed: "Hidden again when you close this.",
    curl: "Try it from a terminal",
    curlLead: {
      before: "The key is not in the line, so that your shell does not keep it among what you typed. First type",
      command: "read -rs FIELDGATE_KEY",
      after: "and paste the key. While curl runs, other programs here can read what it was given.",
    },
    revoke: "Revoke",
    revokeTitle: "Revoke this key?",
    revokeLead: (label, email) => `“${label}” of ${email} stops working at once. This cannot be undone.`,
    revoked: "The key is revoked.",
  },
};

export const newKey: NewKeyWords = {
  title: "New key",
  close: "Close without making a key",
  user: "The key belongs to",
  userFind: "Find a user by e-mail",
  label: "Label",
  labelHint: "Your own name for the key.",
  presets: "What it may do",
  preset: { read: "Read only", invoices: "Create invoices", shop: "Shop plugin", full: "Full access" },
  presetMeaning: {
    read: "Looks at everything in a store",
    invoices: "Makes invoices and sees them",
    shop: "What a web shop needs",
    full: "All that this user can do",
  },
  each: "One by one",
  stores: "Only for these stores",
  storesAll: (count) => (count === 1 ? "Tick none for 1 store now, and later ones." : `Tick none for all ${count}, and later ones.`),
  storesNone: "This user has no store yet. The key works for stores that come later.",
  sentence,
  create: "Create key",
  made: (label, email) => `${label === "" ? "The key" : `“${label}”`} for ${email} is made and works from now on.`,
  secret: "The key",
  secretOnce: "Copy it now. It leaves this window when you close it.",
  done: "Done",
  errors: { user: "Choose the user whose key it is." },
};

export const pick: PickWords = {
  nothing: "Nobody has this in the e-mail address.",
  more: (count) => `${counted(count)} more: type to narrow them down`,
};

/** "This key of ana@shop.example can view invoices in 2 stores: Bakery and Till. It ends on 3 May." */
function sentence(facts: NewKeyFacts): Piece[] {
  const owner = facts.email === null ? [] : [say(" of "), { text: facts.email, claim: true }];
  return [say("This key"), ...owner, say(" can "), ...ability(facts), ...reach(facts), say("."), ...end(facts), ...limits(facts)];
}

function ability({ held }: NewKeyFacts): Piece[] {
  if (held.length === 0) return [strong("do nothing"), say(", and only proves that the account exists")];
  if (held.some((one) => one.policy === "unrestricted")) return [strong("do everything this user can do")];
  return summary(held);
}

function reach({ stores, email }: NewKeyFacts): Piece[] {
  if (!stores.concerned) return [];
  const [first, ...others] = stores.chosen;
  if (first !== undefined && others.length === 0) return [say(" in "), claim(first)];
  if (first !== undefined) return [say(" in "), strong(`${stores.chosen.length} stores`)];
  if (email === null) return [say(" in "), strong("all stores")];
  return [say(" in "), strong("all stores"), say(`, ${counted(stores.count)} now and later ones`)];
}

function end({ expiry, end: at }: NewKeyFacts): Piece[] {
  if (expiry === "never") return [say(" It has no end.")];
  return at === null ? [] : [say(" It ends on "), strong(time.day(at)), say(".")];
}

function limits({ useless, email }: NewKeyFacts): Piece[] {
  if (!useless) return [];
  return [say(" "), { text: email ?? "", claim: true }, strong(" is no admin: what concerns the server will not work.")];
}
