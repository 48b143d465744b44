import { expect, test } from "vitest";
import type { SheetView } from "../host/bindings/SheetView";
import { makeWorld } from "../host/fake/scenes";
import { requestList, requestShow } from "../host/fake/requests";
import { words } from ".";
import { factsOf, likenessOf } from "./facts";
import type { Piece } from "./words";

const world = makeWorld("typical");
const NOW = Math.floor(Date.now() / 1000);

function show(name: string, user?: string, choose?: string): SheetView {
  const view = requestList(world).find((one) => (one.name ?? "") === name && one.status === "pending");
  const stores = world.stores.filter((store) => store.name === choose).map((store) => store.id);
  return requestShow(world, { id: view?.id ?? "", user: user ?? null, stores, permissions: null });
}

function pieces(view: SheetView): Piece[] {
  return words.sheet.sentence(factsOf(view, NOW));
}

function read(view: SheetView): string {
  return pieces(view).map(({ text, quoted }) => (quoted ? `“${text}”` : text)).join("");
}

const ana = "ana@shop.example";

test("a_shop_is_told_by_its_own_words_what_it_could_do_where_it_goes_and_that_it_is_new", () => {
  expect(read(show("WooCommerce", ana))).toBe(
    "“WooCommerce” (its own words) asks through Firefox for a key that can view, create and change invoices and see " +
      "settings of one store you choose. It goes to http://localhost:8080, received by apache2. " +
      "Asked by the page http://localhost:8080. First time here.",
  );
});

test("a_chosen_store_is_named", () => {
  expect(read(show("WooCommerce", ana, "Bakery"))).toContain("see settings of Bakery. It goes to");
});

test("a_program_is_told_by_its_command_and_who_started_it", () => {
  expect(read(show("", ana))).toMatch(
    /^python3 ~\/till\/sync\.py \(pid 4711, started 1\d seconds ago by bash\) asks for a key that can view and create invoices in all stores of ana@shop\.example: 3 now, and later ones\. It goes back to that program\. First time here\.$/,
  );
});

test("a_known_application_that_wants_more_is_told_by_what_it_has_not_yet", () => {
  const text = read(show("Ledger"));
  expect(text).toMatch(/^Ledger, known since .+, asks for 1 permission more: change store settings\. This includes wallets and payouts\./);
  expect(text).toMatch(/Same program, same address\.$/);
});

test("an_application_that_asks_for_what_it_has_is_told_by_its_key", () => {
  expect(read(show("Till", ana, "Bakery"))).toMatch(
    /^Till asks again for exactly what it has: key “Front desk”, store Bakery, last used 2 minutes ago\. Hand it over again, or make a new one and stop the old\?$/,
  );
});

test("full_control_is_a_warning_that_names_the_foreign_letter", () => {
  expect(read(show("BTСPay", "admin@shop.example"))).toBe(
    "Careful. Full control of admin@shop.example: every store, every wallet, all users. Asked through Firefox by something " +
      "that calls itself “BTСPay” (with a Cyrillic С). It would go unencrypted to http://203.0.113.9. If you did not start " +
      "this a moment ago, refuse.",
  );
});

test("a_request_without_permissions_asks_for_proof_of_an_account", () => {
  expect(read(show("Gozo", ana))).toBe(
    "“Gozo” (its own words) asks for proof that an account exists. You confirm ana@shop.example: Gozo gets its id and a " +
      "key that can do nothing. It goes unencrypted to http://gozo.com.",
  );
});

test("a_request_for_nothing_that_is_known_can_only_be_refused", () => {
  expect(read(show("Canoe club", ana))).toBe(
    "“Canoe club” (its own words) asks through Firefox for nothing that Fieldgate knows. It can only be refused.",
  );
});

test("every_claimed_text_is_set_apart_as_a_claim", () => {
  const claimed = pieces(show("WooCommerce", ana)).filter((piece) => piece.text.includes("WooCommerce"));
  expect(claimed.length).toBeGreaterThan(0);
  expect(claimed.every((piece) => piece.claim)).toBe(true);
});

test("only_what_reaches_furthest_is_strong", () => {
  const summary = words.permissions.summary([
    { policy: "btcpay.store.canviewreports", tier: "see" },
    { policy: "btcpay.store.canmodifystoresettings", tier: "move-money" },
  ]);
  expect(summary.filter((piece) => piece.strong).map((piece) => piece.text)).toEqual(["change store settings"]);
});

test("a_latin_name_has_no_foreign_letter", () => {
  expect(likenessOf("Café Zoë")).toBeNull();
  expect(likenessOf("Αlpha")).toEqual({ letter: "Α", script: "Greek" });
});
