import type { RevokedView } from "../host/bindings/RevokedView";
import { Refused } from "../host/host";
import { words } from "../words";

/** How many keys are revoked at a time: all of them or none. */
export const AT_ONCE = 100;

/**
 * Revokes many keys, some at a time. It can be stopped in between; what was done until then stays done, and is told.
 */
export class Revoking {
  /** What has become of those that were dealt with. */
  done = $state.raw<RevokedView>({ revoked: 0, ended: 0, gone: 0 });
  running = $state(false);
  /** What kept the last of them from being revoked: none of those were. */
  trouble = $state<string | null>(null);

  /** How many there are. */
  readonly total: number;
  #left = $state.raw<readonly string[]>([]);
  #stopped = false;
  readonly #revoke: (ids: string[]) => Promise<RevokedView>;

  constructor(ids: Iterable<string>, revoke: (ids: string[]) => Promise<RevokedView>) {
    this.#left = [...ids];
    this.total = this.#left.length;
    this.#revoke = revoke;
  }

  /** Those that were not dealt with yet. */
  get left(): readonly string[] {
    return this.#left;
  }

  /** Whether nothing was done yet. */
  get fresh(): boolean {
    return !this.running && this.#left.length === this.total && this.trouble === null;
  }

  /** Begins, or goes on after a stop or a failure. */
  async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.#stopped = false;
    this.trouble = null;
    try {
      while (this.#left.length > 0 && !this.#stopped) {
        const now = this.#left.slice(0, AT_ONCE);
        this.done = sum(this.done, await this.#revoke(now));
        this.#left = this.#left.slice(now.length);
      }
    } catch (thrown) {
      const refused = Refused.from(thrown);
      this.trouble = words.refusal(refused.code, refused.message);
    } finally {
      this.running = false;
    }
  }

  /** Begins no more of them. */
  stop(): void {
    this.#stopped = true;
  }
}

function sum(a: RevokedView, b: RevokedView): RevokedView {
  return { revoked: a.revoked + b.revoked, ended: a.ended + b.ended, gone: a.gone + b.gone };
}
