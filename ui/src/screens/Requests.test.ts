import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";
import App from "../App.svelte";
import { fakeHost } from "../host/fake";
import { Desk } from "../state/desk.svelte";

afterEach(() => cleanup());

test("a_card_that_goes_away_leaves_the_focus_to_the_heading", async () => {
  const host = fakeHost("typical", 0);
  render(App, { desk: new Desk(host) });
  const [card] = await screen.findAllByTestId("request-card");
  card?.focus();
  await host.call("refuse", { id: card?.dataset.requestId ?? "", block: false });
  await waitFor(() => expect(card?.isConnected).toBe(false));
  await waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
});

test("nobody_asking_shows_the_gates_address_to_copy", async () => {
  render(App, { desk: new Desk(fakeHost("empty", 0)) });
  await screen.findByText("Nobody is asking");
  expect(screen.getByTestId("gate-address").textContent).toBe("http://127.0.0.1:21420");
});
