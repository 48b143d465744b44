import type { RememberedListView } from "../host/bindings/RememberedListView";
import { Refused } from "../host/host";
import { words } from "../words";
import type { Desk } from "./desk.svelte";
import { toasts } from "./toasts.svelte";

/** What is approved again without asking, and whether it just was. */
export class Remembering {
  view = $state.raw<RememberedListView>({ rows: [], damaged: [] });
  trouble = $state<string | null>(null);
  error = $state<string | null>(null);
  /** Whether the last press has taken one back. */
  forgotten = $state(false);

  readonly #desk: Desk;
  #turn = 0;
  /** How often each was used when that was last seen; null before the first answer. */
  #uses: ReadonlyMap<string, number> | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get count(): number {
    return this.view.rows.length + this.view.damaged.length;
  }

  /** Asks anew, and shows each use since the last answer. Only the newest question is answered. */
  async pull(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const view = await this.#desk.call("remembered_list", {});
      if (turn !== this.#turn) return;
      this.view = view;
      this.trouble = null;
      this.#tell();
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (turn === this.#turn && refused.code !== "locked") this.trouble = words.refusal(refused.code, refused.message);
    }
  }

  /** From now on it is asked about again. */
  async forget(id: string): Promise<void> {
    this.error = null;
    this.forgotten = false;
    try {
      await this.#desk.call("remembered_forget", { id });
      this.forgotten = true;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.error = words.refusal(refused.code, refused.message);
    }
    await this.pull();
  }

  #tell(): void {
    const before = this.#uses;
    this.#uses = new Map(this.view.rows.map(({ id, uses }) => [id, uses]));
    if (before && this.view.rows.some(({ id, uses }) => uses > (before.get(id) ?? uses))) toasts.show(words.remembered.repeated);
  }
}
