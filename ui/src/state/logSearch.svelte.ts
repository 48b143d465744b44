import type { Log } from "../host/bindings/Log";
import type { LogEntry } from "../host/bindings/LogEntry";
import { Refused } from "../host/host";
import { words } from "../words";
import { slowly } from "./slowly";

/** How many entries are looked at with each call; the most that one answers. */
export const STRIDE = 1_000;

/**
 * A walk over the log, newest first, that keeps what fits. It goes on to the oldest entry unless it is stopped, says how
 * far it is, and can go on from where it stopped. A new walk ends the one before.
 */
export class LogSearch {
  /** What fits, newest first. */
  found = $state.raw<readonly LogEntry[]>([]);
  /** How many entries were looked at. */
  seen = $state(0);
  walking = $state(false);
  /** Whether it takes longer than people take for at once. */
  slow = $state(false);
  /** Whether it reached the oldest entry. */
  done = $state(false);
  trouble = $state<string | null>(null);

  readonly #ask: (args: Log) => Promise<readonly LogEntry[]>;
  #fits: (entry: LogEntry) => boolean = () => false;
  #newest: number | null = null;
  #before: number | null = null;
  #turn = 0;

  constructor(ask: (args: Log) => Promise<readonly LogEntry[]>) {
    this.#ask = ask;
  }

  /** Walks anew. */
  start(fits: (entry: LogEntry) => boolean): void {
    this.#fits = fits;
    this.#newest = this.#before = null;
    this.found = [];
    this.seen = 0;
    this.done = false;
    this.resume();
  }

  /** Ends the walk where it is; what it found stays. */
  stop(): void {
    this.#turn += 1;
    this.walking = false;
  }

  /** Goes on from where it was stopped or failed. */
  resume(): void {
    if (this.done) return;
    this.trouble = null;
    void this.#run(async (turn) => {
      while (!this.done && turn === this.#turn) await this.#step(turn);
    });
  }

  /** Looks at what was written since the walk began. */
  catchUp(): void {
    const known = this.#newest;
    if (known === null || this.walking) return;
    void this.#run(async (turn) => {
      const fresh: LogEntry[] = [];
      for (let before: number | null = null; turn === this.#turn; ) {
        const entries = await this.#ask({ before, limit: STRIDE });
        fresh.push(...entries.filter((entry) => entry.seq > known));
        before = entries.at(-1)?.seq ?? 0;
        if (before <= known + 1) break;
      }
      if (turn !== this.#turn || fresh.length === 0) return;
      this.#newest = fresh[0]?.seq ?? known;
      this.seen += fresh.length;
      this.found = [...fresh.filter(this.#fits), ...this.found];
    });
  }

  async #run(walk: (turn: number) => Promise<void>): Promise<void> {
    const turn = ++this.#turn;
    this.walking = true;
    const stop = slowly((slow) => (this.slow = slow && turn === this.#turn));
    try {
      await walk(turn);
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (turn === this.#turn) this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
      if (turn === this.#turn) this.walking = false;
    }
  }

  async #step(turn: number): Promise<void> {
    const entries = await this.#ask({ before: this.#before, limit: STRIDE });
    if (turn !== this.#turn) return;
    this.#newest ??= entries[0]?.seq ?? 0;
    this.#before = entries.at(-1)?.seq ?? 0;
    this.seen += entries.length;
    this.found = [...this.found, ...entries.filter(this.#fits)];
    this.done = entries.length < STRIDE;
  }
}
