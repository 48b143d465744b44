import type { FirstUse } from "../host/bindings/FirstUse";
import type { HandOver } from "../host/bindings/HandOver";
import type { Outlook } from "../host/bindings/Outlook";
import type { StopOld } from "../host/bindings/StopOld";

/** What is known of the way of a key to whoever uses it. Times in seconds since 1970. */
export interface ProofFacts {
  handedOver: number | null;
  firstUsed: FirstUse | null;
  lastUsed: number | null;
  now: number;
}

/** What became of the old key of a replacement, or is to. */
export interface OldFacts {
  outlook: Outlook;
  stopped: number | null;
  expires: number | null;
  now: number;
}

export interface ReplaceWords {
  action: string;
  rotate: string;
  title(count: number): string;
  rotateTitle: string;
  close: string;
  keys: string;
  user: string;
  /** Why a key of the list is left as it is. */
  stays(why: string): string;
  nothing: string;
  stop(count: number): string;
  stops: Record<StopOld, string>;
  stopMeaning: Record<StopOld, string>;
  handOver(count: number): string;
  handOvers: Record<HandOver, string>;
  handOversOne: Record<HandOver, string>;
  handOverMeaning: Record<HandOver, string>;
  cannotAsk(count: number): string;
  confirm(count: number): string;
  rotateConfirm: string;
  receipt: ReceiptWords;
  proof(facts: ProofFacts): string;
  firstUsed: string;
  /** When, and by whom. */
  firstUse(first: FirstUse, now: number): string;
  /** What becomes of the old key. */
  oldKey(facts: OldFacts): string;
  replaced(facts: OldFacts, by: string | null): string;
  replacedLabel: string;
  replaces: string;
  onApproval: {
    title: string;
    stop(label: string): string;
    meaning: string;
    unused: string;
    used(ago: string): string;
    waits: string;
    done(count: number): string;
  };
}

export interface ReceiptWords {
  title: string;
  show: string;
  lead(stopped: number, count: number): string;
  /** Of a whole receipt, in a list of several. */
  line(day: string, stopped: number, count: number): string;
  section: string;
  old: string;
  new: string;
  secret(label: string): string;
  secretHint: string;
  notYet: string;
  unused: string;
  failed(count: number): string;
  keep: string;
  gone: string;
}
