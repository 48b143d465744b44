import { beforeEach, expect, test } from "vitest";
import { Refused } from "../host/host";
import { Selection } from "./selection.svelte";

const TOTAL = 1_000;
/** Rows that were not scrolled to are not there. */
const THERE = 100;

let asked: [number, number | null][];
let answer: (ids: string[]) => void;
let fail: (why: unknown) => void;
let chosen: Selection;

const name = (index: number) => `k${index}`;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => name(from + i));
const ids = () => [...chosen.ids].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));

beforeEach(() => {
  asked = [];
  chosen = new Selection(
    (index) => (index < THERE ? name(index) : undefined),
    (offset, limit) => new Promise((done, failed) => {
      asked.push([offset, limit]);
      [answer, fail] = [done, failed];
    }),
  );
});

test("a_row_is_chosen_and_left_again", () => {
  chosen.toggle(3);
  chosen.toggle(5);
  chosen.toggle(3);
  expect(ids()).toEqual(["k5"]);
});

test("a_range_reaches_from_the_row_chosen_last_and_another_end_replaces_the_one_before", async () => {
  chosen.toggle(20);
  chosen.toggle(4);
  await chosen.extend(7, 0);
  expect(ids()).toEqual([...range(4, 7), "k20"]);
  await chosen.extend(2, 0);
  expect(ids()).toEqual([...range(2, 4), "k20"]);
});

test("without_a_row_chosen_before_a_range_begins_where_it_is_said", async () => {
  await chosen.extend(8, 6);
  await chosen.extend(9, 8);
  expect(ids()).toEqual(range(6, 9));
});

test("rows_that_nobody_has_scrolled_to_are_asked_for", async () => {
  chosen.toggle(90);
  const extended = chosen.extend(120, 0);
  expect(asked).toEqual([[90, 31]]);
  answer(range(90, 120));
  await extended;
  expect(chosen.size).toBe(31);
});

test("everything_found_is_chosen_however_much_it_is", async () => {
  const all = chosen.all();
  expect(asked).toEqual([[0, null]]);
  answer(range(0, TOTAL - 1));
  await all;
  expect(chosen.size).toBe(TOTAL);
  chosen.toggle(0);
  expect(chosen.size).toBe(TOTAL - 1);
  chosen.clear();
  expect(chosen.size).toBe(0);
});

test("an_answer_that_comes_after_another_choice_is_dropped", async () => {
  const all = chosen.all();
  chosen.toggle(1);
  answer(range(0, 10));
  await all;
  expect(ids()).toEqual(["k1"]);
});

test("where_handles_cannot_be_had_the_choice_stays_and_that_is_said", async () => {
  chosen.toggle(1);
  const all = chosen.all();
  fail(new Refused({ code: "failed", message: "the file could not be read" }));
  await all;
  expect(ids()).toEqual(["k1"]);
  expect(chosen.trouble).toBe("The file could not be read");
  chosen.toggle(2);
  expect(chosen.trouble).toBeNull();
});

test("rows_in_other_places_begin_a_new_range", async () => {
  chosen.toggle(1);
  chosen.moved();
  await chosen.extend(6, 5);
  expect(ids()).toEqual(["k1", "k5", "k6"]);
});
