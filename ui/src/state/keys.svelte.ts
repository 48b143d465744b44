import { untrack } from "svelte";
import type { KeyOrder } from "../host/bindings/KeyOrder";
import type { KeyPage } from "../host/bindings/KeyPage";
import type { KeyPageView } from "../host/bindings/KeyPageView";
import type { KeyView } from "../host/bindings/KeyView";
import { Refused } from "../host/host";
import { words } from "../words";
import { filterOf, WIDE, type Narrowing } from "./narrowing";
import { slowly } from "./slowly";

/** How many rows are asked for at a time. */
export const PAGE = 100;
/** The order of the table until somebody chooses another one. */
export const NEWEST: KeyOrder = { column: "created", descending: true };
/** How many pages are kept; what was seen longest ago is asked for again. */
const KEPT = 60;

/**
 * The rows of the key table that were looked at. Only pages in view are asked for, one at a time; whatever answers a
 * question that is no longer the current one is dropped.
 */
export class KeyPages {
  /** What the rows have in them; empty for all. */
  search = $state("");
  /** What they are like. */
  narrowing = $state.raw<Narrowing>(WIDE);
  order = $state.raw<KeyOrder>(NEWEST);
  /** How many rows there are; null until the first answer. */
  total = $state<number | null>(null);
  /** What kept the last question from being answered. */
  trouble = $state<string | null>(null);
  /** Whether an answer takes longer than people take for at once. */
  slow = $state(false);
  /** Counts the questions that were answered; the table then starts at its top. */
  answered = $state(0);

  readonly #call: (args: KeyPage) => Promise<KeyPageView>;
  #pages = $state.raw<ReadonlyMap<number, readonly KeyView[]>>(new Map());
  /** Pages whose rows answer the current question. The others are shown until they do. */
  readonly #fresh = new Set<number>();
  #view: readonly [number, number] = [0, 1];
  #turn = 0;
  #asking: number | null = null;
  #replaces = true;

  constructor(call: (args: KeyPage) => Promise<KeyPageView>) {
    this.#call = call;
  }

  /** The row at an index; undefined while it is not known. */
  row(index: number): KeyView | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Says which rows are in view. The last is not part of it. */
  need(first: number, last: number): void {
    this.#view = [first, Math.max(last, first + 1)];
    untrack(() => void this.#pull());
  }

  /** Asks for other rows. The old ones stay until the first answer. */
  ask(change: { search?: string; narrowing?: Narrowing; order?: KeyOrder }): void {
    this.search = change.search ?? this.search;
    this.narrowing = change.narrowing ?? this.narrowing;
    this.order = change.order ?? this.order;
    this.#view = [0, 1];
    this.#replaces = true;
    this.reload();
  }

  /** The question as it stands, without which part of its answer is wanted. */
  get question(): Pick<KeyPage, "search" | "filter" | "order"> {
    return { search: this.search, filter: filterOf(this.narrowing), order: this.order };
  }

  /** Asks again for what is in view. */
  reload(): void {
    this.#turn += 1;
    this.#fresh.clear();
    this.trouble = null;
    untrack(() => void this.#pull());
  }

  async #pull(): Promise<void> {
    const turn = this.#turn;
    if (this.#asking === turn || this.trouble !== null) return;
    this.#asking = turn;
    const stop = slowly((slow) => (this.slow = slow));
    try {
      for (let page = this.#missing(); page !== null && turn === this.#turn; page = this.#missing()) {
        const offset = page * PAGE;
        const answer = await this.#call({ ...this.question, offset, limit: PAGE });
        if (turn === this.#turn) this.#take(page, answer);
      }
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (turn === this.#turn) this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
      if (this.#asking === turn) this.#asking = null;
    }
  }

  /** The first page in view that is not known. */
  #missing(): number | null {
    const [first, last] = this.#view;
    const end = this.total === null || this.#replaces ? last : Math.min(last, Math.max(this.total, 1));
    for (let page = Math.floor(first / PAGE); page * PAGE < end; page++) if (!this.#fresh.has(page)) return page;
    return null;
  }

  #take(page: number, answer: KeyPageView): void {
    const moved = this.#fresh.size > 0 && answer.total !== this.total;
    const pages = new Map(this.#replaces ? [] : this.#pages);
    pages.delete(page);
    pages.set(page, answer.rows);
    if (this.#replaces) this.answered += 1;
    this.#replaces = false;
    if (moved) this.#fresh.clear();
    this.#fresh.add(page);
    for (const old of [...pages.keys()].slice(0, Math.max(0, pages.size - KEPT))) {
      pages.delete(old);
      this.#fresh.delete(old);
    }
    this.#pages = pages;
    this.total = answer.total;
  }
}
