import { untrack } from "svelte";
import type { Log } from "../host/bindings/Log";
import type { LogEntry } from "../host/bindings/LogEntry";
import { Refused } from "../host/host";
import { words } from "../words";
import { slowly } from "./slowly";

/** How many entries are asked for at a time while one scrolls. */
export const PAGE = 200;
/** How many pages are kept; what was seen longest ago is asked for again. */
const KEPT = 60;

/** An entry, or the place of one that could not be read. */
export type LogLine = LogEntry | { seq: number; unreadable: true };

/**
 * The log from its newest entry down. Entries are numbered without gaps, so any part can be asked for; only what is in
 * view is, one page at a time.
 */
export class LogPages {
  /** How many entries there are; null until the first answer. */
  total = $state<number | null>(null);
  /** What kept the last question from being answered. */
  trouble = $state<string | null>(null);
  /** Whether an answer takes longer than people take for at once. */
  slow = $state(false);

  readonly #ask: (args: Log) => Promise<readonly LogEntry[]>;
  /** Entries by page; page `n` ends at entry `(n + 1) * PAGE`. */
  #pages = $state.raw<ReadonlyMap<number, ReadonlyMap<number, LogEntry>>>(new Map());
  #view: readonly [number, number] = [0, 1];
  #asking = false;
  #again = false;

  constructor(ask: (args: Log) => Promise<readonly LogEntry[]>) {
    this.#ask = ask;
  }

  /** The line at an index, the newest being 0; undefined while it is not known. */
  row(index: number): LogLine | undefined {
    const seq = (this.total ?? 0) - index;
    const page = this.#pages.get(pageOf(seq));
    return page && (page.get(seq) ?? { seq, unreadable: true });
  }

  /** Says which lines are in view. The last is not part of it. */
  need(first: number, last: number): void {
    this.#view = [first, Math.max(last, first + 1)];
    untrack(() => void this.#pull());
  }

  /** Asks what is new. Entries never change, so those that are known stay. */
  reload(): void {
    this.trouble = null;
    this.#again = true;
    untrack(() => void this.#pull());
  }

  async #pull(): Promise<void> {
    if (this.#asking || this.trouble !== null) return;
    this.#asking = true;
    const stop = slowly((slow) => (this.slow = slow));
    try {
      while (this.#again) {
        this.#again = false;
        this.#grow((await this.#ask({ before: null, limit: 1 }))[0]?.seq ?? 0);
      }
      for (let page = this.#missing(); page !== null; page = this.#missing()) await this.#fetch(page);
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
      this.#asking = false;
    }
    if (this.#again) void this.#pull();
  }

  /** The page that the end was in is no longer whole. A log that became shorter is another one, as after a restore. */
  #grow(newest: number): void {
    const total = this.total ?? 0;
    if (newest !== total) {
      const pages = new Map(newest < total ? [] : this.#pages);
      pages.delete(pageOf(Math.max(total, 1)));
      this.#pages = pages;
    }
    this.total = newest;
  }

  async #fetch(page: number): Promise<void> {
    const entries = await this.#ask({ before: (page + 1) * PAGE + 1, limit: PAGE });
    const pages = new Map(this.#pages);
    pages.set(page, new Map(entries.filter((entry) => pageOf(entry.seq) === page).map((entry) => [entry.seq, entry])));
    for (const old of [...pages.keys()].slice(0, Math.max(0, pages.size - KEPT))) pages.delete(old);
    this.#pages = pages;
  }

  /** The first page in view that is not known. */
  #missing(): number | null {
    const total = this.total ?? 0;
    const [newest, oldest] = [total - this.#view[0], Math.max(1, total - this.#view[1] + 1)];
    for (let page = pageOf(newest); newest > 0 && page >= pageOf(oldest); page--) if (!this.#pages.has(page)) return page;
    return null;
  }
}

function pageOf(seq: number): number {
  return Math.floor((seq - 1) / PAGE);
}
