import { Refused } from "../host/host";
import { words } from "../words";

/** One of a few things that can be done at once, what came of the last one, and how to take it back. */
export class Deed {
  /** The one that is under way. */
  busy = $state<string | null>(null);
  /** What kept the last one from being done, beside its cause. */
  error = $state<{ at: string; text: string } | null>(null);
  /** What the last one did, in words, for as long as whoever shows it is open. */
  done = $state<string | null>(null);
  /** Takes the last one back, where that is possible. */
  undo = $state.raw<(() => Promise<void>) | null>(null);

  /** Does it. Answers whether it was done. `undo` is how to take it back. */
  async run(name: string, work: () => Promise<unknown>, said: string, undo: (() => Promise<unknown>) | null = null): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = name;
    this.error = null;
    try {
      await work();
      this.tell(said, undo);
      return true;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.error = { at: name, text: words.refusal(refused.code, refused.message) };
      return false;
    } finally {
      this.busy = null;
    }
  }

  /** Says what was done elsewhere, such as in a dialog. */
  tell(said: string, undo: (() => Promise<unknown>) | null = null): void {
    this.done = said;
    this.undo = undo && (() => this.#takeBack(undo));
  }

  async #takeBack(undo: () => Promise<unknown>): Promise<void> {
    if (await this.run("undo", undo, "")) this.done = null;
  }
}
