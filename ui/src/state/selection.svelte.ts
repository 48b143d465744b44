import { Refused } from "../host/host";
import { words } from "../words";

/** Where the handles of rows come from that nobody has scrolled to; null for how many means all. */
export type AskIds = (offset: number, limit: number | null) => Promise<readonly string[]>;

/**
 * The rows that were chosen of a table too long to be held. A range reaches from the row that was chosen last, on top of
 * what was chosen before it; another end of the same range replaces the one before.
 */
export class Selection {
  /** What kept the last choice from being made. */
  trouble = $state<string | null>(null);

  #ids = $state.raw<ReadonlySet<string>>(new Set());
  readonly #id: (index: number) => string | undefined;
  readonly #ask: AskIds;
  #anchor: { index: number; before: ReadonlySet<string> } | null = null;
  #turn = 0;

  /** `id` answers the handle of a row that is there. */
  constructor(id: (index: number) => string | undefined, ask: AskIds) {
    this.#id = id;
    this.#ask = ask;
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Chooses a row, or leaves it again. */
  toggle(index: number): void {
    const id = this.#id(index);
    if (id === undefined) return;
    const ids = new Set(this.#ids);
    if (!ids.delete(id)) ids.add(id);
    this.#take(ids);
    this.#anchor = { index, before: ids };
  }

  /** Chooses the rows from the one that was chosen last up to this one; from `start` where there is none. */
  async extend(to: number, start: number): Promise<void> {
    this.#anchor ??= { index: start, before: this.#ids };
    const { index: from, before } = this.#anchor;
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const there = this.#there(first, last);
    if (there) return this.#take(new Set([...before, ...there]));
    await this.#asked(first, last - first + 1, before);
  }

  /** Chooses everything that the table shows, seen or not. */
  async all(): Promise<void> {
    this.#anchor = null;
    await this.#asked(0, null, new Set());
  }

  clear(): void {
    this.keep([]);
  }

  /** Leaves all but these. */
  keep(ids: Iterable<string>): void {
    this.#anchor = null;
    this.#take(new Set(ids));
  }

  /** Says that the rows are in other places by now. */
  moved(): void {
    this.#anchor = null;
    this.#turn += 1;
  }

  /** The handles of a range, if all of its rows are there. */
  #there(first: number, last: number): string[] | null {
    const ids: string[] = [];
    for (let index = first; index <= last; index++) {
      const id = this.#id(index);
      if (id === undefined) return null;
      ids.push(id);
    }
    return ids;
  }

  async #asked(first: number, count: number | null, before: ReadonlySet<string>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const ids = await this.#ask(first, count);
      if (turn === this.#turn) this.#take(new Set([...before, ...ids]));
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (turn === this.#turn) this.trouble = words.refusal(refused.code, refused.message);
    }
  }

  #take(ids: ReadonlySet<string>): void {
    this.#turn += 1;
    this.#ids = ids;
    this.trouble = null;
  }
}
