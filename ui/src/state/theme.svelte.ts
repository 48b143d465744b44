/** How the window looks: as the system wishes, or always one way. */
export const appearances = ["system", "light", "dark"] as const;
export type Appearance = (typeof appearances)[number];

const KEY = "appearance";
const DARK = "(prefers-color-scheme: dark)";

class Theme {
  appearance = $state<Appearance>("system");

  /** Takes up what was chosen before; `?theme=` of a plain browser comes first. */
  start(): void {
    matchMedia(DARK).addEventListener("change", () => this.#show(this.appearance));
    const wanted = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem(KEY);
    this.#show(appearances.find((one) => one === wanted) ?? "system");
  }

  /** Chooses, and remembers it on this computer. */
  choose(appearance: Appearance): void {
    localStorage.setItem(KEY, appearance);
    this.#show(appearance);
  }

  #show(appearance: Appearance): void {
    this.appearance = appearance;
    const system = matchMedia(DARK).matches ? "dark" : "light";
    document.documentElement.dataset.theme = appearance === "system" ? system : appearance;
  }
}

export const theme = new Theme();
