import type { Code } from "../host/bindings/Code";
import type { DeliveredView } from "../host/bindings/DeliveredView";
import type { RequestStatus } from "../host/bindings/RequestStatus";
import type { Tier } from "../host/bindings/Tier";
import type { Screen } from "../state/route.svelte";
import type { Strength } from "../state/strength";
import type { Likeness, SentenceFacts } from "./facts";
import type { ClipboardWords } from "./words.clipboard";
import type { ApplicationWords } from "./words.application";
import type { RememberedWords } from "./words.remembered";
import type { ChangesWords, ReviewWords } from "./words.changes";
import type { FormsWords } from "./words.forms";
import type { KeysWords, NewKeyWords, PickWords, SettingsWords, StoresWords, UsersWords } from "./words.keys";
import type { PaletteWords, ShortcutWords } from "./words.palette";
import type { KeyTableWords, TableWords } from "./words.table";
import type { ReceiverWords } from "./words.receiver";
import type { ApplicationsWords, LogWords, ServersWords } from "./words.register";
import type { ReplaceWords } from "./words.replace";

/** A piece of a sentence. A claim is somebody else's words and is set apart in its own direction. */
export interface Piece {
  text: string;
  strong?: boolean;
  claim?: boolean;
  /** Put in quotation marks, which stay outside the claim. */
  quoted?: boolean;
}

/** A policy and how far it reaches. */
export interface Held {
  policy: string;
  tier: Tier;
}

/** Every text the window shows. A text that is missing is a type error. */
export interface Words extends FormsWords {
  product: string;
  common: CommonWords;
  time: TimeWords;
  nav: Record<Screen, string> & { label: string };
  gate: GateWords;
  tier: Record<Tier, string>;
  tierMeaning: Record<Tier, string>;
  /** Plain words for a refusal; the desk's own message where it says more than the code. */
  refusal(code: Code, message: string): string;
  firstStart: FirstStartWords;
  unlock: UnlockWords;
  requests: RequestsWords;
  sheet: SheetWords;
  changes: ChangesWords;
  review: ReviewWords;
  remembered: RememberedWords;
  receiver: ReceiverWords;
  permissions: PermissionsWords;
  keys: KeysWords;
  keyTable: KeyTableWords;
  newKey: NewKeyWords;
  replace: ReplaceWords;
  pick: PickWords;
  clipboard: ClipboardWords;
  palette: PaletteWords;
  shortcuts: ShortcutWords;
  table: TableWords;
  users: UsersWords;
  stores: StoresWords;
  settings: SettingsWords;
  applications: ApplicationsWords;
  application: ApplicationWords;
  servers: ServersWords;
  log: LogWords;
}

export interface CommonWords {
  cancel: string;
  close: string;
  copy: string;
  copied: string;
  more(count: number): string;
  less: string;
  optional: string;
  loading: string;
  skip: string;
  trouble: string;
  retry: string;
  copyNamed(what: string): string;
}

export interface TimeWords {
  never: string;
  relative(seconds: number, now: number): string;
  exact(seconds: number): string;
  day(seconds: number): string;
  /** Minutes and seconds that are left, for a screen reader. */
  left(seconds: number): string;
}

export interface GateWords {
  open: string;
  closed: string;
  locked: string;
  lock: string;
  address: string;
  problem(why: string): string;
}

export interface FirstStartWords {
  title: string;
  lead: string;
  passphrase: string;
  passphraseHint: string;
  repeat: string;
  adminTitle: string;
  email: string;
  emailHint: string;
  password: string;
  passwordHint: string;
  finish: string;
  strength: Record<Strength, string>;
  errors: { short: string; mismatch: string; email: string; password: string };
}

export interface UnlockWords {
  title: string;
  lead: string;
  asking: string;
  passphrase: string;
  unlock: string;
  empty: string;
}

export interface RequestsWords {
  title: string;
  pending(count: number): string;
  /** Read out when a request arrives; names nobody. */
  arrived(waiting: number): string;
  history: string;
  historyEmpty: string;
  review: string;
  asked(times: number): string;
  unnamed: string;
  isNew: string;
  endsIn: string;
  empty: { title: string; lead: string; address: string };
  trial: { lead: string; open: string; opened: string; unopened: string };
  gateClosed: string;
  status: Record<RequestStatus, string>;
  neverCollected: string;
  delivered: { again: string; busy: string; done(view: DeliveredView): string };
  revoke: { action: string; title: string; lead(label: string): string; done: string };
  columns: { who: string; what: string; outcome: string; when: string };
  nothingAsked: string;
  nothingKnown: string;
  notYetCollected: string;
  showMore(count: number): string;
}

export interface SheetWords {
  title: string;
  close: string;
  sentence(facts: SentenceFacts): Piece[];
  likeness(likeness: Likeness): string;
  ownWords: string;
  facts: {
    asker: string;
    program: string;
    browser: string;
    programUnknown: string;
    script: string;
    user: string;
    started: string;
    parent: string;
    receiver: string;
    thisComputer: string;
    unencrypted: string;
    nowhere: string;
    backToProgram: string;
    identifier: string;
    unknownPolicies(count: number): string;
  };
  forWhom: string;
  user: string;
  userBefore: string;
  stores: string;
  storesHint: string;
  storesAll(count: number): string;
  storesNone: string;
  findStore: string;
  noSuchStore: string;
  chosenStores(count: number): string;
  permissions: string;
  strict: string;
  loose: string;
  unusable: string;
  added: string;
  includes(titles: string[]): string;
  includesMany(count: number): string;
  addMore: string;
  tier: string;
  existingTitle: string;
  existing(label: string): string;
  existingLead: string;
  makeNew: string;
  makeNewLead: string;
  wider(label: string, extra: string[]): string;
  label: string;
  labelHint: string;
  expiry: string;
  expiries: Record<Expiry, string>;
  expiryDate: string;
  expiryOfTrial: string;
  number: string;
  numberHint(browser: boolean): string;
  noNumber: string;
  noNumberHint: string;
  passphrase: string;
  passphraseHint(tier: Tier): string;
  approve: string;
  approveExisting: string;
  confirm: string;
  refuse: string;
  block: string;
  blockHint: string;
  errors: { number: string; expiresPast: string; expiresEmpty: string; passphrase: string; choice: string };
  ended: Record<RequestStatus, string>;
  endedTitle: string;
  wrongTwice: string;
  gone: string;
  outcome: OutcomeWords;
}

export interface OutcomeWords {
  approved: string;
  confirmed: string;
  handedOver(label: string): string;
  goesTo(where: string): string;
  collects: string;
  shown: string;
  refused: string;
  refusedLead: string;
  blocked: string;
  blockedLead: string;
  secret: string;
  secretOnce: string;
  stopOld: string;
  stopOldLead(label: string): string;
  stopped: string;
  done: string;
}

export interface PermissionsWords {
  /** What a set of permissions can do, with the strongest part set in bold. */
  summary(held: readonly Held[]): Piece[];
  none: string;
  groups: Record<PolicyGroup, string>;
  find: string;
  nothingFound: string;
}

/** The choices of when a key ends. */
export const expiries = ["never", "hour", "day", "month", "quarter", "year", "date"] as const;
export type Expiry = (typeof expiries)[number];

/** How the permission tree is divided. */
export const policyGroups = ["store", "server", "user", "other"] as const;
export type PolicyGroup = (typeof policyGroups)[number];
