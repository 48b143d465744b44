import { beforeEach, expect, test } from "vitest";
import type { RevokedView } from "../host/bindings/RevokedView";
import { Refused } from "../host/host";
import { AT_ONCE, Revoking } from "./revoking.svelte";

const ids = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);

let asked: string[][];
let meanwhile: (() => void) | null;
let breaksAt: number;

async function revoke(some: string[]): Promise<RevokedView> {
  asked.push(some);
  meanwhile?.();
  if (asked.length === breaksAt) throw new Refused({ code: "disk-full", message: "" });
  return { revoked: some.length - 1, ended: 1, gone: 0 };
}

beforeEach(() => {
  asked = [];
  meanwhile = null;
  breaksAt = 0;
});

test("many_keys_go_some_at_a_time_each_once_and_what_came_of_all_is_added_up", async () => {
  const job = new Revoking(ids(AT_ONCE * 2 + 5), revoke);
  expect(job.fresh).toBe(true);
  await job.run();
  expect(asked.map((some) => some.length)).toEqual([AT_ONCE, AT_ONCE, 5]);
  expect(new Set(asked.flat()).size).toBe(AT_ONCE * 2 + 5);
  expect(job.done).toEqual({ revoked: AT_ONCE * 2 + 2, ended: 3, gone: 0 });
  expect([job.left.length, job.running, job.trouble]).toEqual([0, false, null]);
});

test("stopped_it_ends_those_it_has_begun_with_and_tells_which_are_left", async () => {
  const job = new Revoking(ids(AT_ONCE * 3), revoke);
  meanwhile = () => job.stop();
  await job.run();
  expect(asked).toHaveLength(1);
  expect(job.left).toEqual(ids(AT_ONCE * 3).slice(AT_ONCE));
  meanwhile = null;
  await job.run();
  expect(job.left).toEqual([]);
});

test("a_failure_stops_it_where_it_is_and_going_on_takes_up_there", async () => {
  const job = new Revoking(ids(AT_ONCE * 3), revoke);
  breaksAt = 2;
  await job.run();
  expect(job.trouble).toBe("The disk is full. Make some room and try again.");
  expect(job.left.length).toBe(AT_ONCE * 2);
  expect(job.done.revoked).toBe(AT_ONCE - 1);
  await job.run();
  expect(asked[2]).toEqual(asked[1]);
  expect([job.left.length, job.trouble]).toEqual([0, null]);
});
