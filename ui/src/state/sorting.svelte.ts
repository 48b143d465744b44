/** Which column a table is sorted by, and which way. */
export interface Order {
  column: string;
  descending: boolean;
}

/** What a row is sorted by. */
export type Weight = string | number;

/**
 * The order of a table whose rows are all at hand: <Table sort={sorting.order} onsort={(order) => (sorting.order = order)} />.
 * Without an order the rows stay as they came; so do rows that are the same in its column.
 */
export class Sorting<Item> {
  order = $state.raw<Order | null>(null);

  readonly #weights: Readonly<Record<string, (item: Item) => Weight>>;

  constructor(weights: Readonly<Record<string, (item: Item) => Weight>>) {
    this.#weights = weights;
  }

  /** The rows in their order. */
  sorted(items: readonly Item[]): readonly Item[] {
    const weigh = this.order && this.#weights[this.order.column];
    if (!this.order || !weigh) return items;
    const way = this.order.descending ? -1 : 1;
    const weighed = items.map((item) => [weigh(item), item] as const);
    return weighed.sort(([a], [b]) => way * compare(a, b)).map(([, item]) => item);
  }
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });

function compare(a: Weight, b: Weight): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
