import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi, type MockInstance } from "vitest";
import App from "../../App.svelte";
import { fakeHost } from "../../host/fake";
import type { Host } from "../../host/host";
import { Desk } from "../../state/desk.svelte";

let host: ReturnType<typeof fakeHost>;
let call: MockInstance<Host["call"]>;
let time = 0;

beforeEach(() => {
  time = 50_000;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
  host = fakeHost("again", 0);
  call = vi.spyOn(host, "call");
});
afterEach(() => cleanup());

async function shown(): Promise<HTMLElement> {
  render(App, { desk: new Desk(host) });
  const list = await screen.findByTestId("review-list");
  await waitFor(() => expect(within(list).getAllByTestId("review-row")).toHaveLength(3));
  return list;
}

const ticks = () => screen.getAllByTestId("review-tick") as HTMLInputElement[];
const sent = () => call.mock.calls.filter(([name]) => name === "approve_again").map(([, args]) => (args as { ids: string[] }).ids);
const handOver = () => screen.getByTestId("hand-over-again");

test("known_applications_that_ask_for_what_they_have_stand_in_one_list_and_not_as_cards_too", async () => {
  const list = await shown();
  expect(list.textContent).toContain("3 known applications ask again for exactly what they have");
  for (const word of ["Till", "Kiosk", "Monthly report", "Front desk", "Bakery", "all stores", "localhost:7100"]) {
    expect(list.textContent).toContain(word);
  }
  expect(screen.getAllByTestId("request-card").some((card) => card.textContent?.includes("Kiosk"))).toBe(false);
});

test("one_press_hands_over_again_to_all_that_are_ticked_and_the_others_keep_waiting", async () => {
  await shown();
  await fireEvent.click(ticks()[1] as HTMLInputElement);
  time += 700;
  const keys = host.world.keys.length;
  await fireEvent.click(handOver());
  await waitFor(() => expect(screen.getByTestId("review-outcome").textContent).toContain("2 keys were handed over again."));
  expect(sent()[0]).toHaveLength(2);
  expect(host.world.keys).toHaveLength(keys);
  await waitFor(() => expect(screen.queryByTestId("review-list")).toBeNull());
  expect(screen.getAllByTestId("request-card").some((card) => card.textContent?.includes("Kiosk"))).toBe(true);
});

test("within_700_ms_of_showing_ticking_or_the_window_gaining_the_focus_nothing_is_handed_over", async () => {
  await shown();
  time += 699;
  handOver().click();
  await fireEvent.submit(screen.getByTestId("review-list"));
  time += 1;
  await fireEvent.click(ticks()[0] as HTMLInputElement);
  time += 600;
  handOver().click();
  time += 5_000;
  window.dispatchEvent(new Event("focus"));
  time += 100;
  handOver().click();
  expect(sent()).toEqual([]);
});

test("who_comes_later_is_not_ticked_and_makes_the_list_deaf", async () => {
  await shown();
  const late = host.world.asked.find((one) => one.view.name === "Kiosk" && one.view.status === "pending");
  const view = late?.view;
  if (!late || !view) throw new Error("no kiosk");
  late.view = { ...view, status: "withdrawn" };
  host.world.changed();
  await waitFor(() => expect(ticks()).toHaveLength(2));
  time += 5_000;
  late.view = view;
  host.world.changed();
  await waitFor(() => expect(ticks()).toHaveLength(3));
  const row = screen.getAllByTestId("review-row").find((one) => one.textContent?.includes("Kiosk")) as HTMLElement;
  expect((within(row).getByTestId("review-tick") as HTMLInputElement).checked).toBe(false);
  time += 100;
  handOver().click();
  expect(sent()).toEqual([]);
});

test("one_of_the_list_can_be_looked_at_alone", async () => {
  await shown();
  await fireEvent.click(screen.getAllByTestId("review-open")[0] as HTMLElement);
  await screen.findByTestId("request-sheet");
});

test("what_is_not_as_it_was_any_more_keeps_waiting_and_says_so", async () => {
  await shown();
  time += 700;
  const kiosk = host.world.applications.find((one) => one.names[0] === "Kiosk");
  const asked = host.world.asked.find((one) => one.view.name === "Kiosk" && one.view.status === "pending");
  if (!kiosk || !asked) throw new Error("no kiosk");
  asked.view = { ...asked.view, standing: "new" };
  await fireEvent.click(handOver());
  await waitFor(() => expect(screen.getByTestId("review-outcome").textContent).toContain("Kiosk"));
  expect(asked.view.status).toBe("pending");
});
