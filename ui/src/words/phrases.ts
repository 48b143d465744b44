/** What a policy does and to what, so that several to the same thing are said in one breath. */
type Phrase = readonly [object: string, ...verbs: string[]];

const STORE: Record<string, Phrase> = {
  canviewinvoices: ["invoices", "view"],
  cancreateinvoice: ["invoices", "create"],
  canmodifyinvoices: ["invoices", "view", "create", "change"],
  canviewstoresettings: ["settings", "see"],
  canmodifystoresettings: ["store settings", "change"],
  canviewpaymentrequests: ["payment requests", "view"],
  canmodifypaymentrequests: ["payment requests", "view", "create", "change"],
  canviewreports: ["reports", "see"],
  canviewpullpayments: ["pull payments", "view"],
  cancreatepullpayments: ["pull payments", "create"],
  canmanagepullpayments: ["pull payments", "view", "create", "close"],
  canarchivepullpayments: ["pull payments", "close"],
  cancreatenonapprovedpullpayments: ["pull payments that need approval", "create"],
  canviewpayouts: ["payouts", "view"],
  canmanagepayouts: ["payouts", "approve and settle"],
  canviewwallet: ["wallets", "see"],
  canmanagewallets: ["wallets", "fully control"],
  canmanagewalletsettings: ["wallets", "set up"],
  canmanagewallettransactions: ["transactions", "create", "sign", "send"],
  cancreatetransactions: ["transactions", "create"],
  cansigntransactions: ["transactions", "sign"],
  canbroadcasttransactions: ["transactions", "send"],
  cancanceltransactions: ["transactions", "cancel"],
  canuselightningnode: ["the store's Lightning node", "spend from"],
  cancreatelightninginvoice: ["Lightning invoices", "create"],
  canviewlightninginvoice: ["Lightning invoices", "view"],
  canviewofferings: ["subscription offers", "view"],
  canmodifyofferings: ["subscription offers", "change"],
  canmanagesubscribers: ["subscribers", "look after"],
  cancreditsubscribers: ["subscribers", "credit"],
  cansendstoreemails: ["e-mail as the store", "send"],
  "webhooks.canmodifywebhooks": ["webhooks", "set up"],
};

const OTHER: Record<string, Phrase> = {
  unrestricted: ["everything this user can do", "do"],
  "btcpay.impersonation.canimpersonate": ["another user's name", "act in"],
  "btcpay.server.canmodifyserversettings": ["the server's settings", "change"],
  "btcpay.server.canmanageusers": ["user accounts", "manage"],
  "btcpay.server.cancreateuser": ["user accounts", "add"],
  "btcpay.server.canviewusers": ["user accounts", "see"],
  "btcpay.server.canuseinternallightningnode": ["the server's Lightning node", "spend from"],
  "btcpay.server.cancreatelightninginvoiceinternalnode": ["invoices on the server's Lightning node", "create"],
  "btcpay.server.canviewlightninginvoiceinternalnode": ["invoices on the server's Lightning node", "view"],
  "btcpay.user.canmodifyprofile": ["the user's profile", "change"],
  "btcpay.user.canviewprofile": ["the user's profile", "see"],
  "btcpay.user.canmanagenotificationsforuser": ["notifications", "handle"],
  "btcpay.user.canviewnotificationsforuser": ["notifications", "see"],
  "btcpay.user.candeleteuser": ["the user's account", "close"],
};

const VERB_ORDER = ["view", "see", "create", "change"];

/** One thing and all that is done to it. */
export interface Doing {
  text: string;
  policies: string[];
}

/** The policies as doings, in the order in which their things first appear. */
export function doings(policies: readonly string[]): Doing[] {
  const things = new Map<string, { verbs: Set<string>; policies: string[] }>();
  for (const policy of policies) {
    const [object, ...verbs] = phraseOf(policy);
    const thing = things.get(object) ?? { verbs: new Set<string>(), policies: [] };
    for (const verb of verbs) thing.verbs.add(verb);
    thing.policies.push(policy);
    things.set(object, thing);
  }
  return [...things].map(([object, thing]) => ({
    text: `${list(inOrder([...thing.verbs]))} ${object}`.trim(),
    policies: thing.policies,
  }));
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}

function phraseOf(policy: string): Phrase {
  const store = policy.startsWith("btcpay.store.") ? STORE[policy.slice("btcpay.store.".length)] : undefined;
  return store ?? OTHER[policy] ?? [policy, "use"];
}

function inOrder(verbs: string[]): string[] {
  const place = (verb: string) => (VERB_ORDER.includes(verb) ? VERB_ORDER.indexOf(verb) : VERB_ORDER.length);
  return verbs.sort((a, b) => place(a) - place(b));
}
