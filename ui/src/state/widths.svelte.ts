/** The narrowest and the widest a column can be made, in pixels. */
export const NARROWEST = 56;
export const WIDEST = 1_000;

/** The widths that the human gave the columns of one table, kept on this computer. */
export class Widths {
  #chosen = $state.raw<Readonly<Record<string, number>>>({});
  readonly #place: string | null;

  /** `keep` names the table; without it the widths are forgotten with the table. */
  constructor(keep: string | undefined) {
    this.#place = keep === undefined ? null : `widths.${keep}`;
    this.#chosen = this.#place === null ? {} : parsed(localStorage.getItem(this.#place));
  }

  /** The width of a column in pixels; undefined where it was left to the table. */
  of(column: string): number | undefined {
    return this.#chosen[column];
  }

  choose(column: string, width: number): void {
    this.#keep({ ...this.#chosen, [column]: Math.round(Math.min(Math.max(width, NARROWEST), WIDEST)) });
  }

  /** Leaves a column to the table again. */
  forget(column: string): void {
    const { [column]: _, ...others } = this.#chosen;
    this.#keep(others);
  }

  #keep(chosen: Readonly<Record<string, number>>): void {
    this.#chosen = chosen;
    if (this.#place !== null) localStorage.setItem(this.#place, JSON.stringify(chosen));
  }
}

/** What was kept, as far as it can be a width. */
function parsed(text: string | null): Record<string, number> {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    const fits = (width: unknown): width is number => typeof width === "number" && width >= NARROWEST && width <= WIDEST;
    return Object.fromEntries(Object.entries(kept ?? {}).filter((entry): entry is [string, number] => fits(entry[1])));
  } catch {
    return {};
  }
}
