import type { ChangesView } from "../host/bindings/ChangesView";
import type { YardstickView } from "../host/bindings/YardstickView";

/** A line of what changes, and whether it has to stand out. */
export interface Change {
  /** How many come or go, as `+1:`. */
  sign: string;
  text: string;
  /** Somebody else's words at the end of the text. */
  claim?: string;
  loud: boolean;
}

/** What a request changes against the last grant, what it is held against, and those that ask again together. */
export interface ChangesWords {
  title: string;
  lines(changes: ChangesView): Change[];
  holds: string;
  holdsLead(count: number): string;
  again: string;
  more(count: number): string;
  openKey: string;
  yardstick(fit: YardstickView): string;
}

export interface ReviewWords {
  title(count: number): string;
  lead: string;
  key: string;
  allStores: string;
  lastUsed: string;
  sameProgram: string;
  tick(name: string): string;
  review: string;
  handOver(count: number): string;
  noneTicked: string;
  done(count: number): string;
  failed: string;
}
