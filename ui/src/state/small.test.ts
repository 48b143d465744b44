import { expect, test } from "vitest";
import { makeWorld } from "../host/fake/scenes";
import { requestList } from "../host/fake/requests";
import { cardsOf, endedOf } from "./cards";
import { endOf } from "./expiry";
import { strength } from "./strength";

const NOON = new Date(2027, 0, 15, 12).getTime();

test("a_key_ends_never_after_a_time_or_at_the_end_of_a_day", () => {
  expect(endOf("never", "", NOON)).toBeNull();
  expect(endOf("day", "", NOON)).toBe(NOON / 1000 + 86_400);
  expect(endOf("date", "2027-01-15", NOON)).toBe(new Date(2027, 0, 15, 23, 59, 59).getTime() / 1000);
});

test("a_day_that_is_missing_or_over_is_told_apart", () => {
  expect(endOf("date", "", NOON)).toBe("empty");
  expect(endOf("date", "2027-01-14", NOON)).toBe("past");
});

test("common_words_and_repeated_letters_do_not_make_a_passphrase_strong", () => {
  expect(strength("")).toBe("none");
  expect(strength("password1234")).toBe("weak");
  expect(strength("aaaaaaaaaaaaaaaaaaaaaaaa")).toBe("weak");
  expect(strength("Xk7#q")).toBe("weak");
});

test("length_makes_a_passphrase_strong", () => {
  expect(strength("maple lantern river stone forty")).toBe("strong");
  expect(strength("9f!Kd2#mZq")).not.toBe("weak");
});

test("identical_requests_are_one_card_named_by_its_first", () => {
  const [one, ...rest] = requestList(makeWorld("typical"));
  if (!one) throw new Error("the typical world has requests");
  const twin = { ...one, id: "twin", card: one.id };
  expect(cardsOf([twin, one, ...rest]).filter((card) => card.card === one.id)).toEqual([one]);
});

test("ended_requests_are_no_cards", () => {
  const all = requestList(makeWorld("typical"));
  expect(cardsOf(all).length + endedOf(all).length).toBe(all.length);
  expect(cardsOf(all).every((card) => card.status === "pending")).toBe(true);
});
