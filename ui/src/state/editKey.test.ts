import { beforeEach, expect, test } from "vitest";
import { fakeHost } from "../host/fake";
import { catalogue } from "../host/fake/catalogue";
import { words } from "../words";
import type { Reach } from "../words/words.forms";
import { Desk } from "./desk.svelte";
import { EditKey } from "./editKey.svelte";
import { covers, Scopes } from "./scopes";

let host: ReturnType<typeof fakeHost>;

beforeEach(() => {
  host = fakeHost("typical", 0);
});

function editing(label: string, permissions?: string[]): EditKey {
  const { users, stores, keys } = host.world;
  const key = keys.find((one) => one.label === label);
  if (!key) throw new Error(`no key ${label}`);
  if (permissions) key.permissions = permissions;
  return new EditKey(new Desk(host), key, { users, stores, catalogue });
}

function said(reaches: Reach[], say: (reach: Reach) => { text: string }[]): string[] {
  return reaches.map((reach) => say(reach).map((piece) => piece.text).join(""));
}

const added = (edit: EditKey) => said(edit.added, words.keyEdit.added);
const taken = (edit: EditKey) => said(edit.taken, words.keyEdit.taken);
const sentence = (edit: EditKey) => words.newKey.sentence(edit.facts).map((piece) => piece.text).join("");
const storeId = (name: string) => host.world.stores.find((store) => store.name === name)?.id ?? "";

test("a_key_that_is_edited_begins_as_it_is_and_nothing_is_lost_by_leaving", () => {
  const edit = editing("Front desk");
  expect(edit.dirty).toBe(false);
  expect(sentence(edit)).toBe("This key of ana@shop.example can view and create invoices in Bakery. It has no end.");
  expect([...added(edit), ...taken(edit)]).toEqual([]);
  edit.togglePolicy("btcpay.store.canviewreports");
  expect(edit.dirty).toBe(true);
  edit.togglePolicy("btcpay.store.canviewreports");
  expect(edit.dirty).toBe(false);
});

test("what_is_added_and_taken_away_is_said_with_where_it_holds", () => {
  const edit = editing("Front desk");
  edit.togglePolicy("btcpay.store.canviewreports");
  edit.togglePolicy("btcpay.store.cancreateinvoice");
  expect(added(edit)).toEqual(["Can from now on see reports in Bakery"]);
  expect(taken(edit)).toEqual(["No longer can create invoices in Bakery"]);
  expect(edit.permissions).toEqual([
    `btcpay.store.canviewinvoices:${storeId("Bakery")}`, `btcpay.store.canviewreports:${storeId("Bakery")}`,
  ]);
});

test("narrowing_to_a_store_adds_nothing_and_widening_takes_nothing_away", () => {
  const edit = editing("Bookkeeping");
  edit.toggleStore(storeId("Bakery"));
  expect(added(edit)).toEqual([]);
  expect(taken(edit)).toEqual(["No longer can view invoices and see reports in all stores"]);
  const till = editing("Front desk");
  till.toggleStore(storeId("Bakery"));
  expect(taken(till)).toEqual([]);
  expect(added(till)).toEqual(["Can from now on view and create invoices in all stores"]);
  till.toggleStore(storeId("Online shop"));
  expect(added(till)).toEqual(["Can from now on view and create invoices in Online shop"]);
});

test("what_a_wider_permission_includes_is_not_said_to_be_new_or_lost", () => {
  const edit = editing("Bookkeeping", ["btcpay.store.canviewinvoices"]);
  edit.togglePolicy("btcpay.store.canmodifystoresettings");
  edit.togglePolicy("btcpay.store.canviewinvoices");
  expect(taken(edit)).toEqual([]);
  expect(added(edit)).toEqual(["Can from now on change store settings in all stores"]);
  expect(edit.tier).toBe("move-money");
  expect(covers(["unrestricted"], "btcpay.plugin.x:S", catalogue)).toBe(true);
  expect(covers(["btcpay.store.canmodifyinvoices:A"], "btcpay.store.canviewinvoices:B", catalogue)).toBe(false);
  expect(covers(["btcpay.store.canmodifyinvoices:A"], "btcpay.store.canviewinvoices", catalogue)).toBe(false);
});

test("permissions_for_different_stores_stay_so_until_a_store_is_ticked", () => {
  const [bakery, shop] = [storeId("Bakery"), storeId("Online shop")];
  const held = [`btcpay.store.canviewinvoices:${bakery}`, `btcpay.store.canviewreports:${shop}`, "btcpay.user.canviewprofile"];
  const edit = editing("Bookkeeping", held);
  expect(edit.scopes.mixed).toBe(true);
  expect(edit.permissions).toEqual([...held].sort());
  edit.togglePolicy("btcpay.store.cancreateinvoice");
  expect(edit.permissions.filter((one) => one.startsWith("btcpay.store.cancreateinvoice"))).toHaveLength(2);
  edit.toggleStore(bakery);
  expect(edit.scopes.mixed).toBe(false);
  expect(edit.permissions).toContain("btcpay.user.canviewprofile");
  expect(edit.permissions.filter((one) => one.startsWith("btcpay.store.")).every((one) => one.endsWith(`:${shop}`))).toBe(true);
});

test("a_permission_that_nobody_knows_and_a_store_of_nobody_stay_where_they_are", async () => {
  const edit = editing("Bookkeeping", ["btcpay.plugin.store.x:gone", "btcpay.store.canviewinvoices:gone"]);
  expect(edit.dirty).toBe(false);
  expect(edit.catalogue.at(-1)?.name).toBe("btcpay.plugin.store.x");
  expect(edit.stores.at(-1)).toEqual({ id: "gone", name: "gone" });
  edit.label = "Books";
  expect((await edit.save())?.permissions).toEqual(["btcpay.plugin.store.x:gone", "btcpay.store.canviewinvoices:gone"]);
});

test("a_permission_held_twice_is_no_change", () => {
  const edit = editing("Bookkeeping", ["btcpay.store.canviewinvoices", `btcpay.store.canviewinvoices:${storeId("Bakery")}`]);
  expect(edit.dirty).toBe(false);
  expect(Scopes.of(edit.key.permissions).written).toEqual(["btcpay.store.canviewinvoices"]);
});

test("only_what_is_different_is_sent", async () => {
  const edit = editing("Summer market");
  const before = { ...edit.key };
  edit.label = " Winter market ";
  expect(await edit.save()).toEqual({ ...before, label: "Winter market" });
  const ends = editing("Winter market");
  ends.ending = "never";
  expect(ends.newEnd).toBeNull();
  expect((await ends.save())?.expires).toBeNull();
});

test("what_is_wrong_with_the_end_or_the_label_is_said_beside_it", async () => {
  const edit = editing("Front desk");
  edit.ending = "date";
  expect(await edit.save()).toBeNull();
  expect(edit.errors).toEqual({ expires: words.sheet.errors.expiresEmpty });
  edit.ending = "kept";
  edit.label = "x".repeat(201);
  expect(await edit.save()).toBeNull();
  expect(edit.errors).toEqual({ label: "A label has at most 200 characters" });
});
