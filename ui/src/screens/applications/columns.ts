import type { Column } from "../../parts/Table.svelte";
import { words } from "../../words";

const t = words.applications.columns;

const NAME: Column = { id: "name", title: t.name, width: "minmax(140px, 1.6fr)", sorts: "up" };
const GOES: Column = { id: "goes", title: t.goes, width: "minmax(130px, 1.6fr)", sorts: "up" };
const LAST: Column = { id: "last", title: t.last, width: "104px", sorts: "down" };
const KEYS: Column = { id: "keys", title: t.keys, width: "64px", end: true, sorts: "down" };
const STANDING: Column = { id: "standing", title: t.standing, width: "92px", sorts: "up" };

const ALL: readonly Column[] = [
  NAME, GOES, { id: "program", title: t.program, width: "minmax(120px, 1.4fr)" }, KEYS, { id: "first", title: t.first, width: "104px", sorts: "down" },
  LAST, STANDING,
];

/** The columns of the register for a width in pixels. */
export function columnsFor(width: number): readonly Column[] {
  if (width < 560) return [NAME, KEYS, LAST, STANDING];
  return width < 960 ? [NAME, GOES, KEYS, LAST, STANDING] : ALL;
}
