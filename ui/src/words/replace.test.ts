import { expect, test } from "vitest";
import { words } from ".";

const NOW = new Date(2027, 0, 15, 12, 0).getTime() / 1000;
const at = (hour: number, minute = 0) => new Date(2027, 0, 15, hour, minute).getTime() / 1000;
const fpm = { exe: "/usr/sbin/php-fpm", script: null };

test("a_hand_over_is_proved_by_a_first_use_or_said_to_be_without", () => {
  const facts = { handedOver: at(10, 2), firstUsed: null, lastUsed: null, now: NOW };
  const { proof } = words.replace;
  expect(proof({ ...facts, firstUsed: { at: at(10, 2), by: fpm }, lastUsed: at(11) })).toBe("Handed over 10:02, first used 10:02 by php-fpm");
  expect(proof({ ...facts, firstUsed: { at: at(10, 3), by: null } })).toBe("Handed over 10:02, first used 10:03");
  expect(proof(facts)).toBe("Handed over 10:02, not used yet");
  expect(proof({ ...facts, handedOver: at(10) - 86_400 })).toBe("Handed over 14 Jan, 10:00, never used for 26 h");
  expect(proof({ ...facts, handedOver: at(10) - 3 * 86_400 })).toBe("Handed over 12 Jan, 10:00, never used for 3 days");
  expect(proof({ ...facts, handedOver: null })).toBe("");
  expect(proof({ ...facts, handedOver: null, firstUsed: { at: at(9), by: { exe: "/usr/bin/python3", script: "/srv/till.py" } } })).toBe("First used 09:00 by till.py");
});

test("a_key_that_was_handed_over_again_is_proved_by_a_use_since", () => {
  const facts = { handedOver: at(10, 2), firstUsed: { at: at(8), by: fpm }, lastUsed: at(9), now: NOW };
  expect(words.replace.proof(facts)).toBe("Handed over 10:02, not used since");
  expect(words.replace.proof({ ...facts, lastUsed: at(11) })).toBe("Handed over 10:02, last used 11:00");
});

test("a_receipt_counts_what_has_stopped", () => {
  const { lead } = words.replace.receipt;
  expect([lead(0, 1), lead(1, 1), lead(1, 3), lead(3, 3)]).toEqual([
    "The old key has not stopped yet.", "The old key has stopped.", "1 of 3 old keys have stopped.", "All 3 old keys have stopped.",
  ]);
});
