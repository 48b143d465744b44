import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi, type MockInstance } from "vitest";
import App from "../../App.svelte";
import { fakeHost } from "../../host/fake";
import type { Host } from "../../host/host";
import { NUMBER } from "../../host/fake/world";
import { Desk } from "../../state/desk.svelte";

let host: ReturnType<typeof fakeHost>;
let call: MockInstance<Host["call"]>;
let time = 0;

beforeEach(() => {
  time = 50_000;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
  host = fakeHost("typical", 0);
  call = vi.spyOn(host, "call");
});

afterEach(() => cleanup());

async function open(name: string): Promise<void> {
  render(App, { desk: new Desk(host) });
  const cards = await screen.findAllByTestId("request-card");
  await fireEvent.click(cards.find((card) => card.textContent?.includes(name)) as HTMLElement);
  await screen.findByTestId("request-sentence");
}

const statusOf = (name: string) => host.world.asked.find((one) => one.view.name === name)?.view.status;
/** Whether a decision was sent; a click sends it before it returns. */
const decided = () => call.mock.calls.some(([name]) => name === "approve" || name === "refuse");

test("a_click_a_submit_and_a_programmatic_click_within_700_ms_do_nothing", async () => {
  await open("WooCommerce");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 699;
  screen.getByTestId("approve").click();
  screen.getByTestId("refuse").click();
  screen.getByTestId("block").click();
  await fireEvent.submit(screen.getByTestId("request-number").closest("form") as HTMLFormElement);
  expect(decided()).toBe(false);
});

test("after_700_ms_approve_grants_and_the_sheet_says_so", async () => {
  await open("WooCommerce");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  await screen.findByTestId("request-over");
  expect(host.world.keys.some((key) => key.label === "WooCommerce")).toBe(true);
});

test("a_window_that_gains_the_focus_is_deaf_again", async () => {
  await open("WooCommerce");
  time += 5_000;
  window.dispatchEvent(new Event("focus"));
  time += 100;
  screen.getByTestId("refuse").click();
  expect(decided()).toBe(false);
});

test("focus_that_moves_inside_the_sheet_does_not_make_it_deaf", async () => {
  await open("WooCommerce");
  time += 700;
  screen.getByTestId("request-label").focus();
  screen.getByTestId("request-user").focus();
  screen.getByTestId("refuse").click();
  await waitFor(() => expect(statusOf("WooCommerce")).toBe("refused"));
});

test("escape_closes_and_leaves_it_pending", async () => {
  await open("WooCommerce");
  await fireEvent.keyDown(screen.getByTestId("request-number"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("request-sheet")).toBeNull());
  expect(statusOf("WooCommerce")).toBe("pending");
});

test("a_key_shown_once_is_nowhere_in_the_page_after_closing", async () => {
  await open("Invoice viewer");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  const secret = (await screen.findByTestId("key-secret")).textContent ?? "";
  expect(secret).toMatch(/^[0-9a-f]{40}$/);
  await fireEvent.click(screen.getByTestId("done"));
  await waitFor(() => expect(screen.queryByTestId("request-sheet")).toBeNull());
  expect(document.documentElement.outerHTML).not.toContain(secret);
});

test("the_locked_page_shows_no_name_and_says_that_an_app_asks", async () => {
  await open("WooCommerce");
  await host.call("lock", {});
  await screen.findByTestId("unlock");
  const page = document.documentElement.outerHTML;
  for (const word of ["WooCommerce", "@shop.example", "Bakery", "Ledger", "8080"]) expect(page).not.toContain(word);
  expect(page).toContain("An app is asking. Unlock to see it.");
});
