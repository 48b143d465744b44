import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { focused, leave, show } from "./testing";

afterEach(leave);

const row = (identifier: string) => screen.getAllByTestId("application-row").find((one) => one.dataset.identifier === identifier) as HTMLElement;

test("the_register_shows_what_asked_where_its_keys_go_and_its_standing", async () => {
  await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  expect(row("till").textContent).toContain("http://localhost:7000");
  expect(within(row("till")).getByTestId("application-standing").dataset.standing).toBe("known");
  expect(within(row("http://198.51.100.7")).getByTestId("application-standing").dataset.standing).toBe("blocked");
});

test("an_application_is_found_by_its_program", async () => {
  await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.input(screen.getByTestId("application-search"), { target: { value: "till.py" } });
  await waitFor(() => expect(screen.getAllByTestId("application-row").map((one) => one.dataset.identifier)).toEqual(["till"]));
});

test("an_application_opens_with_its_keys_and_requests_and_gives_the_focus_back", async () => {
  await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.click(row("till"));
  const sheet = await screen.findByTestId("application-sheet");
  expect((await within(sheet).findByTestId("application-key")).textContent).toContain("Front desk");
  expect(within(sheet).getAllByTestId("application-request")[0]?.textContent).toContain("View and create invoices");
  await fireEvent.keyDown(sheet, { key: "Escape" });
  await waitFor(() => expect(focused()).toBe(row("till")));
});

test("a_note_is_written_kept_and_taken_away_and_escape_leaves_only_its_field", async () => {
  const host = await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.click(row("till"));
  const sheet = await screen.findByTestId("application-sheet");
  await fireEvent.click(await within(sheet).findByTestId("edit-note"));
  const field = await within(sheet).findByTestId("note-field");
  await waitFor(() => expect(focused()).toBe(field));
  await fireEvent.keyDown(field, { key: "Escape" });
  await waitFor(() => expect(within(sheet).queryByTestId("note-field")).toBeNull());
  expect(screen.queryByTestId("application-sheet")).not.toBeNull();
  await fireEvent.click(within(sheet).getByTestId("edit-note"));
  await fireEvent.input(await within(sheet).findByTestId("note-field"), { target: { value: "Ben's till\nask him" } });
  await fireEvent.click(within(sheet).getByTestId("save-note"));
  expect((await within(sheet).findByTestId("note-text")).textContent).toBe("Ben's till\nask him");
  expect([...host.world.notes.values()]).toEqual(["Ben's till\nask him"]);
  await waitFor(() => expect(focused()).toBe(within(sheet).getByTestId("edit-note")));
});

test("another_program_and_the_same_identifier_elsewhere_stand_out", async () => {
  await show("changed", "applications");
  const rows = await screen.findAllByTestId("application-row");
  const till = rows.find((one) => one.dataset.identifier === "till" && one.textContent?.includes("localhost:7000"));
  await fireEvent.click(till as HTMLElement);
  const sheet = await screen.findByTestId("application-sheet");
  await within(sheet).findByTestId("program-changed");
  expect(within(sheet).getAllByTestId("application-program")[0]?.textContent).toContain("Downloads/till.py");
  const elsewhere = within(sheet).getByTestId("application-elsewhere");
  expect(elsewhere.textContent).toContain("https://till.example");
  await fireEvent.click(elsewhere);
  await waitFor(() => expect(screen.getByTestId("application-sheet").textContent).toContain("https://till.example"));
});

test("a_blocked_application_shows_it_at_once_and_undo_gives_back_what_it_was", async () => {
  const host = await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.click(row("till"));
  const sheet = await screen.findByTestId("application-sheet");
  const standing = () => within(sheet).getByTestId("application-standing").dataset.standing;
  const till = () => host.world.applications.find((one) => one.identity.by === "identifier" && one.identity.identifier === "till");
  expect(within(sheet).getByText(/Its key keeps working/)).toBeTruthy();
  await fireEvent.click(within(sheet).getByTestId("block-application"));
  await waitFor(() => expect(standing()).toBe("blocked"));
  expect(till()?.standing).toBe("blocked");
  expect(within(sheet).queryByTestId("know-application")).toBeNull();
  await fireEvent.click(within(sheet).getByTestId("undo-judging"));
  await waitFor(() => expect(standing()).toBe("known"));
  expect(till()?.standing).toBe("known");
});

test("an_application_that_is_unblocked_is_new_and_can_be_marked_as_known", async () => {
  await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.click(row("http://198.51.100.7"));
  const sheet = await screen.findByTestId("application-sheet");
  await fireEvent.click(within(sheet).getByTestId("unblock-application"));
  await fireEvent.click(await within(sheet).findByTestId("know-application"));
  await within(sheet).findByTestId("unknow-application");
  expect(within(sheet).getByTestId("application-standing").dataset.standing).toBe("known");
});

test("a_judgement_that_is_refused_is_said_where_it_was_made_and_changes_nothing", async () => {
  const host = await show("typical", "applications");
  await screen.findAllByTestId("application-row");
  await fireEvent.click(row("till"));
  const sheet = await screen.findByTestId("application-sheet");
  host.world.applications = host.world.applications.filter((one) => one.identity.by !== "identifier");
  await fireEvent.click(within(sheet).getByTestId("block-application"));
  await within(sheet).findByText("There is no such application");
  expect(within(sheet).getByTestId("application-standing").dataset.standing).toBe("known");
});

test("without_applications_the_screen_says_what_will_be_here", async () => {
  await show("empty", "applications");
  await screen.findByText("No application has asked yet");
});

test("servers_promises_nothing_that_this_version_cannot_do", async () => {
  await show("typical", "servers");
  await screen.findByText("No BTCPay Server is connected");
  expect(within(document.querySelector("main") as HTMLElement).getAllByRole("button").map((one) => one.textContent?.trim())).toEqual(["Copy"]);
});
