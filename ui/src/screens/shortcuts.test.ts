import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { shortcuts } from "../state/shortcuts.svelte";
import { focused, leave, press, show } from "./testing";

afterEach(leave);

test("the_list_of_shortcuts_opens_with_a_question_mark_and_has_them_all", async () => {
  await show("typical", "requests");
  screen.getByTestId("nav-log").focus();
  press("?");
  const sheet = await screen.findByTestId("shortcuts");
  const count = Object.values(shortcuts).flatMap((group) => Object.keys(group)).length;
  expect(sheet.querySelectorAll("dt")).toHaveLength(count);
  await fireEvent.keyDown(sheet, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("shortcuts")).toBeNull());
  await waitFor(() => expect(focused()).toBe(screen.getByTestId("nav-log")));
});

test("a_key_alone_types_where_one_types_and_does_nothing_else", async () => {
  await show("typical", "keys");
  screen.getByTestId("key-search").focus();
  for (const key of ["?", "n", "3", "/"]) press(key);
  expect(screen.queryByTestId("shortcuts")).toBeNull();
  expect(screen.queryByTestId("new-key-sheet")).toBeNull();
  expect(location.hash).toBe("#/keys");
});

test("a_key_alone_does_nothing_under_a_sheet", async () => {
  await show("typical", "keys");
  press("n");
  await screen.findByTestId("new-key-sheet");
  (document.activeElement as HTMLElement | null)?.blur();
  press("7");
  expect(location.hash).toBe("#/keys");
});

test("a_digit_goes_to_the_screen_of_that_place_in_the_rail_and_a_slash_to_its_search", async () => {
  await show("typical", "requests");
  press("7");
  await screen.findByTestId("log-verify");
  await waitFor(() => expect(focused()?.tagName).toBe("H1"));
  press("/");
  expect(focused()).toBe(screen.getByTestId("log-search"));
});

test("keys_alone_can_be_turned_off_and_stay_off", async () => {
  await show("typical", "settings");
  await fireEvent.click(screen.getByTestId("single-keys"));
  (document.activeElement as HTMLElement | null)?.blur();
  press("?");
  press("7");
  expect(screen.queryByTestId("shortcuts")).toBeNull();
  expect(location.hash).toBe("#/settings");
  expect(localStorage.getItem("single-keys")).toBe("off");
});

test("ctrl_shift_l_locks_even_over_a_sheet_and_the_passphrase_has_the_focus", async () => {
  await show("typical", "keys");
  press("n");
  await screen.findByTestId("new-key-sheet");
  press("L", { ctrlKey: true, shiftKey: true });
  await screen.findByTestId("unlock");
  await new Promise((done) => setTimeout(done, 20));
  expect(focused()).toBe(screen.getByTestId("passphrase"));
});

test("a_request_that_arrives_is_read_out_on_every_screen_and_names_nobody", async () => {
  const host = await show("empty", "settings");
  expect(screen.getByTestId("arrivals").textContent).toBe("");
  const { makeWorld } = await import("../host/fake/scenes");
  const [asked] = makeWorld("typical").asked;
  if (asked) host.world.asked.push(asked);
  host.world.changed();
  await waitFor(() => expect(screen.getByTestId("arrivals").textContent).toBe("An application asks for a key. It waits for you."));
  expect(screen.getByTestId("arrivals").getAttribute("role")).toBe("status");
});
