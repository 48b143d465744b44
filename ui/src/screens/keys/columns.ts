import type { KeyColumn } from "../../host/bindings/KeyColumn";
import type { KeyOrder } from "../../host/bindings/KeyOrder";
import type { Column } from "../../parts/Table.svelte";
import type { Order } from "../../state/sorting.svelte";
import { words } from "../../words";

/** How the key table is laid out in a given room. */
export interface Layout {
  columns: readonly Column[];
  rowHeight: number;
  narrow: boolean;
  chips: number;
}

const t = words.keys.columns;

const ALL: readonly Column[] = [
  { id: "label", title: t.label, width: "minmax(110px, 1.3fr)", sorts: "up" },
  { id: "user", title: t.user, width: "minmax(110px, 1.55fr)", sorts: "up" },
  { id: "application", title: t.application, width: "minmax(84px, 0.9fr)", sorts: "up" },
  { id: "permissions", title: t.permissions, width: "minmax(140px, 1.5fr)" },
  { id: "created", title: t.created, width: "88px", sorts: "down" },
  { id: "used", title: t.used, width: "102px", sorts: "down" },
  { id: "expires", title: t.expires, width: "88px", sorts: "up" },
  { id: "state", title: t.state, width: "130px", sorts: "up" },
];

/** Where eight columns do not fit, user and end go below label and state. */
const FEW: readonly Column[] = [
  { id: "label", title: t.label, width: "minmax(110px, 1.3fr)", sorts: "up" },
  { id: "application", title: t.application, width: "minmax(70px, 0.8fr)", sorts: "up" },
  { id: "permissions", title: t.permissions, width: "minmax(110px, 1.4fr)" },
  { id: "used", title: t.used, width: "100px", sorts: "down" },
  { id: "state", title: t.state, width: "130px", sorts: "up" },
];

/** The layout for a width in pixels. */
export function columnsFor(width: number): Layout {
  const narrow = width < 960;
  return { columns: narrow ? FEW : ALL, rowHeight: narrow ? 48 : 40, narrow, chips: width < 1300 ? 1 : 2 };
}

const SORTED = {
  label: "label", user: "user", application: "application", created: "created", used: "last-used", expires: "expires", state: "state",
} as const satisfies Record<string, KeyColumn>;

/** The columns that the table can be sorted by, shown or not. */
export const sortable = ALL.filter((column) => column.id in SORTED);

/** An order of the table, as the desk is asked. */
export function asked({ column, descending }: Order): KeyOrder {
  return { column: column in SORTED ? SORTED[column as keyof typeof SORTED] : "created", descending };
}

/** An order of the desk, as the table shows it. */
export function shown({ column, descending }: KeyOrder): Order {
  return { column: column === "last-used" ? "used" : column, descending };
}
