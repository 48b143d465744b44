import { beforeEach, expect, test, vi } from "vitest";
import { fakeHost } from "../host/fake";
import { NUMBER, PASSPHRASE } from "../host/fake/world";
import { Desk } from "./desk.svelte";
import { Guard } from "./guard";
import { RequestSheet } from "./sheet.svelte";

let time = 0;
let host: ReturnType<typeof fakeHost>;
let desk: Desk;

beforeEach(async () => {
  time = 10_000;
  host = fakeHost("typical", 0);
  desk = new Desk(host);
  await desk.refresh();
});

async function open(name: string | null): Promise<RequestSheet> {
  const request = desk.requests.find((one) => one.name === name && one.status === "pending");
  const sheet = new RequestSheet(desk, request?.id ?? "", new Guard(() => time));
  await sheet.open();
  time += 700;
  return sheet;
}

const statusOf = (sheet: RequestSheet) => host.world.asked.find((one) => one.view.id === sheet.id)?.view.status;

test("the_right_number_approves_and_is_forgotten", async () => {
  const sheet = await open("WooCommerce");
  sheet.number = String(NUMBER);
  await sheet.approve();
  expect(sheet.outcome?.kind).toBe("approved");
  expect(sheet.number).toBe("");
  expect(statusOf(sheet)).toBe("approved");
});

test("within_700_ms_of_showing_nothing_is_decided", async () => {
  const sheet = await open("WooCommerce");
  sheet.number = String(NUMBER);
  time -= 1;
  await sheet.approve();
  await sheet.refuse(true);
  expect(statusOf(sheet)).toBe("pending");
});

test("a_wrong_number_is_cleared_and_nothing_else_that_was_typed", async () => {
  const sheet = await open("BTСPay");
  Object.assign(sheet, { number: "11", passphrase: PASSPHRASE, label: "Mine" });
  await sheet.approve();
  expect(sheet.errors.number).toBeDefined();
  expect([sheet.number, sheet.passphrase, sheet.label]).toEqual(["", PASSPHRASE, "Mine"]);
  expect(sheet.isOver).toBe(false);
});

test("two_wrong_numbers_end_the_request_and_the_sheet_says_so", async () => {
  const sheet = await open("WooCommerce");
  for (const number of ["11", "12"]) {
    sheet.number = number;
    await sheet.approve();
  }
  expect(sheet.ended).toBe("wrong-twice");
});

test("a_wrong_passphrase_stands_beside_its_field", async () => {
  const sheet = await open("BTСPay");
  Object.assign(sheet, { number: String(NUMBER), passphrase: "nonsense" });
  await sheet.approve();
  expect(Object.keys(sheet.errors)).toEqual(["passphrase"]);
});

test("another_user_clears_the_stores_and_makes_the_decision_deaf", async () => {
  const sheet = await open("WooCommerce");
  expect(sheet.stores).toHaveLength(1);
  const ana = sheet.view?.users.find((user) => user.email.startsWith("ana@"));
  sheet.chooseUser(ana?.id ?? "");
  expect(sheet.stores).toEqual([]);
  await vi.waitFor(() => expect(sheet.view?.user).toBe(ana?.id));
  expect(sheet.guard.remaining).toBe(700);
});

test("a_missing_store_is_said_at_the_stores", async () => {
  const sheet = await open("WooCommerce");
  sheet.chooseUser(sheet.view?.users.find((user) => user.email.startsWith("ana@"))?.id ?? "");
  await sheet.reload();
  time += 700;
  sheet.number = String(NUMBER);
  await sheet.approve();
  expect(Object.keys(sheet.errors)).toEqual(["store"]);
});

test("a_request_that_is_not_strict_takes_a_permission_away", async () => {
  const sheet = await open(null);
  sheet.togglePermission("btcpay.store.cancreateinvoice");
  await sheet.reload();
  expect(sheet.view?.permissions.map((one) => one.policy)).toEqual(["btcpay.store.canviewinvoices"]);
});

test("without_a_number_a_program_gets_a_key_for_a_day_with_the_passphrase", async () => {
  const sheet = await open(null);
  sheet.goWithoutNumber(true);
  expect([sheet.expiry, sheet.needsNumber, sheet.needsPassphrase]).toEqual(["day", false, true]);
  sheet.noticeGrant();
  time += 700;
  sheet.passphrase = PASSPHRASE;
  await sheet.approve();
  expect(sheet.outcome?.kind).toBe("approved");
});

test("a_request_that_ends_meanwhile_is_said_to_have_ended_and_cannot_be_decided", async () => {
  const sheet = await open("WooCommerce");
  await host.call("refuse", { id: sheet.id, block: false });
  await desk.refresh();
  sheet.watch(desk.requests);
  expect(sheet.ended).toBe("refused");
  sheet.number = String(NUMBER);
  await sheet.approve();
  expect(sheet.outcome).toBeNull();
});

test("a_matching_key_makes_the_human_choose", async () => {
  const sheet = await open("Till");
  sheet.chooseUser(sheet.view?.users.find((user) => user.email.startsWith("ana@"))?.id ?? "");
  await sheet.reload();
  sheet.toggleStore(sheet.view?.stores.find((store) => store.name === "Bakery")?.id ?? "");
  await sheet.reload();
  time += 700;
  await sheet.approve();
  expect(Object.keys(sheet.errors)).toEqual(["matching"]);
  sheet.matching = "existing";
  await sheet.approve();
  expect(sheet.outcome).toMatchObject({ kind: "approved", label: "Front desk", view: { grant: { existing: true } } });
});

test("only_the_newest_question_is_answered", async () => {
  const sheet = await open("WooCommerce");
  const users = sheet.view?.users ?? [];
  for (const user of users) sheet.chooseUser(user.id);
  await sheet.reload();
  expect(sheet.view?.user).toBe(users.at(-1)?.id);
});
