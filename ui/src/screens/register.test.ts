import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { wishes } from "../state/wishes.svelte";
import { focused, leave, press, show } from "./testing";

afterEach(leave);

const rows = () => screen.queryAllByTestId("key-row");
const chosen = () => rows().filter((row) => row.getAttribute("aria-selected") === "true");
const labels = () => rows().map((row) => row.querySelector(".label")?.textContent);
const head = (name: string) => screen.getByRole("columnheader", { name: new RegExp(`^${name}`) });
const ready = () => waitFor(() => expect(rows().length).toBeGreaterThan(3));

test("a_head_sorts_by_its_column_and_pressed_again_the_other_way", async () => {
  const host = await show("typical", "keys");
  await ready();
  const button = within(head("Label")).getByTitle("Sort by Label");
  await fireEvent.click(button);
  await waitFor(() => expect(head("Label").getAttribute("aria-sort")).toBe("ascending"));
  const all = host.world.keys.map((key) => key.label).sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()));
  await waitFor(() => expect(labels()).toEqual(all));
  await fireEvent.click(button);
  await waitFor(() => expect(head("Label").getAttribute("aria-sort")).toBe("descending"));
  await waitFor(() => expect(labels()).toEqual(all.reverse()));
});

test("among_the_heads_the_arrow_keys_move_and_the_one_down_goes_to_the_rows", async () => {
  await show("typical", "keys");
  await ready();
  const sorts = screen.getAllByTitle(/^Sort by /);
  expect(sorts.filter((button) => button.tabIndex === 0)).toHaveLength(1);
  sorts[0]?.focus();
  press("ArrowRight");
  expect(focused()).toBe(sorts[1]);
  press("ArrowDown");
  await waitFor(() => expect(focused()?.dataset.testid).toBe("key-row"));
});

test("filters_narrow_down_at_once_and_each_chip_takes_its_own_away", async () => {
  const host = await show("typical", "keys");
  await ready();
  await fireEvent.click(screen.getByTestId("key-filter"));
  await fireEvent.change(screen.getByTestId("filter-state"), { target: { value: "revoked" } });
  await waitFor(() => expect(labels()).toEqual(["Kiosk 2", "Old shop"]));
  await fireEvent.input(screen.getByTestId("filter-user"), { target: { value: "admin@shop.example" } });
  await screen.findByText("Nothing matches");
  const chips = () => screen.queryAllByTestId("filter-chip").map((chip) => chip.dataset.part);
  expect(chips()).toEqual(["user", "standing"]);
  await fireEvent.click(screen.getAllByTestId("filter-chip")[0] as HTMLElement);
  await waitFor(() => expect(labels()).toEqual(["Kiosk 2", "Old shop"]));
  await fireEvent.click(screen.getAllByTestId("filter-chip")[0] as HTMLElement);
  await waitFor(() => expect(rows()).toHaveLength(host.world.keys.length));
  expect(chips()).toEqual([]);
  expect(focused()).toBe(screen.getByTestId("key-filter"));
});

test("where_nothing_matches_clearing_shows_all_keys_again", async () => {
  const host = await show("typical", "keys");
  await ready();
  wishes.ask({ screen: "keys", narrow: { standing: "expired", unused: "never" } });
  await fireEvent.click(await screen.findByTestId("clear-filters"));
  await waitFor(() => expect(rows()).toHaveLength(host.world.keys.length));
});

test("escape_closes_the_filter_and_gives_the_focus_back", async () => {
  await show("typical", "keys");
  await ready();
  await fireEvent.click(screen.getByTestId("key-filter"));
  await waitFor(() => expect(focused()).toBe(screen.getByTestId("filter-user")));
  press("Escape");
  await waitFor(() => expect(screen.queryByTestId("key-filter-panel")).toBeNull());
  expect(focused()).toBe(screen.getByTestId("key-filter"));
});

test("space_and_shift_with_the_arrow_keys_select_and_escape_clears", async () => {
  await show("many", "keys");
  await ready();
  rows()[0]?.focus();
  press(" ");
  await waitFor(() => expect(chosen()).toHaveLength(1));
  for (const count of [2, 3]) {
    press("ArrowDown", { shiftKey: true });
    await waitFor(() => expect(chosen()).toHaveLength(count));
    await waitFor(() => expect(focused()).toBe(rows()[count - 1]));
  }
  press("ArrowUp", { shiftKey: true });
  await waitFor(() => expect(chosen()).toHaveLength(2));
  expect(screen.getByTestId("chosen-count").textContent).toBe("2 keys selected");
  press("Escape");
  await waitFor(() => expect(chosen()).toHaveLength(0));
  expect(screen.queryByTestId("chosen-bar")).toBeNull();
});

