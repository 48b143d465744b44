import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { focused, leave, show } from "./testing";

vi.mock("uqr", async (original) => {
  const real = await original<typeof import("uqr")>();
  return { ...real, encode: vi.fn(real.encode) };
});
const { encode } = await import("uqr");

afterEach(() => {
  leave();
  vi.mocked(encode).mockClear();
});

async function open(label: string): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getAllByTestId("key-row").some((one) => one.textContent?.includes(label))).toBe(true));
  await fireEvent.click(screen.getAllByTestId("key-row").find((one) => one.textContent?.includes(label)) as HTMLElement);
  return screen.findByTestId("key-sheet");
}

async function edit(label: string): Promise<HTMLElement> {
  const sheet = await open(label);
  await fireEvent.click(await within(sheet).findByTestId("edit-key"));
  const editing = await screen.findByTestId("edit-key-sheet");
  await within(editing).findByTestId("edit-key-label");
  return editing;
}

function permission(sheet: HTMLElement, policy: string): HTMLElement {
  return within(sheet).getAllByTestId("edit-key-permission").find((one) => one.dataset.permission === policy) as HTMLElement;
}

test("editing_says_what_the_key_will_be_able_to_do_and_saving_shows_it_at_once", async () => {
  const host = await show("typical", "keys");
  const sheet = await edit("Front desk");
  await fireEvent.click(permission(sheet, "btcpay.store.canviewreports"));
  await fireEvent.input(within(sheet).getByTestId("edit-key-label"), { target: { value: "Till 1" } });
  expect(within(sheet).getByTestId("edit-key-sentence").textContent).toContain("see reports in Bakery");
  expect(within(sheet).getByTestId("edit-added").textContent).toBe("Can from now on see reports in Bakery");
  await fireEvent.click(within(sheet).getByTestId("save-key"));
  await waitFor(() => expect(screen.queryByTestId("edit-key-sheet")).toBeNull());
  const key = host.world.keys.find((one) => one.label === "Till 1");
  expect(key?.permissions).toHaveLength(3);
  const shown = screen.getByTestId("key-sheet");
  expect(shown.textContent).toContain("Till 1");
  expect(within(shown).getAllByTestId("key-permission")).toHaveLength(3);
});

test("what_was_changed_is_not_lost_by_a_key_pressed_too_much", async () => {
  const host = await show("typical", "keys");
  const sheet = await edit("Front desk");
  await fireEvent.input(within(sheet).getByTestId("edit-key-label"), { target: { value: "Till 1" } });
  await fireEvent.keyDown(sheet, { key: "Escape" });
  const question = await screen.findByTestId("discard-dialog");
  await fireEvent.click(within(question).getByTestId("keep-editing"));
  await waitFor(() => expect(screen.queryByTestId("discard-dialog")).toBeNull());
  expect((within(sheet).getByTestId("edit-key-label") as HTMLInputElement).value).toBe("Till 1");
  await fireEvent.click(within(sheet).getByTestId("edit-key-cancel"));
  await fireEvent.click(await screen.findByTestId("discard"));
  await waitFor(() => expect(screen.queryByTestId("edit-key-sheet")).toBeNull());
  expect(screen.getByTestId("key-sheet").textContent).toContain("Front desk");
  expect(host.world.keys.some((one) => one.label === "Till 1")).toBe(false);
});

test("a_sheet_in_which_nothing_was_changed_closes_without_asking", async () => {
  await show("typical", "keys");
  const sheet = await edit("Front desk");
  await fireEvent.keyDown(sheet, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("edit-key-sheet")).toBeNull());
  expect(screen.queryByTestId("discard-dialog")).toBeNull();
  expect(screen.getByTestId("key-sheet")).toBeTruthy();
});

test("what_is_wrong_with_a_change_is_said_beside_its_field_and_has_the_focus", async () => {
  await show("typical", "keys");
  const sheet = await edit("Front desk");
  await fireEvent.change(within(sheet).getByTestId("edit-key-expiry"), { target: { value: "date" } });
  await fireEvent.click(within(sheet).getByTestId("save-key"));
  await waitFor(() => expect(focused()?.dataset.testid).toBe("edit-key-expiry"));
  expect(within(sheet).getByRole("alert").textContent).toBe("Choose the day.");
});

test("a_key_that_has_ended_is_not_edited", async () => {
  await show("typical", "keys");
  const sheet = await open("Old shop");
  await within(sheet).findByText("Revoked");
  expect(within(sheet).queryByTestId("edit-key")).toBeNull();
});

test("the_qr_code_is_there_only_as_long_as_the_key_itself", async () => {
  const host = await show("typical", "keys");
  const sheet = await open("Front desk");
  const reveal = await within(sheet).findByTestId("reveal-key");
  expect(within(sheet).queryByTestId("key-qr")).toBeNull();
  await fireEvent.click(reveal);
  await within(sheet).findByTestId("key-qr");
  const secret = host.world.secrets.get(host.world.keys.find((one) => one.label === "Front desk")?.id ?? "");
  expect(vi.mocked(encode).mock.lastCall?.[0]).toBe(`{"ApiKey":"${secret}","Host":"http://127.0.0.1:21420"}`);
  await fireEvent.click(within(sheet).getByTestId("hide-key"));
  await waitFor(() => expect(within(sheet).queryByTestId("key-qr")).toBeNull());
});

test("the_line_for_the_terminal_never_has_the_key_in_it", async () => {
  const host = await show("typical", "keys");
  const sheet = await open("Front desk");
  await fireEvent.click(await within(sheet).findByTestId("reveal-key"));
  await within(sheet).findByTestId("key-secret");
  const line = within(sheet).getByTestId("key-curl").textContent ?? "";
  expect(line).toBe('curl -H "Authorization: token $FIELDGATE_KEY" http://127.0.0.1:21420/api/v1/api-keys/current');
  expect([...host.world.secrets.values()].some((secret) => line.includes(secret))).toBe(false);
});

test("what_happened_to_a_key_is_told_in_its_sheet_and_grows", async () => {
  await show("typical", "keys");
  const sheet = await open("Front desk");
  await within(sheet).findAllByTestId("key-event");
  const events = () => within(sheet).getAllByTestId("key-event").map((one) => one.dataset.action);
  expect(events()).toContain("key-created");
  await fireEvent.click(await within(sheet).findByTestId("revoke-key"));
  await fireEvent.click(await screen.findByTestId("revoke-confirm"));
  await waitFor(() => expect(events()[0]).toBe("key-revoked"));
});
