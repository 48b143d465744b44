// The pages of Keys, Users, Stores and Settings that are looked at: see browser.mjs.
const id = (name) => (page) => page.getByTestId(name).first().click();
const steps = (...all) => async (page) => {
  for (const step of all) await step(page);
};
const fill = (name, text) => (page) => page.getByTestId(name).fill(text);
const seen = (name) => (page) => page.getByTestId(name).first().waitFor();
const row = (text) => (page) => page.getByTestId("key-row").filter({ hasText: text }).click();
const user = fill("new-key-user", "ana@shop.example");
const rows = (page) => page.getByRole("row").nth(1).waitFor();

const openKey = (text) => steps(seen("key-row"), row(text), seen("reveal-key"));
const openNew = steps(id("new-key"), seen("new-key-user"));
const make = steps(openNew, user, fill("new-key-label", "Front counter"), id("preset-shop"), id("new-key-store"));

const choose = (id, value) => (page) => page.getByTestId(id).selectOption(value);
const filtered = steps(rows, id("key-filter"), choose("filter-state", "live"), choose("filter-unused", { label: "Not for 30 days" }));
const chosen = async (page) => {
  await page.getByTestId("choose-row").nth(1).click();
  await page.getByTestId("key-row").nth(5).click({ modifiers: ["Shift"] });
};

/** Each with its scene, its address and what is done before looking. */
export const deskPages = [
  { name: "keys", scene: "typical", hash: "keys", act: rows },
  { name: "keys-many", scene: "many", hash: "keys", act: rows },
  { name: "keys-long", scene: "long", hash: "keys", act: rows },
  { name: "keys-search", scene: "many", hash: "keys", act: steps(rows, fill("key-search", "till 99")) },
  { name: "keys-none", scene: "typical", hash: "keys", act: steps(rows, fill("key-search", "nothing like it")) },
  { name: "keys-filter", scene: "many", hash: "keys", act: filtered },
  { name: "keys-filtered", scene: "many", hash: "keys", act: steps(filtered, (page) => page.keyboard.press("Escape")) },
  { name: "keys-no-match", scene: "typical", hash: "keys", act: steps(rows, id("key-filter"), choose("filter-state", "expired"), choose("filter-unused", { label: "Never" }), (page) => page.keyboard.press("Escape")) },
  { name: "keys-sorted", scene: "many", hash: "keys", act: steps(rows, (page) => page.getByRole("button", { name: "Label" }).click()) },
  { name: "keys-chosen", scene: "many", hash: "keys", act: steps(rows, chosen) },
  { name: "keys-revoke", scene: "many", hash: "keys", act: steps(rows, chosen, id("revoke-chosen"), fill("revoke-count", "4"), id("revoke-many-confirm")) },
  { name: "keys-revoking", scene: "many", hash: "keys", act: steps(rows, id("choose-all"), id("revoke-chosen"), fill("revoke-count", "2000"), id("revoke-many-confirm"), (page) => page.waitForTimeout(400)) },
  { name: "keys-revoked", scene: "many", hash: "keys", act: steps(rows, id("choose-all"), id("revoke-chosen"), fill("revoke-count", "2000"), id("revoke-many-confirm"), id("revoke-stop"), seen("revoke-outcome")) },
  { name: "keys-empty", scene: "empty", hash: "keys" },
  { name: "keys-broken", scene: "broken", hash: "keys" },
  { name: "key", scene: "typical", hash: "keys", act: openKey("Front desk") },
  { name: "key-damaged", scene: "typical", hash: "keys", act: steps(seen("key-row"), row("Backup")) },
  { name: "key-revealed", scene: "typical", hash: "keys", act: steps(openKey("Front desk"), id("reveal-key"), seen("key-secret")) },
  { name: "key-copied", scene: "typical", hash: "keys", act: steps(openKey("Front desk"), id("reveal-key"), id("copy-secret")) },
  { name: "key-revoke", scene: "typical", hash: "keys", act: steps(openKey("Front desk"), id("revoke-key")) },
  { name: "key-reduce", scene: "typical", hash: "keys", act: steps(openKey("Front desk"), id("reduce-key")) },
  { name: "key-reduced", scene: "typical", hash: "keys", act: steps(openKey("Front desk"), id("reduce-key"), id("reduce-confirm"), seen("key-reduced")) },
  { name: "key-long", scene: "long", hash: "keys", act: openKey("A name") },
  { name: "new-key", scene: "typical", hash: "keys", act: openNew },
  { name: "new-key-pick", scene: "many", hash: "keys", act: steps(openNew, fill("new-key-user", "user1")) },
  { name: "new-key-filled", scene: "typical", hash: "keys", act: make },
  { name: "new-key-many", scene: "many", hash: "keys", act: make },
  { name: "new-key-full", scene: "typical", hash: "keys", act: steps(openNew, user, id("preset-full")) },
  { name: "new-key-errors", scene: "typical", hash: "keys", act: steps(openNew, (page) => page.getByTestId("new-key-expiry").selectOption("date"), id("create-key")) },
  { name: "new-key-made", scene: "typical", hash: "keys", act: steps(make, id("create-key"), seen("key-secret")) },
  { name: "users", scene: "typical", hash: "users", act: rows },
  { name: "users-long", scene: "long", hash: "users", act: rows },
  { name: "users-many", scene: "many", hash: "users", act: rows },
  { name: "users-new", scene: "typical", hash: "users", act: id("new-user") },
  { name: "users-errors", scene: "typical", hash: "users", act: steps(id("new-user"), fill("new-user-email", "ANA@shop.example"), id("create-user")) },
  { name: "stores", scene: "typical", hash: "stores", act: rows },
  { name: "stores-many", scene: "many", hash: "stores", act: rows },
  { name: "stores-empty", scene: "empty", hash: "stores" },
  { name: "zoom-keys", scene: "typical", hash: "keys", act: rows, size: { width: 450, height: 300 } },
  { name: "zoom-new-key", scene: "typical", hash: "keys", act: make, size: { width: 450, height: 300 } },
  { name: "stores-new", scene: "typical", hash: "stores", act: steps(id("new-store"), id("new-store-owner")) },
  { name: "stores-broken", scene: "broken", hash: "stores" },
  { name: "settings", scene: "typical", hash: "settings" },
  { name: "settings-saved", scene: "typical", hash: "settings", act: steps(id("basic"), (page) => page.getByTestId("lock-after").selectOption("other"), fill("lock-after-minutes", "0"), (page) => page.keyboard.press("Tab")) },
  { name: "settings-closed", scene: "closed", hash: "settings" },
];
