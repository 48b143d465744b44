import { expect, test } from "vitest";
import { words } from ".";

const NOW = 1_800_000_000;

test("times_read_as_people_say_them", () => {
  expect(words.time.relative(NOW - 3, NOW)).toBe("just now");
  expect(words.time.relative(NOW - 12, NOW)).toBe("12 seconds ago");
  expect(words.time.relative(NOW - 119, NOW)).toBe("1 minute ago");
  expect(words.time.relative(NOW - 86_400, NOW)).toBe("yesterday");
  expect(words.time.relative(NOW + 7_200, NOW)).toBe("in 2 hours");
});

test("what_is_left_is_read_in_minutes_and_seconds", () => {
  expect(words.time.left(252)).toBe("4 minutes 12 seconds");
  expect(words.time.left(9)).toBe("9 seconds");
});
