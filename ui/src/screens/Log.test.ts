import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { leave, show } from "./testing";

afterEach(leave);

test("the_log_says_what_happened_in_plain_words_newest_first", async () => {
  const host = await show("typical", "log");
  const [newest, next] = await screen.findAllByTestId("log-row");
  await within(newest as HTMLElement).findByText(String(host.world.log.length));
  expect(Number(next?.dataset.seq)).toBe(host.world.log.length - 1);
  await fireEvent.change(screen.getByTestId("log-kind"), { target: { value: "people" } });
  await screen.findByText("Online shop, owned by ana@shop.example");
  expect(screen.getAllByTestId("log-row").every((row) => row.dataset.action !== "unlocked")).toBe(true);
});

test("a_text_that_no_entry_has_is_said_to_be_nowhere_and_everything_can_be_shown_again", async () => {
  await show("typical", "log");
  await screen.findAllByTestId("log-row");
  await fireEvent.input(screen.getByTestId("log-search"), { target: { value: "nothing like it" } });
  await screen.findByText("Nothing found");
  await fireEvent.click(screen.getByText("Show everything"));
  await waitFor(() => expect(screen.getAllByTestId("log-row").length).toBeGreaterThan(3));
});

test("a_log_in_order_is_told_calmly_with_what_is_not_sealed", async () => {
  await show("typical", "log");
  await fireEvent.click(screen.getByTestId("log-verify"));
  const verdict = await screen.findByTestId("log-verdict");
  expect(verdict.textContent).toMatch(/^\d+ entries, all in order; \d+ not yet sealed$/);
  expect(verdict.getAttribute("role")).toBe("status");
});

test("a_log_that_was_changed_is_an_alert_with_every_fault", async () => {
  const host = await show("tampered", "log");
  await fireEvent.click(screen.getByTestId("log-verify"));
  const verdict = await screen.findByTestId("log-verdict");
  expect(verdict.getAttribute("role")).toBe("alert");
  expect(screen.getAllByTestId("log-fault").map((fault) => fault.textContent)).toEqual(host.world.faults);
});

test("an_entry_opens_with_all_of_it_and_leads_to_its_key", async () => {
  await show("typical", "log");
  await fireEvent.change(screen.getByTestId("log-kind"), { target: { value: "keys" } });
  const row = await waitFor(() => {
    const found = screen.getAllByTestId("log-row").find((one) => one.dataset.action === "key-created");
    if (!found) throw new Error("no key was made");
    return found;
  });
  await fireEvent.click(row);
  const sheet = await screen.findByTestId("log-entry");
  expect(sheet.textContent).toMatch(/for [a-z]+@shop\.example: /);
  await fireEvent.click(within(sheet).getByTestId("log-show-key"));
  await waitFor(() => expect(screen.getAllByTestId("key-row")).toHaveLength(1));
});

test("a_log_that_cannot_be_read_says_why_and_can_be_tried_again", async () => {
  await show("broken", "log");
  await screen.findByText("The file could not be read");
  expect(screen.getByTestId("retry")).toBeTruthy();
});
