import { expect, test } from "vitest";
import { log } from "./log";
import { appList } from "./register";
import { makeWorld } from "./scenes";

test("the_big_world_is_as_big_as_it_says_and_the_same_on_every_start", () => {
  const [one, other] = [makeWorld("many"), makeWorld("many")];
  expect([one.users.length, one.keys.length, one.applications.length, one.log.length]).toEqual([40, 2_000, 60, 10_000]);
  expect(one.keys.map((key) => [key.id, key.label])).toEqual(other.keys.map((key) => [key.id, key.label]));
});

test("every_kind_of_request_waits_in_it", () => {
  const waiting = makeWorld("many").asked.filter((asked) => asked.view.status === "pending").map((asked) => asked.view);
  expect(new Set(waiting.map((view) => view.mode))).toEqual(new Set(["browser", "program"]));
  expect(waiting.some((view) => view.looksAlike && view.unencrypted)).toBe(true);
  expect(waiting.some((view) => view.permissions.length === 0 && view.unknown.length > 0)).toBe(true);
});

test("its_log_is_numbered_without_gaps_in_the_order_of_time", () => {
  const { log: entries } = makeWorld("many");
  expect(entries.every((entry, index) => entry.seq === index + 1)).toBe(true);
  expect(entries.every((entry, index) => index === 0 || entry.at >= (entries[index - 1]?.at ?? 0))).toBe(true);
  expect(log(makeWorld("typical"), { before: 3, limit: 5 }).map((entry) => entry.seq)).toEqual([2, 1]);
});

test("the_keys_of_an_application_are_counted_while_they_live", () => {
  const world = makeWorld("typical");
  const count = () => appList(world).find((app) => app.names[0] === "Till")?.keys;
  expect(count()).toBe(1);
  world.keys = world.keys.map((key) => ({ ...key, state: "revoked" as const }));
  expect(count()).toBe(0);
});
