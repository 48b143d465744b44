import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KeyPage } from "../host/bindings/KeyPage";
import type { KeyPageView } from "../host/bindings/KeyPageView";
import type { KeyView } from "../host/bindings/KeyView";
import { Refused } from "../host/host";
import { KeyPages, NEWEST, PAGE } from "./keys.svelte";

interface Question {
  args: KeyPage;
  answer: (view: KeyPageView) => void;
  fail: (why: unknown) => void;
}

let asked: Question[] = [];
let pages: KeyPages;

beforeEach(() => {
  asked = [];
  pages = new KeyPages((args) => new Promise((answer, fail) => asked.push({ args, answer, fail })));
});
afterEach(() => vi.useRealTimers());

function rows(name: string, { offset, limit }: KeyPage, total: number): KeyPageView {
  const count = Math.max(0, Math.min(limit, total - offset));
  return { total, rows: Array.from({ length: count }, (_, i) => ({ id: `${name}-${offset + i}` }) as KeyView) };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

async function answer(index: number, name: string, total: number): Promise<void> {
  const question = asked[index];
  if (!question) throw new Error(`question ${index} was not asked`);
  question.answer(rows(name, question.args, total));
  await settle();
}

test("only_pages_in_view_are_asked_for_and_each_once", async () => {
  pages.ask({ search: "" });
  await answer(0, "a", 10_000);
  pages.need(4_990, 5_010);
  await answer(1, "a", 10_000);
  await answer(2, "a", 10_000);
  pages.need(4_950, 4_980);
  pages.need(0, 40);
  await settle();
  expect(asked.map((one) => one.args.offset)).toEqual([0, 4_900, 5_000]);
  expect(pages.row(5_003)?.id).toBe("a-5003");
  expect(pages.row(7_000)).toBeUndefined();
});

test("what_was_scrolled_past_is_not_asked_for", async () => {
  pages.ask({ search: "" });
  await answer(0, "a", 100_000);
  pages.need(500, 520);
  for (let first = 1_000; first <= 90_000; first += 1_000) pages.need(first, first + 20);
  await answer(1, "a", 100_000);
  await answer(2, "a", 100_000);
  expect(asked.map((one) => one.args.offset)).toEqual([0, 500, 90_000]);
});

test("an_answer_to_an_older_search_is_dropped", async () => {
  pages.ask({ search: "a" });
  pages.ask({ search: "ab" });
  await answer(1, "new", 2);
  await answer(0, "old", 70);
  expect(pages.total).toBe(2);
  expect(pages.row(0)?.id).toBe("new-0");
});

test("a_failure_of_an_older_search_is_dropped", async () => {
  pages.ask({ search: "a" });
  pages.ask({ search: "ab" });
  asked[0]?.fail(new Refused({ code: "failed", message: "late" }));
  await answer(1, "new", 1);
  expect(pages.trouble).toBeNull();
});

test("a_search_starts_at_the_top_and_keeps_no_row_of_the_one_before", async () => {
  pages.ask({ search: "" });
  await answer(0, "all", 10_000);
  pages.need(300, 320);
  await answer(1, "all", 10_000);
  pages.ask({ search: "till" });
  expect(pages.row(310)?.id).toBe("all-310");
  expect(asked[2]?.args).toEqual({ search: "till", filter: null, order: NEWEST, offset: 0, limit: PAGE });
  await answer(2, "till", 3);
  expect(pages.answered).toBe(2);
  expect(pages.row(0)?.id).toBe("till-0");
  expect(pages.row(310)).toBeUndefined();
});

test("a_change_asks_again_for_what_is_in_view_and_shows_the_old_rows_until_then", async () => {
  pages.ask({ search: "" });
  await answer(0, "a", 10_000);
  pages.need(250, 270);
  await answer(1, "a", 10_000);
  pages.reload();
  expect(pages.row(260)?.id).toBe("a-260");
  await answer(2, "b", 10_001);
  expect(asked.map((one) => one.args.offset)).toEqual([0, 200, 200]);
  expect(pages.row(260)?.id).toBe("b-260");
  expect(pages.total).toBe(10_001);
  expect(pages.answered).toBe(1);
});

test("rows_that_moved_between_two_pages_are_asked_for_again", async () => {
  pages.ask({ search: "" });
  await answer(0, "a", 10_000);
  pages.need(90, 110);
  await answer(1, "b", 10_001);
  expect(asked[2]?.args.offset).toBe(0);
  await answer(2, "b", 10_001);
  expect(pages.row(99)?.id).toBe("b-99");
  expect(asked).toHaveLength(3);
});

test("after_a_failure_nothing_is_asked_until_it_is_tried_again", async () => {
  pages.ask({ search: "" });
  asked[0]?.fail(new Refused({ code: "failed", message: "the file could not be read" }));
  await settle();
  expect(pages.trouble).toBe("The file could not be read");
  pages.need(0, 30);
  expect(asked).toHaveLength(1);
  pages.reload();
  await answer(1, "a", 1);
  expect(pages.trouble).toBeNull();
  expect(pages.row(0)?.id).toBe("a-0");
});

test("waiting_shows_only_after_300_ms", async () => {
  vi.useFakeTimers();
  pages.ask({ search: "" });
  vi.advanceTimersByTime(299);
  expect(pages.slow).toBe(false);
  vi.advanceTimersByTime(1);
  expect(pages.slow).toBe(true);
  await answer(0, "a", 1);
  expect(pages.slow).toBe(false);
});