test("a_box_selects_its_row_and_a_click_with_shift_all_up_to_there_and_neither_opens_it", async () => {
  await show("many", "keys");
  await ready();
  await fireEvent.click(screen.getAllByTestId("choose-row")[1] as HTMLElement);
  expect(focused()).toBe(rows()[1]);
  await fireEvent.click(rows()[4] as HTMLElement, { shiftKey: true });
  await waitFor(() => expect(chosen()).toHaveLength(4));
  expect(screen.getAllByTestId<HTMLInputElement>("choose-row").filter((box) => box.checked)).toHaveLength(4);
  await fireEvent.click(screen.getAllByTestId("choose-row")[2] as HTMLElement, { shiftKey: true });
  await waitFor(() => expect(chosen()).toHaveLength(2));
  expect(screen.getAllByTestId<HTMLInputElement>("choose-row").filter((box) => box.checked)).toHaveLength(2);
  expect(screen.queryByTestId("key-sheet")).toBeNull();
});

test("everything_found_is_selected_seen_or_not_and_another_search_leaves_nothing_selected", async () => {
  await show("many", "keys");
  await ready();
  rows()[0]?.focus();
  press("a", { ctrlKey: true });
  await screen.findByText("2,000 keys selected");
  await fireEvent.input(screen.getByTestId("key-search"), { target: { value: "till" } });
  await waitFor(() => expect(screen.queryByTestId("chosen-bar")).toBeNull());
});

test("several_keys_are_revoked_once_their_number_is_typed_and_what_came_of_it_is_told", async () => {
  const host = await show("many", "keys");
  await ready();
  const live = () => host.world.keys.filter((key) => key.state === "live" || key.state === "damaged").length;
  const before = live();
  await fireEvent.click(screen.getByTestId("choose-all"));
  await fireEvent.click(await screen.findByTestId("revoke-chosen"));
  await fireEvent.input(await screen.findByTestId("revoke-count"), { target: { value: "1" } });
  await fireEvent.click(screen.getByTestId("revoke-many-confirm"));
  await screen.findByText("This is not the number of keys: 2000.");
  expect(live()).toBe(before);
  await fireEvent.input(screen.getByTestId("revoke-count"), { target: { value: "2,000" } });
  await fireEvent.click(screen.getByTestId("revoke-many-confirm"));
  const outcome = await screen.findByTestId("revoke-outcome", {}, { timeout: 5_000 });
  expect(outcome.textContent).toContain(`${before.toLocaleString("en")} keys are revoked.`);
  expect(outcome.textContent).toContain(`${(2_000 - before).toLocaleString("en")} had ended before.`);
  expect(live()).toBe(0);
  expect(host.world.log.slice(-before).every((entry) => entry.action === "key-revoked")).toBe(true);
  await fireEvent.click(screen.getByTestId("revoke-close"));
  await waitFor(() => expect(screen.queryByTestId("chosen-bar")).toBeNull());
}, 20_000);

test("a_single_key_is_revoked_after_a_plain_question", async () => {
  const host = await show("typical", "keys");
  await ready();
  await fireEvent.click(screen.getAllByTestId("choose-row")[0] as HTMLElement);
  await fireEvent.click(await screen.findByTestId("revoke-chosen"));
  expect(screen.queryByTestId("revoke-count")).toBeNull();
  const id = rows()[0]?.dataset.keyId;
  await fireEvent.click(await screen.findByTestId("revoke-many-confirm"));
  await screen.findByText("1 key is revoked.");
  expect(host.world.keys.find((key) => key.id === id)?.state).toBe("revoked");
});

test("users_are_sorted_by_their_heads_too", async () => {
  const host = await show("many", "users");
  await screen.findAllByTestId("user-row");
  const most = Math.max(...host.world.users.map((user) => host.world.keys.filter((key) => key.user === user.id && key.state === "live").length));
  await fireEvent.click(screen.getByTitle("Sort by Live keys"));
  await waitFor(() => expect(screen.getAllByTestId("user-row")[0]?.textContent).toContain(String(most)));
});
