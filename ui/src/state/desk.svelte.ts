import type { Calls } from "../host/bindings/calls";
import type { RequestView } from "../host/bindings/RequestView";
import type { StatusView } from "../host/bindings/StatusView";
import { Refused, type Host } from "../host/host";
import { toasts } from "./toasts.svelte";

/** The human counts as here for at least this long; a call per key press would be too many. */
const ACTIVE_EVERY = 30_000;

/**
 * How things stand. State is pulled: at the start, on every change, and when the window gains the focus.
 *
 * A screen that shows more than this reads `revision` in an `$effect` and pulls its own part with `call`.
 */
export class Desk {
  /** How things stand; null until the first answer. */
  status = $state<StatusView | null>(null);
  /** Waiting requests, then ended ones, newest first. Empty while locked. */
  requests = $state.raw<RequestView[]>([]);
  /** Whether `requests` was asked for since unlocking. */
  loaded = $state(false);
  /** Counts changes. */
  revision = $state(0);
  /** What kept the last pull from working. */
  trouble = $state<string | null>(null);

  readonly #host: Host;
  #pulling: Promise<void> | null = null;
  #again = false;
  #lastActive = -Infinity;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Whether the human may see anything. */
  get isOpen(): boolean {
    return this.status?.state === "open";
  }

  /** Makes a call. Rejects with a `Refused`; one that says the desk is locked shows the lock. */
  async call<K extends keyof Calls>(name: K, args: Calls[K]["args"]): Promise<Calls[K]["answer"]> {
    try {
      return await this.#host.call(name, args);
    } catch (thrown) {
      const refused = Refused.from(thrown);
      if (refused.code === "locked") void this.refresh();
      throw refused;
    }
  }

  /** Listens for changes until the answer is called. */
  start(): () => void {
    const pull = () => void this.refresh();
    const stop = this.#host.onChange(pull);
    window.addEventListener("focus", pull);
    pull();
    return () => {
      stop();
      window.removeEventListener("focus", pull);
    };
  }

  /** Pulls; a change that arrives meanwhile makes it pull once more. */
  refresh(): Promise<void> {
    if (this.#pulling) {
      this.#again = true;
      return this.#pulling;
    }
    this.#pulling = this.#pull().finally(() => {
      this.#pulling = null;
    });
    return this.#pulling;
  }

  /** Tells the desk that the human is here, so that it does not lock itself. */
  active(now: number): void {
    if (!this.isOpen || now - this.#lastActive < ACTIVE_EVERY) return;
    this.#lastActive = now;
    void this.#host.call("active", {}).catch(() => undefined);
  }

  async #pull(): Promise<void> {
    do {
      this.#again = false;
      try {
        await this.#pullOnce();
        this.trouble = null;
      } catch (thrown) {
        this.trouble = Refused.from(thrown).message;
      }
    } while (this.#again);
  }

  async #pullOnce(): Promise<void> {
    const status = await this.#host.call("status", {});
    if (status.state === "open") {
      this.requests = await this.#host.call("requests", {});
      this.loaded = true;
    } else {
      this.requests = [];
      this.loaded = false;
      toasts.clear();
    }
    this.status = status;
    this.revision += 1;
  }
}
