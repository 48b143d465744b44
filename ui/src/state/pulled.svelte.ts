import { untrack } from "svelte";
import { Refused } from "../host/host";
import { words } from "../words";
import { slowly } from "./slowly";

/** A list that is asked for as a whole. Only the newest question is answered. */
export class Pulled<Item> {
  /** Null until the first answer. */
  items = $state.raw<readonly Item[] | null>(null);
  trouble = $state<string | null>(null);
  slow = $state(false);

  readonly #ask: () => Promise<readonly Item[]>;
  #turn = 0;

  constructor(ask: () => Promise<readonly Item[]>) {
    this.#ask = ask;
  }

  /** Asks again; what was known stays until the answer. */
  reload(): void {
    untrack(() => void this.#pull());
  }

  async #pull(): Promise<void> {
    const turn = ++this.#turn;
    const stop = slowly((slow) => (this.slow = slow));
    try {
      const items = await this.#ask();
      if (turn !== this.#turn) return;
      this.items = items;
      this.trouble = null;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (turn === this.#turn) this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
    }
  }
}
