/** Approvals that are repeated without asking. */
export interface RememberedWords {
  /** On the sheet. */
  offer: string;
  offerHint: string;
  /** The tab beside the history. */
  tab: string;
  tabs: string;
  count(total: number): string;
  lead: string;
  empty: string;
  key: string;
  keyEnded: string;
  by: string;
  goes: string;
  back: string;
  until: string;
  used(times: number): string;
  lastUsed: string;
  forget: string;
  forgetNamed(name: string): string;
  forgotten: string;
  damaged: string;
  damagedLead: string;
  /** Shown when it happens. */
  repeated: string;
}
