import type { Narrowing } from "./narrowing";
import { route, type Screen } from "./route.svelte";

/** What a screen is to do as soon as it shows. */
export interface Wish {
  screen: Screen;
  /** Begin something new. */
  make?: boolean;
  /** Open the thing with this id. */
  open?: string;
  /** Look for this text. */
  search?: string;
  /** Show the keys that are like this. */
  narrow?: Partial<Narrowing>;
}

/** What other parts of the window ask of a screen. A screen takes its wish in an `$effect`, each once. */
class Wishes {
  #wish = $state.raw<Wish | null>(null);

  /** Goes to the screen and leaves the wish there. */
  ask(wish: Wish): void {
    this.#wish = wish;
    route.go(wish.screen);
  }

  take(screen: Screen): Wish | null {
    const wish = this.#wish;
    if (wish?.screen !== screen) return null;
    this.#wish = null;
    return wish;
  }
}

export const wishes = new Wishes();
