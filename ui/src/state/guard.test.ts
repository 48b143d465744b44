import { beforeEach, expect, test } from "vitest";
import { DEAF_FOR, Guard } from "./guard";

let time = 0;
let guard: Guard;

beforeEach(() => {
  time = 10_000;
  guard = new Guard(() => time);
  guard.startle();
});

test("nothing_decides_within_700_ms_of_showing", () => {
  expect(DEAF_FOR).toBe(700);
  expect(guard.allows()).toBe(false);
  time += 699;
  expect(guard.allows()).toBe(false);
});

test("after_700_ms_an_activation_counts", () => {
  time += 700;
  expect(guard.remaining).toBe(0);
  expect(guard.allows()).toBe(true);
});

test("a_second_fright_starts_the_time_anew", () => {
  time += 600;
  guard.startle();
  time += 600;
  expect(guard.allows()).toBe(false);
  time += 100;
  expect(guard.allows()).toBe(true);
});

test("a_press_that_began_too_early_does_not_count_when_it_ends_later", () => {
  time += 650;
  guard.press();
  time += 200;
  expect(guard.allows()).toBe(false);
});

test("the_press_after_an_early_one_counts", () => {
  guard.press();
  time += 800;
  expect(guard.allows()).toBe(false);
  guard.press();
  expect(guard.allows()).toBe(true);
});

test("an_activation_without_any_press_is_deaf_as_well", () => {
  time += 300;
  expect(guard.allows()).toBe(false);
  time += 400;
  expect(guard.allows()).toBe(true);
});
