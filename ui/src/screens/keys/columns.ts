import type { Column } from "../../parts/Table.svelte";
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
  { id: "label", title: t.label, width: "minmax(110px, 1.3fr)" },
  { id: "user", title: t.user, width: "minmax(110px, 1.55fr)" },
  { id: "application", title: t.application, width: "minmax(84px, 0.9fr)" },
  { id: "permissions", title: t.permissions, width: "minmax(140px, 1.5fr)" },
  { id: "created", title: t.created, width: "88px" },
  { id: "used", title: t.used, width: "102px" },
  { id: "expires", title: t.expires, width: "88px" },
  { id: "state", title: t.state, width: "130px" },
];

/** Where eight columns do not fit, user and end go below label and state. */
const FEW: readonly Column[] = [
  { id: "label", title: t.label, width: "minmax(110px, 1.3fr)" },
  { id: "application", title: t.application, width: "minmax(70px, 0.8fr)" },
  { id: "permissions", title: t.permissions, width: "minmax(110px, 1.4fr)" },
  { id: "used", title: t.used, width: "100px" },
  { id: "state", title: t.state, width: "130px" },
];

/** The layout for a width in pixels. */
export function columnsFor(width: number): Layout {
  const narrow = width < 960;
  return { columns: narrow ? FEW : ALL, rowHeight: narrow ? 48 : 40, narrow, chips: width < 1300 ? 1 : 2 };
}
