import { afterEach, expect, test, vi } from "vitest";
import { fakeHost } from "../host/fake";
import { Copying } from "./copying.svelte";
import { Desk } from "./desk.svelte";
import { now } from "./now.svelte";

const SECRET = "0123456789abcdef0123456789abcdef01234567";

function copying(scene: string, clearClipboard: number | null = 20) {
  const host = fakeHost(scene, 0);
  host.world.settings.clearClipboard = clearClipboard;
  return new Copying(new Desk(host));
}

function pass(seconds: number): void {
  now.ms += seconds * 1_000;
}

afterEach(() => {
  now.ms = Date.now();
  vi.restoreAllMocks();
});

test("a_copied_secret_is_said_once_and_counts_down_until_it_has_left_the_clipboard", async () => {
  const one = copying("typical");
  vi.spyOn(Date, "now").mockReturnValue(now.ms);
  expect([one.isThere, one.said, one.shown]).toEqual([false, "", ""]);
  await one.copy(SECRET);
  expect([one.isThere, one.shown]).toEqual([true, "Copied. It leaves the clipboard in 20 s."]);
  const said = one.said;
  pass(17);
  expect([one.said, one.shown]).toEqual([said, "Copied. It leaves the clipboard in 3 s."]);
  pass(3);
  expect([one.isThere, one.said, one.shown]).toEqual([false, "", ""]);
});

test("a_secret_that_nothing_clears_by_time_says_when_it_goes", async () => {
  const one = copying("typical", null);
  await one.copy(SECRET);
  pass(1_000_000);
  expect(one.said).toBe("Copied. It leaves the clipboard when Fieldgate locks.");
});

test("a_secret_that_could_not_be_copied_says_why", async () => {
  const one = copying("broken");
  await one.copy(SECRET);
  expect([one.isThere, one.busy, one.error]).toEqual([false, false, "The file could not be read"]);
});
