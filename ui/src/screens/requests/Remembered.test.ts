import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import App from "../../App.svelte";
import { fakeHost } from "../../host/fake";
import { repeatOne } from "../../host/fake/remembering";
import { NUMBER } from "../../host/fake/world";
import { Desk } from "../../state/desk.svelte";
import { route } from "../../state/route.svelte";

let host: ReturnType<typeof fakeHost>;
let time = 0;

beforeEach(() => {
  time = 50_000;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
  host = fakeHost("remembered", 0);
  route.go("requests");
});
afterEach(() => cleanup());

async function shown(): Promise<void> {
  render(App, { desk: new Desk(host) });
  await screen.findByTestId("tab-remembered");
}

async function open(name: string): Promise<void> {
  await shown();
  await fireEvent.click(screen.getAllByTestId("request-card").find((card) => card.textContent?.includes(name)) as HTMLElement);
  await screen.findByTestId("request-sentence");
}

test("a_program_that_speaks_for_itself_can_be_approved_again_without_asking_and_is_listed", async () => {
  await open("Card terminal");
  await fireEvent.click(screen.getByTestId("request-remember"));
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  await screen.findByTestId("request-over");
  expect(host.world.remembered.map((one) => one.name)).toEqual(["Card terminal", "Scale"]);
});

test("saying_so_makes_the_decision_deaf_for_a_moment", async () => {
  await open("Card terminal");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 5_000;
  await fireEvent.click(screen.getByTestId("request-remember"));
  await waitFor(() => expect(screen.getByTestId("approve").getAttribute("aria-disabled")).toBe("true"));
  time += 100;
  screen.getByTestId("approve").click();
  expect(host.world.remembered).toHaveLength(1);
});

test("a_browser_or_an_interpreter_is_not_offered_it", async () => {
  await open("WooCommerce");
  expect(screen.queryByTestId("request-remember")).toBeNull();
});

test("what_is_remembered_is_listed_with_its_key_and_uses_and_can_be_taken_back", async () => {
  await shown();
  await waitFor(() => expect(screen.getByTestId("tab-remembered").textContent).toContain("(2)"));
  await fireEvent.click(screen.getByTestId("tab-remembered"));
  const row = await screen.findByTestId("remembered-row");
  for (const word of ["Scale", "/opt/scale/scaled", "http://localhost:7400/key", "used 41 times", "ana@shop.example"]) {
    expect(row.textContent).toContain(word);
  }
  await fireEvent.click(within(row).getByTestId("forget"));
  await waitFor(() => expect(screen.queryByTestId("remembered-row")).toBeNull());
  expect(host.world.remembered).toHaveLength(0);
  await screen.findByText("From now on it is asked about again.");
});

test("a_row_that_somebody_else_has_written_is_shown_as_that_and_can_be_taken_away", async () => {
  await shown();
  await fireEvent.click(screen.getByTestId("tab-remembered"));
  const row = await screen.findByTestId("remembered-damaged");
  expect(row.textContent).toContain("Changed outside Fieldgate");
  await fireEvent.click(within(row).getByTestId("forget"));
  await waitFor(() => expect(host.world.damaged).toEqual([]));
});

test("each_use_is_shown_at_once_and_names_nobody", async () => {
  await shown();
  await waitFor(() => expect(screen.getByTestId("tab-remembered").textContent).toContain("(2)"));
  expect(document.body.textContent).not.toContain("handed over again without asking");
  repeatOne(host.world);
  const told = await screen.findByText("A key was handed over again without asking, as you had said.");
  expect(told.textContent).not.toContain("Scale");
});

test("the_arrow_keys_go_from_tab_to_tab", async () => {
  await shown();
  const tabs = [screen.getByTestId("tab-history"), screen.getByTestId("tab-remembered")] as const;
  tabs[0].focus();
  await fireEvent.keyDown(tabs[0], { key: "ArrowRight" });
  expect(document.activeElement).toBe(tabs[1]);
  expect(tabs[1].getAttribute("aria-selected")).toBe("true");
  await fireEvent.keyDown(tabs[1], { key: "ArrowLeft" });
  expect(document.activeElement).toBe(tabs[0]);
});
