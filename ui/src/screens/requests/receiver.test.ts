import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import App from "../../App.svelte";
import { fakeHost } from "../../host/fake";
import { node } from "../../host/fake/receivers";
import { NUMBER } from "../../host/fake/world";
import { Desk } from "../../state/desk.svelte";
import { keyOf } from "../../state/receiver";

let host: ReturnType<typeof fakeHost>;
let time = 0;

beforeEach(() => {
  time = 50_000;
  vi.spyOn(performance, "now").mockImplementation(() => time);
  vi.stubGlobal("ResizeObserver", class { observe(): void {} unobserve(): void {} disconnect(): void {} });
  Element.prototype.animate ??= vi.fn().mockReturnValue({ cancel: vi.fn(), finished: Promise.resolve() });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(name: string, scene = "receivers"): Promise<void> {
  host = fakeHost(scene, 0);
  render(App, { desk: new Desk(host) });
  const cards = await screen.findAllByTestId("request-card");
  await fireEvent.click(cards.find((card) => card.textContent?.includes(name)) as HTMLElement);
  await screen.findByTestId("request-sentence");
}

const asked = (name: string) => {
  const found = host.world.asked.find((one) => one.view.name === name);
  if (!found) throw new Error(name);
  return found;
};
const shown = () => screen.getByTestId("request-receiver");

test("each_kind_of_receiver_is_said_and_another_users_needs_the_passphrase", async () => {
  const said = {
    Nobody: "Nothing listens at localhost:8080 yet: start it.",
    "Another user": "A program of another user: ben",
    "Unknown receiver": "It may be another user’s.",
    Root: "A program of root.",
    Untold: "A program of yours.",
    Elsewhere: "/usr/sbin/apache2",
  };
  for (const [name, text] of Object.entries(said)) {
    await open(name);
    expect(shown().textContent).toContain(text);
    expect(screen.queryByTestId("request-passphrase") !== null, name).toBe(["Another user", "Unknown receiver"].includes(name));
    cleanup();
  }
});

test("a_page_of_another_address_and_a_program_that_has_ended_stand_out", async () => {
  await open("Elsewhere");
  expect(screen.getByTestId("request-sender").textContent).toContain("https://deals.example");
  expect(screen.getByTestId("sender-elsewhere")).toBeTruthy();
  expect(screen.getByTestId("request-sentence").textContent).toContain("Asked by the page https://deals.example.");
  cleanup();
  await open("Ended");
  expect(screen.getByTestId("asker-ended")).toBeTruthy();
  expect(screen.queryByTestId("sender-elsewhere")).toBeNull();
  cleanup();
  await open("Changed");
  expect(screen.getByTestId("receiver-new")).toBeTruthy();
  expect(screen.getByTestId("request-number")).toBeTruthy();
});

test("an_open_sheet_sees_that_somebody_listens_now_and_is_deaf_again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
  await open("Nobody");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  expect(asked("Nobody").view.status).toBe("pending");
  await waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_500);
    expect(shown().textContent).toContain("server.js");
  });
  screen.getByTestId("approve").click();
  expect(asked("Nobody").view.status, "what would be granted has changed").toBe("pending");
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  await screen.findByTestId("request-over");
  expect(asked("Nobody").view.receiver?.listener).toEqual(node);
});

test("a_receiver_that_changed_before_the_decision_is_not_approved_but_shown", async () => {
  await open("Elsewhere");
  await fireEvent.input(screen.getByTestId("request-number"), { target: { value: String(NUMBER) } });
  const one = asked("Elsewhere");
  one.view = { ...one.view, receiver: { origin: "http://localhost:8080", listener: node } };
  time += 700;
  await fireEvent.click(screen.getByTestId("approve"));
  await waitFor(() => expect(shown().textContent).toContain("server.js"));
  expect(one.view.status).toBe("pending");
  expect(screen.getByRole("alert").textContent).toContain("The receiver has changed");
});

test("a_key_that_was_held_back_goes_to_another_program_only_after_that_was_seen", async () => {
  host = fakeHost("typical", 0);
  const call = vi.spyOn(host, "call");
  render(App, { desk: new Desk(host) });
  const rows = await screen.findAllByTestId("history-row");
  const row = rows.find((one) => one.textContent?.includes("Held back")) as HTMLElement;
  await waitFor(() => expect(row.querySelector('[data-testid="deliver-again"]')).toBeTruthy());
  await fireEvent.click(row.querySelector('[data-testid="deliver-again"]') as HTMLElement);
  const dialog = await screen.findByTestId("deliver-elsewhere");
  expect(dialog.textContent).toContain("This key was for apache2. Now node server.js would get it.");
  await fireEvent.click(screen.getByTestId("deliver-elsewhere-confirm"));
  await waitFor(() => expect(screen.queryByTestId("deliver-elsewhere")).toBeNull());
  const sent = call.mock.calls.filter(([name]) => name === "deliver").map(([, args]) => args as { receiver: unknown });
  expect(sent.map((args) => args.receiver)).toEqual([null, { origin: "http://localhost:8081", listener: node }]);
});

test("a_restarted_program_is_the_same_receiver_and_another_script_is_not", () => {
  if (node.whose !== "own" || !node.program) throw new Error("a program");
  const { program } = node;
  const at = (listener: typeof node) => keyOf({ origin: "http://localhost:8080", listener });
  expect(at({ ...node, program: { ...program, pid: 1, started: null } })).toBe(at(node));
  expect(at({ ...node, program: { ...program, script: "/tmp/server.js" } })).not.toBe(at(node));
});
