import { cleanup, fireEvent, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import App from "../../App.svelte";
import { fakeHost } from "../../host/fake";
import { Desk } from "../../state/desk.svelte";

beforeEach(() => {
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
});
afterEach(() => cleanup());

async function open(scene: string, name: string): Promise<HTMLElement> {
  render(App, { desk: new Desk(fakeHost(scene, 0)) });
  const cards = await screen.findAllByTestId("request-card");
  await fireEvent.click(cards.find((card) => card.textContent?.includes(name)) as HTMLElement);
  await screen.findByTestId("request-sentence");
  return screen.getByTestId("request-sheet");
}

const changes = (sheet: HTMLElement) => within(sheet).getByTestId("request-changes").textContent?.replaceAll(/\s+/g, " ");
const sentence = (sheet: HTMLElement) => within(sheet).getByTestId("request-sentence").textContent;

test("one_permission_more_shows_as_one_more_with_what_it_brings_and_the_keys_it_holds", async () => {
  const sheet = await open("typical", "Ledger");
  expect(changes(sheet)).toContain("+1: change store settings. This includes wallets and payouts.");
  expect(within(sheet).getByTestId("stop-old").closest("label")?.textContent).toContain("Bookkeeping");
});

test("less_is_said_with_a_minus", async () => {
  expect(changes(await open("changed", "Ledger light"))).toContain("−1: see reports.");
});

test("another_program_stands_out_in_the_sentence_and_in_the_section", async () => {
  const sheet = await open("changed", "Downloads/till.py");
  expect(sentence(sheet)).toContain("Another program than before");
  expect(changes(sheet)).toContain("Another program. The last key was asked for by python3 /opt/till/till.py");
});

test("another_address_stands_out_in_the_sentence_and_in_the_section", async () => {
  const sheet = await open("changed", "Till elsewhere");
  expect(sentence(sheet)).toContain("Another address than before: the last key went to http://localhost:7000.");
  expect(sentence(sheet)).not.toContain("First time here");
  expect(changes(sheet)).toContain("Another address. The last key went to http://localhost:7000");
});

test("a_request_that_nothing_was_granted_before_has_nothing_to_compare_and_a_yardstick_where_one_fits", async () => {
  const sheet = await open("typical", "WooCommerce");
  expect(within(sheet).queryByTestId("request-changes")).toBeNull();
  expect(within(sheet).getByTestId("yardstick").textContent).toContain("Exactly what the WooCommerce plugin asks");
});
