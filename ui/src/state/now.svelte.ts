/** The wall clock for what is shown, in milliseconds, a new value each second. Nothing is decided by it. */
class Now {
  ms = $state(Date.now());

  get seconds(): number {
    return Math.floor(this.ms / 1000);
  }

  /** Ticks until the answer is called. */
  start(): () => void {
    const timer = setInterval(() => (this.ms = Date.now()), 1_000);
    return () => clearInterval(timer);
  }
}

export const now = new Now();
