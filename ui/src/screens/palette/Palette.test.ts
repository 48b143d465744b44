import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { theme } from "../../state/theme.svelte";
import { focused, leave, press, show } from "../testing";

const copied = vi.fn().mockResolvedValue(undefined);

beforeEach(() => {
  copied.mockClear();
  Object.defineProperty(navigator, "clipboard", { value: { writeText: copied }, configurable: true });
});
afterEach(leave);

async function open(text: string): Promise<void> {
  press("k", { ctrlKey: true });
  await fireEvent.input(await screen.findByTestId("palette-find"), { target: { value: text } });
}

const offered = () => screen.queryAllByTestId("palette-item").map((item) => item.dataset.command);
const choose = async (id: string) => fireEvent.click(await waitFor(() => {
  const item = screen.getAllByTestId("palette-item").find((one) => one.dataset.command?.startsWith(id));
  if (!item) throw new Error(`${id} is not offered`);
  return item;
}));

test("it_opens_with_the_focus_in_it_and_gives_it_back_on_escape", async () => {
  await show("typical", "requests");
  screen.getByTestId("nav-keys").focus();
  press("k", { ctrlKey: true });
  await waitFor(() => expect(focused()).toBe(screen.getByTestId("palette-find")));
  await fireEvent.keyDown(screen.getByTestId("palette-find"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("palette")).toBeNull());
  await waitFor(() => expect(focused()).toBe(screen.getByTestId("nav-keys")));
});

test("arrows_and_enter_choose_and_the_new_screen_has_the_focus", async () => {
  await show("typical", "requests");
  await open("go to stor");
  expect(offered()).toEqual(["go-stores"]);
  press("Enter");
  await screen.findByTestId("new-store");
  await waitFor(() => expect(focused()).not.toBe(document.body));
  await open("colours");
  const input = screen.getByTestId("palette-find");
  await fireEvent.keyDown(input, { key: "ArrowDown" });
  await fireEvent.keyDown(input, { key: "ArrowDown" });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(theme.appearance).toBe("dark"));
  theme.choose("system");
});

test("what_waits_comes_first_and_opens_its_sheet", async () => {
  await show("typical", "settings");
  await open("");
  expect(offered()[0]).toMatch(/^request-/);
  await fireEvent.input(screen.getByTestId("palette-find"), { target: { value: "review ledger" } });
  await choose("request-");
  expect((await screen.findByTestId("request-sentence")).textContent).toContain("Ledger");
});

test("a_key_a_user_a_store_and_an_application_are_found_by_name", async () => {
  const host = await show("typical", "settings");
  await open("front");
  await waitFor(() => expect(offered().map((id) => id?.split("-")[0])).toEqual(["store", "key"]));
  await choose("key-");
  await waitFor(() => expect(screen.getByTestId("key-sheet").textContent).toContain("Front desk"));
  await fireEvent.keyDown(screen.getByTestId("key-sheet"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("key-sheet")).toBeNull());
  await open("ana@");
  await choose("user-");
  await waitFor(() => expect(screen.getByTestId("user-sheet").textContent).toContain("ana@shop.example"));
  await fireEvent.keyDown(screen.getByTestId("user-sheet"), { key: "Escape" });
  await waitFor(() => expect(focused()?.dataset.userId).toBe(host.world.users[1]?.id));
  await open("bakery");
  await choose("store-");
  await waitFor(() => expect(screen.getByTestId("store-sheet").textContent).toContain("Bakery"));
  await fireEvent.keyDown(screen.getByTestId("store-sheet"), { key: "Escape" });
  await waitFor(() => expect(focused()?.dataset.storeId).toBe(host.world.stores[0]?.id));
  await open("prestashop");
  await choose("application-");
  await screen.findByTestId("application-sheet");
});

test("it_makes_a_key_copies_the_gates_address_and_locks", async () => {
  await show("typical", "log");
  await open("new key");
  await choose("new-key");
  await screen.findByTestId("new-key-sheet");
  await fireEvent.keyDown(screen.getByTestId("new-key-sheet"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("new-key-sheet")).toBeNull());
  await open("copy");
  await choose("copy-gate");
  await waitFor(() => expect(copied).toHaveBeenCalledWith("http://127.0.0.1:21420"));
  await open("lock");
  await choose("lock");
  await screen.findByTestId("unlock");
  expect(screen.queryByTestId("palette")).toBeNull();
});

test("while_locked_no_shortcut_does_anything", async () => {
  await show("locked", "requests");
  (document.activeElement as HTMLElement | null)?.blur();
  press("k", { ctrlKey: true });
  press("?");
  press("2");
  expect(screen.queryByTestId("palette")).toBeNull();
  expect(screen.queryByTestId("shortcuts")).toBeNull();
  expect(location.hash).toBe("#/requests");
});

test("it_does_not_open_over_a_sheet_that_is_to_be_answered", async () => {
  await show("typical", "requests");
  await fireEvent.click((await screen.findAllByTestId("request-card"))[0] as HTMLElement);
  await screen.findByTestId("request-sentence");
  press("k", { ctrlKey: true });
  await Promise.resolve();
  expect(screen.queryByTestId("palette")).toBeNull();
});
