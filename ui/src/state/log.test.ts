import { beforeEach, expect, test } from "vitest";
import type { Log } from "../host/bindings/Log";
import type { LogEntry } from "../host/bindings/LogEntry";
import { Refused } from "../host/host";
import { LogPages, PAGE } from "./log.svelte";
import { LogSearch, STRIDE } from "./logSearch.svelte";

let asked: Log[] = [];
let entries: LogEntry[] = [];
let broken = false;

beforeEach(() => {
  asked = [];
  broken = false;
});

function write(count: number): void {
  entries = Array.from({ length: count }, (_, index) => entry(index + 1));
}

function entry(seq: number): LogEntry {
  return { seq, at: seq, actor: { kind: "window" }, action: seq % 10 === 0 ? "locked" : "unlocked", subject: "vault", detail: "" };
}

async function ask(args: Log): Promise<LogEntry[]> {
  asked.push(args);
  if (broken) throw new Refused({ code: "failed", message: "the file could not be read" });
  return entries.filter((one) => one.seq < (args.before ?? Infinity)).slice(-args.limit).reverse();
}

/** Until nothing is on its way any more. */
async function settle(): Promise<void> {
  await new Promise((done) => setTimeout(done));
}

test("of_100_000_entries_only_what_is_in_view_is_asked_for", async () => {
  write(100_000);
  const pages = new LogPages(ask);
  pages.reload();
  await settle();
  pages.need(50_000, 50_020);
  await settle();
  expect(pages.total).toBe(100_000);
  expect(pages.row(0)).toMatchObject({ seq: 100_000 });
  expect(pages.row(50_005)).toMatchObject({ seq: 49_995 });
  expect(pages.row(20_000)).toBeUndefined();
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(asked.every((one) => one.limit <= PAGE)).toBe(true);
});

test("a_new_entry_comes_on_top_and_the_others_are_not_asked_for_again", async () => {
  write(1_000);
  const pages = new LogPages(ask);
  pages.reload();
  await settle();
  pages.need(300, 320);
  await settle();
  pages.need(0, 20);
  await settle();
  asked = [];
  entries.push(entry(1_001));
  pages.reload();
  await settle();
  expect(pages.row(0)).toMatchObject({ seq: 1_001 });
  expect(pages.row(1)).toMatchObject({ seq: 1_000 });
  expect(pages.row(310)).toMatchObject({ seq: 691 });
  expect(asked.filter((one) => one.limit > 1)).toHaveLength(2);
});

test("the_place_of_an_entry_that_is_missing_is_shown_as_such", async () => {
  write(50);
  entries = entries.filter((one) => one.seq !== 30);
  const pages = new LogPages(ask);
  pages.reload();
  await settle();
  expect(pages.row(20)).toEqual({ seq: 30, unreadable: true });
  expect(pages.row(21)).toMatchObject({ seq: 29, action: "unlocked" });
});

test("a_log_that_became_shorter_is_read_anew", async () => {
  write(500);
  const pages = new LogPages(ask);
  pages.reload();
  await settle();
  pages.need(300, 310);
  await settle();
  entries = entries.slice(0, 450).map((one) => ({ ...one, action: "locked" }));
  pages.reload();
  await settle();
  expect(pages.total).toBe(450);
  expect(pages.row(305)).toMatchObject({ seq: 145, action: "locked" });
});

test("an_empty_log_has_no_lines_and_asks_once", async () => {
  write(0);
  const pages = new LogPages(ask);
  pages.reload();
  await settle();
  expect(pages.total).toBe(0);
  expect(asked).toHaveLength(1);
});

test("a_failure_is_said_and_nothing_is_asked_until_it_is_tried_again", async () => {
  write(10);
  const pages = new LogPages(ask);
  broken = true;
  pages.reload();
  await settle();
  expect(pages.trouble).toBe("The file could not be read");
  pages.need(0, 10);
  await settle();
  expect(asked).toHaveLength(1);
  broken = false;
  pages.reload();
  await settle();
  expect(pages.trouble).toBeNull();
  expect(pages.row(9)).toMatchObject({ seq: 1 });
});

test("a_search_walks_to_the_oldest_entry_and_counts_what_it_looked_at", async () => {
  write(3_500);
  const hunt = new LogSearch(ask);
  hunt.start((one) => one.action === "locked");
  await settle();
  expect(hunt.done).toBe(true);
  expect(hunt.seen).toBe(3_500);
  expect(hunt.found.map((one) => one.seq).slice(0, 2)).toEqual([3_500, 3_490]);
  expect(hunt.found).toHaveLength(350);
});

test("a_stopped_search_keeps_what_it_found_and_goes_on_from_there", async () => {
  write(5_000);
  let stopAt: number | null = 2;
  const hunt = new LogSearch(async (args) => {
    if (asked.length === stopAt) hunt.stop();
    return ask(args);
  });
  hunt.start(() => true);
  await settle();
  expect([hunt.walking, hunt.done, hunt.seen]).toEqual([false, false, 2 * STRIDE]);
  stopAt = null;
  hunt.resume();
  await settle();
  expect([hunt.done, hunt.seen]).toEqual([true, 5_000]);
  expect(new Set(hunt.found.map((one) => one.seq)).size).toBe(5_000);
});

test("what_happens_after_a_search_is_found_as_well", async () => {
  write(2_500);
  const hunt = new LogSearch(ask);
  hunt.start((one) => one.action === "locked");
  await settle();
  for (let seq = 2_501; seq <= 2_510; seq++) entries.push(entry(seq));
  hunt.catchUp();
  await settle();
  expect(hunt.found[0]?.seq).toBe(2_510);
  expect(hunt.seen).toBe(2_510);
});

test("a_second_search_begins_with_the_newest_again", async () => {
  write(1_500);
  const hunt = new LogSearch(ask);
  for (const action of ["unlocked", "locked"]) {
    hunt.start((one) => one.action === action);
    await settle();
  }
  expect([hunt.seen, hunt.found[0]?.seq]).toEqual([1_500, 1_500]);
});

test("a_newer_search_ends_the_one_before", async () => {
  write(4_000);
  const hunt = new LogSearch(ask);
  hunt.start(() => true);
  hunt.start((one) => one.seq === 1);
  await settle();
  expect(hunt.found.map((one) => one.seq)).toEqual([1]);
});
