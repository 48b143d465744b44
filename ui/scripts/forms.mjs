// The pages of the forms that change keys, users and stores, and of the log in a file: see browser.mjs.
const id = (name) => (page) => page.getByTestId(name).first().click();
const steps = (...all) => async (page) => {
  for (const step of all) await step(page);
};
const fill = (name, text) => (page) => page.getByTestId(name).fill(text);
const seen = (name) => (page) => page.getByTestId(name).first().waitFor();
const choose = (name, value) => (page) => page.getByTestId(name).first().selectOption(value);
const row = (name, text) => steps(seen(name), (page) => page.getByTestId(name).filter({ hasText: text }).first().click());
const tick = (policy) => (page) => page.locator(`[data-testid="edit-key-permission"][data-permission="${policy}"]`).click();
const down = (name) => (page) => page.getByTestId(name).first().scrollIntoViewIfNeeded();
const member = (email, role) => (page) => page.locator(`[data-email="${email}"] [data-testid="member-role"]`).selectOption(role);

const edit = steps(row("key-row", "Front desk"), id("edit-key"), seen("edit-key-label"));
const changed = steps(edit, fill("edit-key-label", "Till 1"), tick("btcpay.store.canviewreports"), tick("btcpay.store.cancreateinvoice"),
  choose("edit-key-expiry", "month"));
const user = (email) => steps(row("user-row", email), seen("user-sheet"), (page) => page.waitForTimeout(400));
const store = (name) => steps(row("store-row", name), seen("store-member"), (page) => page.waitForTimeout(300));

/** Each with its scene, its address and what is done before looking. */
export const formPages = [
  { name: "edit-key", scene: "typical", hash: "keys", act: edit },
  { name: "edit-key-changed", scene: "typical", hash: "keys", act: changed },
  { name: "edit-key-discard", scene: "typical", hash: "keys", act: steps(changed, id("edit-key-cancel"), seen("discard-dialog")) },
  { name: "edit-key-error", scene: "typical", hash: "keys", act: steps(edit, choose("edit-key-expiry", "date"), id("save-key")) },
  { name: "edit-key-long", scene: "long", hash: "keys", act: steps(row("key-row", "A name"), id("edit-key"), seen("edit-key-label")) },
  { name: "key-qr", scene: "typical", hash: "keys", act: steps(row("key-row", "Front desk"), id("reveal-key"), seen("key-qr"), down("key-curl")) },
  { name: "key-history", scene: "typical", hash: "keys", act: steps(row("key-row", "Front desk"), seen("key-event"), down("key-event")) },
  { name: "user", scene: "typical", hash: "users", act: user("ana@") },
  { name: "user-down", scene: "typical", hash: "users", act: steps(user("ana@"), down("delete-user")) },
  { name: "user-disabled", scene: "typical", hash: "users", act: steps(user("ana@"), id("disable-user"), seen("undo-user"), down("delete-user")) },
  { name: "user-only-admin", scene: "typical", hash: "users", act: steps(user("admin@"), id("disable-user"), (page) => page.waitForTimeout(300), down("delete-user")) },
  { name: "user-delete", scene: "typical", hash: "users", act: steps(user("ana@"), id("delete-user"), id("delete-user-confirm")) },
  { name: "user-password", scene: "typical", hash: "users", act: steps(user("ben@"), id("set-password"), id("save-password")) },
  { name: "user-long", scene: "long", hash: "users", act: user("a-long-name") },
  { name: "store", scene: "typical", hash: "stores", act: store("Bakery") },
  { name: "store-role", scene: "typical", hash: "stores", act: steps(store("Bakery"), member("ana@shop.example", "Guest")) },
  { name: "store-added", scene: "typical", hash: "stores", act: steps(store("Bakery"), fill("member-user", "admin@shop.example"), id("add-member"), seen("undo-member")) },
  { name: "store-last", scene: "typical", hash: "stores", act: steps(store("Online"), id("remove-member"), seen("store-ends")) },
  { name: "store-rename", scene: "typical", hash: "stores", act: steps(store("Bakery"), id("rename-store"), fill("store-name", ""), id("rename-store-save")) },
  { name: "store-long", scene: "long", hash: "stores", act: store("المتجر") },
  { name: "log-export", scene: "typical", hash: "log", act: steps(id("log-export"), (page) => page.waitForTimeout(300)) },
  { name: "log-exporting", scene: "many", hash: "log", act: steps(id("log-export"), (page) => page.waitForTimeout(300), id("log-export-save"), (page) => page.waitForTimeout(500)) },
  { name: "log-exported", scene: "typical", hash: "log", act: steps(id("log-export"), (page) => page.waitForTimeout(300), id("log-export-save"), seen("log-exported")) },
  { name: "zoom-edit-key", scene: "typical", hash: "keys", act: changed, size: { width: 450, height: 300 } },
  { name: "zoom-user", scene: "typical", hash: "users", act: user("ana@"), size: { width: 640, height: 400 } },
];
