import { fireEvent, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";
import { firstUse } from "../host/fake/replacing";
import { leave, show } from "./testing";

afterEach(leave);

type Host = Awaited<ReturnType<typeof show>>;

const keyOf = (host: Host, label: string) => host.world.keys.find((key) => key.label === label && key.state === "live");

async function openKey(label: string): Promise<HTMLElement> {
  const rows = () => screen.getAllByTestId("key-row").filter((row) => row.textContent?.includes(label));
  await waitFor(() => expect(rows()).not.toHaveLength(0));
  await fireEvent.click(rows()[0] as HTMLElement);
  return await screen.findByTestId("key-sheet");
}

async function chooseAndConfirm(stop: string): Promise<HTMLElement> {
  const dialog = await screen.findByTestId("replace-dialog");
  const choices = await within(dialog).findAllByTestId("replace-stop");
  await fireEvent.click(choices.find((one) => one.dataset.way === stop) as HTMLElement);
  await fireEvent.click(within(dialog).getByTestId("replace-confirm"));
  return await within(dialog).findByTestId("receipt");
}

test("a_rotated_key_is_shown_once_and_its_receipt_follows_the_first_use", async () => {
  const host = await show("typical", "keys");
  const sheet = await openKey("Bookkeeping");
  await fireEvent.click(within(sheet).getByTestId("rotate-key"));
  const dialog = await screen.findByTestId("replace-dialog");
  expect((await within(dialog).findByTestId("replace-key")).textContent).toContain("ana@shop.example");
  const receipt = await chooseAndConfirm("first-use");
  const [old] = within(receipt).getAllByTestId("receipt-key");
  expect(old?.dataset.outlook).toBe("waits-for-use");
  const secret = within(receipt).getByTestId("key-secret").textContent;
  const next = host.world.keys.at(-1);
  expect(secret).toBe(host.world.secrets.get(next?.id ?? ""));
  firstUse(host.world, next?.id ?? "");
  await waitFor(() => expect(within(receipt).getByTestId("receipt-key").dataset.outlook).toBe("stopped"));
  expect(within(receipt).getByTestId("receipt-key").textContent).toMatch(/First used \d\d:\d\d by php-fpm/);
  await fireEvent.click(within(dialog).getByTestId("receipt-close"));
  await waitFor(() => expect(screen.queryByTestId("replace-dialog")).toBeNull());
  expect(document.body.textContent).not.toContain(secret ?? "?");
  await fireEvent.click(await within(sheet).findByTestId("show-receipt"));
  const again = await screen.findByTestId("receipt-dialog");
  expect(within(again).queryByTestId("key-secret")).toBeNull();
});

test("an_application_is_replaced_by_asking_again_and_what_goes_on_stays_visible", async () => {
  const host = await show("typical", "applications");
  await waitFor(() => expect(screen.getAllByTestId("application-row").length).toBeGreaterThan(1));
  const row = screen.getAllByTestId("application-row").find((one) => one.textContent?.includes("Till"));
  await fireEvent.click(row as HTMLElement);
  const sheet = await screen.findByTestId("application-sheet");
  await fireEvent.click(await within(sheet).findByTestId("replace-keys"));
  const dialog = await screen.findByTestId("replace-dialog");
  const ways = await within(dialog).findAllByTestId("replace-hand-over");
  await waitFor(() => expect(ways.find((one) => (one as HTMLInputElement).checked)?.dataset.way).toBe("ask-again"));
  const receipt = await chooseAndConfirm("first-use");
  expect(within(receipt).getByTestId("receipt-key").dataset.outlook).toBe("waits-for-key");
  expect(keyOf(host, "Front desk")?.state).toBe("live");
  await fireEvent.click(within(dialog).getByTestId("receipt-close"));
  const line = await within(sheet).findByTestId("receipt-row");
  expect(line.textContent).toContain("0 of 1 key stopped");
});

test("selected_keys_are_replaced_together_and_each_new_one_has_its_qr_code", async () => {
  await show("typical", "keys");
  const live = () => screen.getAllByTestId("key-row").filter((row) => /Bookkeeping|Summer market/.test(row.textContent ?? ""));
  await waitFor(() => expect(live()).toHaveLength(2));
  for (const row of live()) await fireEvent.click(within(row).getByTestId("choose-row"));
  await fireEvent.click(await screen.findByTestId("replace-chosen"));
  const receipt = await chooseAndConfirm("in-a-day");
  expect(within(receipt).getAllByTestId("receipt-key")).toHaveLength(2);
  expect(within(receipt).getAllByTestId("key-secret")).toHaveLength(2);
  expect(within(receipt).getAllByTestId("key-qr")).toHaveLength(2);
});

test("a_users_keys_are_replaced_from_their_sheet_and_the_receipt_stays_there", async () => {
  await show("typical", "users");
  const row = () => screen.queryAllByTestId("user-row").find((one) => one.dataset.email === "ana@shop.example");
  await waitFor(() => expect(row()).toBeTruthy());
  await fireEvent.click(row() as HTMLElement);
  const sheet = await screen.findByTestId("user-sheet");
  await fireEvent.click(await within(sheet).findByTestId("replace-user-keys"));
  const receipt = await chooseAndConfirm("now");
  expect(within(receipt).getAllByTestId("receipt-key").every((one) => one.dataset.outlook === "stopped")).toBe(true);
  await fireEvent.click(screen.getByTestId("receipt-close"));
  expect((await within(sheet).findAllByTestId("receipt-row")).length).toBeGreaterThan(0);
});

test("a_key_that_cannot_be_replaced_is_named_before", async () => {
  await show("typical", "keys");
  const sheet = await openKey("Kiosk 1");
  const rows = screen.getAllByTestId("key-row").filter((row) => row.textContent?.includes("Kiosk 1"));
  expect(rows.map((row) => row.querySelector("[data-standing]")?.getAttribute("data-standing")).sort()).toEqual(["leaving", "live"]);
  if (within(sheet).queryByTestId("key-replaced") === null) {
    await fireEvent.keyDown(sheet, { key: "Escape" });
    await fireEvent.click(rows.find((row) => row.querySelector("[data-standing=leaving]")) as HTMLElement);
  }
  const old = await screen.findByTestId("key-sheet");
  expect((await within(old).findByTestId("key-replaced")).textContent).toContain("until the new one is first used");
  await fireEvent.click(within(old).getByTestId("rotate-key"));
  const dialog = await screen.findByTestId("replace-dialog");
  expect((await within(dialog).findByTestId("replace-key")).textContent).toContain("takes its place already");
  expect(within(dialog).queryByTestId("replace-confirm")).toBeNull();
});

test("a_reconnect_says_which_keys_stop_and_the_request_when_its_key_was_first_used", async () => {
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
  const host = await show("typical", "requests");
  const at = host.world.asked.findIndex((one) => one.view.name === "Ledger" && one.view.status === "pending");
  await fireEvent.click(screen.getAllByTestId("request-card")[at] as HTMLElement);
  const sheet = await screen.findByTestId("request-sheet");
  const old = await within(sheet).findByTestId("stop-old");
  expect(old.dataset.keyId).toBe(keyOf(host, "Bookkeeping")?.id);
  await fireEvent.click(old);
  await fireEvent.input(within(sheet).getByTestId("request-number"), { target: { value: "47" } });
  await fireEvent.input(within(sheet).getByTestId("request-passphrase"), { target: { value: host.world.passphrase } });
  vi.mocked(Date.now).mockReturnValue(Date.now() + 5_000);
  await new Promise((done) => setTimeout(done, 800));
  await fireEvent.click(within(sheet).getByTestId("approve"));
  const over = await screen.findByTestId("request-over");
  expect(over.textContent).toContain("The old key stops when this one is first used.");
  const proof = await within(over).findByTestId("request-proof", undefined, { timeout: 4_000 });
  expect(proof.textContent).toMatch(/^Handed over .+, not used yet$/);
  firstUse(host.world, host.world.asked[at]?.view.grant?.key ?? "");
  await waitFor(() => expect(within(over).getByTestId("request-proof").textContent).toMatch(/first used \d\d:\d\d by php-fpm$/));
  expect(keyOf(host, "Bookkeeping")).toBeUndefined();
}, 15_000);
