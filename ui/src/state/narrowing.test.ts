import { expect, test } from "vitest";
import { filterOf, parts, WIDE } from "./narrowing";
import { Sorting } from "./sorting.svelte";

test("nothing_that_matters_is_no_filter", () => {
  expect(filterOf(WIDE)).toBeNull();
  expect(parts({ ...WIDE, standing: "live", user: "u" })).toEqual(["user", "standing"]);
});

test("a_key_that_nobody_has_collected_is_live_and_never_used_is_no_number_of_days", () => {
  expect(filterOf({ ...WIDE, standing: "uncollected" })).toMatchObject({ state: "live", neverCollected: true });
  expect(filterOf({ ...WIDE, standing: "revoked" })).toMatchObject({ state: "revoked", neverCollected: false });
  expect(filterOf({ ...WIDE, unused: 30 })).toMatchObject({ unusedFor: 30, neverUsed: false });
  expect(filterOf({ ...WIDE, unused: "never" })).toMatchObject({ unusedFor: null, neverUsed: true });
});

test("rows_at_hand_are_sorted_both_ways_and_those_that_are_the_same_stay_as_they_came", () => {
  const sorting = new Sorting<{ name: string; keys: number }>({ name: (one) => one.name, keys: (one) => one.keys });
  const rows = [{ name: "b 10", keys: 1 }, { name: "B 9", keys: 2 }, { name: "a", keys: 1 }];
  const names = () => sorting.sorted(rows).map((one) => one.name);
  expect(names()).toEqual(["b 10", "B 9", "a"]);
  sorting.order = { column: "name", descending: false };
  expect(names()).toEqual(["a", "B 9", "b 10"]);
  sorting.order = { column: "keys", descending: true };
  expect(names()).toEqual(["B 9", "b 10", "a"]);
  sorting.order = { column: "other", descending: true };
  expect(names()).toEqual(["b 10", "B 9", "a"]);
});
