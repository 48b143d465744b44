import { beforeEach, expect, test } from "vitest";
import { fakeHost } from "../host/fake";
import { catalogue } from "../host/fake/catalogue";
import type { Host } from "../host/host";
import { words } from "../words";
import { Desk } from "./desk.svelte";
import { NewKey } from "./newKey.svelte";
import { policiesOf, presetOf } from "./presets";

let host: Host & { world: ReturnType<typeof fakeHost>["world"] };
let key: NewKey;

beforeEach(async () => {
  host = fakeHost("typical", 0);
  key = new NewKey(new Desk(host), null);
  await key.open();
});

function userOf(email: string): string {
  return key.users.find((user) => user.email === email)?.id ?? "";
}

function said(): string {
  return words.newKey.sentence(key.facts).map((piece) => piece.text).join("");
}

function emphasised(): string[] {
  return words.newKey.sentence(key.facts).filter((piece) => piece.strong).map((piece) => piece.text);
}

test("read_only_looks_at_stores_and_changes_nothing", () => {
  const policies = policiesOf("read", catalogue);
  expect(policies).toContain("btcpay.store.canviewinvoices");
  expect(policies).toContain("btcpay.store.canviewstoresettings");
  const tiers = catalogue.filter((one) => policies.includes(one.name)).map((one) => one.tier);
  expect(new Set(tiers)).toEqual(new Set(["see"]));
  expect(policies.every((one) => one.startsWith("btcpay.store."))).toBe(true);
});

test("create_invoices_makes_and_sees_them", () => {
  expect(policiesOf("invoices", catalogue)).toEqual(["btcpay.store.cancreateinvoice", "btcpay.store.canviewinvoices"]);
});

test("a_shop_plugin_can_refund_only_what_somebody_approves", () => {
  expect(policiesOf("shop", catalogue)).toEqual([
    "btcpay.store.cancreateinvoice", "btcpay.store.cancreatenonapprovedpullpayments", "btcpay.store.canmodifyinvoices",
    "btcpay.store.canviewinvoices", "btcpay.store.canviewstoresettings", "btcpay.store.webhooks.canmodifywebhooks",
  ]);
});

test("full_access_is_unrestricted", () => {
  expect(policiesOf("full", catalogue)).toEqual(["unrestricted"]);
});

test("a_preset_is_shown_only_while_nothing_was_changed", () => {
  key.choosePreset("invoices");
  expect(key.preset).toBe("invoices");
  key.togglePolicy("btcpay.store.canviewreports");
  expect(key.preset).toBeNull();
  key.togglePolicy("btcpay.store.canviewreports");
  expect(key.preset).toBe("invoices");
  expect(presetOf(new Set(), catalogue)).toBeNull();
});

test("the_sentence_says_what_and_where", () => {
  key.chooseUser(userOf("ana@shop.example"));
  key.choosePreset("invoices");
  expect(said()).toBe("This key of ana@shop.example can view and create invoices in all stores, 3 now and later ones. It has no end.");
  expect(key.tier).toBe("sell");
});

test("the_sentence_names_the_store_it_is_narrowed_to", () => {
  key.chooseUser(userOf("ana@shop.example"));
  key.choosePreset("invoices");
  const [bakery, counter] = key.own;
  key.toggleStore(bakery?.id ?? "");
  expect(said()).toContain("invoices in Bakery.");
  expect(key.permissions).toEqual([
    `btcpay.store.cancreateinvoice:${bakery?.id}`, `btcpay.store.canviewinvoices:${bakery?.id}`,
  ]);
  key.toggleStore(counter?.id ?? "");
  expect(said()).toContain("invoices in 2 stores.");
});

test("another_owner_has_other_stores", () => {
  key.chooseUser(userOf("ana@shop.example"));
  key.choosePreset("invoices");
  key.toggleStore(key.own[0]?.id ?? "");
  key.chooseUser(userOf("admin@shop.example"));
  expect(key.narrowed).toEqual([]);
  expect(key.permissions.every((one) => !one.includes(":"))).toBe(true);
});

test("the_sentence_is_plain_about_everything_and_nothing", () => {
  expect(said()).toContain("can do nothing, and only proves that the account exists.");
  key.choosePreset("full");
  expect(emphasised()).toContain("do everything this user can do");
  expect(key.tier).toBe("administer");
  expect(key.concernsStores).toBe(false);
});

test("what_an_ordinary_user_cannot_use_is_said", () => {
  key.togglePolicy("btcpay.server.canviewusers");
  key.chooseUser(userOf("ana@shop.example"));
  expect(said()).toContain("ana@shop.example is no admin");
  key.chooseUser(userOf("admin@shop.example"));
  expect(said()).not.toContain("is no admin");
});

test("a_key_without_an_owner_is_not_made", async () => {
  expect(await key.create()).toBeNull();
  expect(key.errors.user).toBe(words.newKey.errors.user);
});

test("what_the_desk_refuses_is_said_beside_its_field", async () => {
  key.chooseUser(userOf("ana@shop.example"));
  key.label = "x".repeat(201);
  expect(await key.create()).toBeNull();
  expect(key.errors).toEqual({ label: "A label has at most 200 characters" });
});

test("the_token_is_gone_once_it_is_forgotten", async () => {
  key.chooseUser(userOf("ana@shop.example"));
  const id = await key.create();
  expect(key.secret).toBe(host.world.secrets.get(id ?? ""));
  key.forget();
  expect(key.secret).toBeNull();
});

test("a_token_that_arrives_after_closing_is_not_kept", async () => {
  key.chooseUser(userOf("ana@shop.example"));
  const making = key.create();
  key.forget();
  expect(await making).not.toBeNull();
  expect(key.secret).toBeNull();
});
