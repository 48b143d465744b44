import type { AppView } from "../host/bindings/AppView";
import type { KeyView } from "../host/bindings/KeyView";
import type { StoreView } from "../host/bindings/StoreView";
import type { UserView } from "../host/bindings/UserView";
import { Refused } from "../host/host";
import { words } from "../words";
import type { Desk } from "./desk.svelte";
import { slowly } from "./slowly";

/** At most this many of each kind of thing are found. */
const MOST = 5;
/** How long after the last letter keys are looked for, in milliseconds. */
const PAUSE = 120;

/**
 * What the command palette finds by name. Users, stores and applications are asked for once, when it opens; keys are
 * looked for by the desk, and only the newest question is answered.
 */
export class Finder {
  text = $state("");
  keys = $state.raw<readonly KeyView[]>([]);
  slow = $state(false);
  trouble = $state<string | null>(null);

  readonly #desk: Desk;
  #users = $state.raw<readonly UserView[]>([]);
  #stores = $state.raw<readonly StoreView[]>([]);
  #apps = $state.raw<readonly AppView[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get users(): readonly UserView[] {
    return this.#named(this.#users, (user) => [user.email]);
  }

  get stores(): readonly StoreView[] {
    return this.#named(this.#stores, (store) => [store.name, store.id]);
  }

  get applications(): readonly AppView[] {
    return this.#named(this.#apps, (app) => [...app.names, app.identity.by === "identifier" ? app.identity.identifier : ""]);
  }

  /** Asks for what is found without the desk. */
  async open(): Promise<void> {
    await this.#trying(async () => {
      [this.#users, this.#stores, this.#apps] = await Promise.all([
        this.#desk.call("user_list", {}), this.#desk.call("store_list", {}), this.#desk.call("app_list", {}),
      ]);
    });
  }

  /** Looks for what has this text. Keys follow a moment later. */
  find(text: string): void {
    this.text = text;
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (text.trim() === "") this.keys = [];
    else this.#timer = setTimeout(() => void this.#findKeys(this.#turn), PAUSE);
  }

  close(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
  }

  async #findKeys(turn: number): Promise<void> {
    await this.#trying(async () => {
      const { rows } = await this.#desk.call("key_page", { search: this.text.trim(), filter: null, order: null, offset: 0, limit: MOST });
      if (turn === this.#turn) this.keys = rows;
    });
  }

  async #trying(work: () => Promise<void>): Promise<void> {
    const stop = slowly((slow) => (this.slow = slow));
    try {
      await work();
      this.trouble = null;
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      stop();
    }
  }

  #named<Item>(list: readonly Item[], names: (item: Item) => readonly string[]): readonly Item[] {
    if (this.text.trim() === "") return [];
    return list.filter((item) => names(item).some((name) => hasWords(name, this.text))).slice(0, MOST);
  }
}

/** Whether a text has every word of another in it, in whatever order. */
export function hasWords(text: string, wanted: string): boolean {
  const lower = text.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}
