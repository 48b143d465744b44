import type { LogVerdict } from "../host/bindings/LogVerdict";
import { Refused } from "../host/host";
import { words } from "../words";
import { slowly } from "./slowly";

/** Verifying the log: one at a time, and the last result. */
export class LogCheck {
  busy = $state(false);
  /** Whether it takes longer than people take for at once. */
  slow = $state(false);
  verdict = $state.raw<LogVerdict | null>(null);
  trouble = $state<string | null>(null);

  readonly #ask: () => Promise<LogVerdict>;

  constructor(ask: () => Promise<LogVerdict>) {
    this.#ask = ask;
  }

  async run(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = this.verdict = null;
    const stop = slowly((slow) => (this.slow = slow));
    try {
      this.verdict = await this.#ask();
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
      this.busy = false;
    }
  }
}
