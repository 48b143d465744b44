import { Refused } from "../host/host";
import { words } from "../words";
import type { Desk } from "./desk.svelte";
import { now } from "./now.svelte";

/** A secret that is shown, and what became of copying it. */
export class Copying {
  busy = $state(false);
  error = $state<string | null>(null);
  #copied = $state.raw<{ for: number | null; until: number } | null>(null);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether the secret is on the clipboard, as far as is known here. */
  get isThere(): boolean {
    return this.#copied !== null && now.ms < this.#copied.until;
  }

  /** What to say of it once; empty when it is not there. */
  get said(): string {
    return this.isThere && this.#copied ? words.clipboard.copied(this.#copied.for) : "";
  }

  /** The same with the seconds that are left. */
  get shown(): string {
    if (!this.isThere || !this.#copied) return "";
    const { for: all, until } = this.#copied;
    return words.clipboard.copied(all === null ? null : Math.min(all, Math.ceil((until - now.ms) / 1_000)));
  }

  /** Puts it on the clipboard, from where the desk takes it back. */
  async copy(secret: string): Promise<void> {
    this.busy = true;
    this.error = null;
    try {
      const { clearsAfter } = await this.#desk.call("copy_secret", { secret });
      this.#copied = { for: clearsAfter, until: clearsAfter === null ? Infinity : Date.now() + clearsAfter * 1_000 };
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.error = words.refusal(refused.code, refused.message);
    } finally {
      this.busy = false;
    }
  }
}
