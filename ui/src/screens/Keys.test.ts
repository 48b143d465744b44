import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import { leave, show } from "./testing";

afterEach(leave);

async function open(label: string): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getAllByTestId("key-row").some((one) => one.textContent?.includes(label))).toBe(true));
  await fireEvent.click(screen.getAllByTestId("key-row").find((one) => one.textContent?.includes(label)) as HTMLElement);
  const sheet = await screen.findByTestId("key-sheet");
  await within(sheet).findAllByTestId("key-usage");
  return sheet;
}

test("a_key_tells_how_far_each_permission_was_used", async () => {
  await show("typical", "keys");
  const sheet = await open("Front desk");
  const usage = within(sheet).getAllByTestId("key-usage").map((one) => one.textContent?.replace(/\s+/g, " ").trim());
  expect(usage[0]).toMatch(/^Used [\d,]+ times, first .+, last \d+ minutes? ago$/);
  expect(usage[1]).toBe("Never used");
});

test("reducing_names_what_goes_before_it_goes_and_shows_what_is_left", async () => {
  const host = await show("typical", "keys");
  const sheet = await open("Front desk");
  const [kept, lost] = within(sheet).getAllByTestId("key-permission").map((one) => one.dataset.permission ?? "");
  await fireEvent.click(within(sheet).getByTestId("reduce-key"));
  const dialog = await screen.findByTestId("reduce-dialog");
  expect(dialog.textContent).toContain(lost);
  expect(dialog.textContent).not.toContain(kept);
  expect(host.world.keys.find((one) => one.label === "Front desk")?.permissions).toHaveLength(2);
  await fireEvent.click(within(dialog).getByTestId("reduce-confirm"));
  await within(sheet).findByTestId("key-reduced");
  expect(within(sheet).getAllByTestId("key-permission").map((one) => one.dataset.permission)).toEqual([kept]);
  expect(host.world.keys.find((one) => one.label === "Front desk")?.permissions).toHaveLength(1);
});

test("a_key_that_was_never_used_or_uses_all_it_has_offers_no_reducing", async () => {
  const host = await show("typical", "keys");
  const used = host.world.keys.find((one) => one.label === "Maintenance");
  expect(used?.permissions).toHaveLength(1);
  const sheet = await open("Maintenance");
  expect(within(sheet).queryByTestId("reduce-key")).toBeNull();
  await fireEvent.keyDown(sheet, { key: "Escape" });
  host.world.keys = host.world.keys.map((one) => (one.label === "Bookkeeping" ? { ...one, lastUsed: null } : one));
  const other = await open("Bookkeeping");
  expect(within(other).getAllByTestId("key-usage").map((one) => one.textContent?.trim())).toEqual(["Never used", "Never used"]);
  expect(within(other).queryByTestId("reduce-key")).toBeNull();
});
