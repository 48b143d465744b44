import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { ROOM, focused, leave, press, show } from "./testing";

afterEach(leave);

const index = () => Number(focused()?.dataset.index);

test("rows_are_moved_through_with_arrows_home_and_end_and_opened_with_enter", async () => {
  const host = await show("many", "keys");
  const [first] = await screen.findAllByTestId("key-row");
  first?.focus();
  press("ArrowDown");
  await waitFor(() => expect(index()).toBe(1));
  press("End");
  await waitFor(() => expect(index()).toBe(host.world.keys.length - 1));
  press("Home");
  await waitFor(() => expect(index()).toBe(0));
  press("Enter");
  await screen.findByTestId("key-sheet");
});

test("the_number_of_rows_is_told_in_the_grid_and_read_out_beside_the_heading", async () => {
  await show("many", "keys");
  await waitFor(() => expect(screen.getByText("2,000 keys").getAttribute("role")).toBe("status"));
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("2001");
});

test("a_column_made_wider_stays_so_and_can_be_left_to_the_table_again", async () => {
  await show("many", "keys");
  const grip = await screen.findByLabelText("Width of Label");
  const tracks = () => (grip.closest('[role="row"]') as HTMLElement).style.gridTemplateColumns;
  const before = tracks();
  await fireEvent.keyDown(grip, { key: "ArrowRight", shiftKey: true });
  expect(tracks()).toMatch(/^18px 616px /);
  expect(JSON.parse(localStorage.getItem("widths.keys") ?? "")).toEqual({ label: ROOM.width + 16 });
  await fireEvent.keyDown(grip, { key: "Enter" });
  expect(tracks()).toBe(before);
});

test("arrows_move_among_the_columns_of_which_one_is_a_stop_for_tab", async () => {
  await show("many", "keys");
  const grips = await screen.findAllByRole("separator");
  expect(grips.map((grip) => grip.tabIndex).filter((stop) => stop === 0)).toHaveLength(1);
  grips[0]?.focus();
  press("ArrowRight");
  expect(focused()).toBe(grips[1]);
});

test("an_address_that_is_taken_is_said_beside_it_and_has_the_focus", async () => {
  await show("typical", "users");
  press("n");
  await fireEvent.input(await screen.findByTestId("new-user-email"), { target: { value: "ANA@shop.example" } });
  await fireEvent.click(screen.getByTestId("create-user"));
  await screen.findByText("There is a user with this address already");
  await waitFor(() => expect(focused()).toBe(screen.getByTestId("new-user-email")));
});
