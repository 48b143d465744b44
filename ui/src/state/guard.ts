/** How long a decision is deaf after what the human sees has changed, in milliseconds. */
export const DEAF_FOR = 700;

/**
 * Keeps a click or key press that was meant for something else from deciding a request.
 *
 * `startle` is called when the sheet shows, the window gains the focus, or what would be granted changes. For 700 ms
 * after that nothing decides, and neither does a press that began in that time and ended later.
 */
export class Guard {
  readonly #now: () => number;
  #deafUntil = -Infinity;
  #pressedEarly = false;

  /** `now` counts milliseconds and never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Starts the 700 ms anew. */
  startle(): void {
    this.#deafUntil = this.#now() + DEAF_FOR;
  }

  /** How long it stays deaf, in milliseconds; 0 when it listens. */
  get remaining(): number {
    return Math.max(0, this.#deafUntil - this.#now());
  }

  /** A pointer or key goes down on something that decides. */
  press(): void {
    this.#pressedEarly = this.remaining > 0;
  }

  /** Whether an activation counts, however it was made. */
  allows(): boolean {
    const early = this.#pressedEarly;
    this.#pressedEarly = false;
    return this.remaining === 0 && !early;
  }
}
