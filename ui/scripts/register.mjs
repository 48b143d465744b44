// The pages of Applications, Servers and Log that are looked at: see browser.mjs.
const id = (name) => (page) => page.getByTestId(name).first().click();
const steps = (...all) => async (page) => {
  for (const step of all) await step(page);
};
const fill = (name, text) => (page) => page.getByTestId(name).fill(text);
const seen = (name) => (page) => page.getByTestId(name).first().waitFor();
const rows = (page) => page.getByRole("row").nth(1).waitFor();
const kind = (value) => (page) => page.getByTestId("log-kind").selectOption(value);
const settled = (page) => page.waitForTimeout(900);

const openApp = (text) => steps(rows, (page) => page.getByTestId("application-row").filter({ hasText: text }).first().click(), settled);

/** Each with its scene, its address and what is done before looking. */
export const registerPages = [
  { name: "applications", scene: "typical", hash: "applications", act: rows },
  { name: "applications-many", scene: "many", hash: "applications", act: rows },
  { name: "applications-none", scene: "many", hash: "applications", act: steps(rows, fill("application-search", "zzz"), settled) },
  { name: "applications-empty", scene: "empty", hash: "applications" },
  { name: "applications-broken", scene: "broken", hash: "applications" },
  { name: "application", scene: "typical", hash: "applications", act: openApp("Till") },
  { name: "application-blocked", scene: "typical", hash: "applications", act: steps(openApp("Till"), id("block-application"), settled) },
  { name: "application-many", scene: "many", hash: "applications", act: openApp("Shop") },
  { name: "servers", scene: "typical", hash: "servers" },
  { name: "servers-closed", scene: "closed", hash: "servers" },
  { name: "log", scene: "typical", hash: "log", act: rows },
  { name: "log-many", scene: "many", hash: "log", act: rows },
  { name: "log-keys", scene: "many", hash: "log", act: steps(rows, kind("keys"), settled) },
  { name: "log-walking", scene: "huge", hash: "log", act: steps(rows, fill("log-search", "harbour"), settled) },
  { name: "log-stopped", scene: "huge", hash: "log", act: steps(rows, fill("log-search", "harbour"), settled, id("log-stop")) },
  { name: "log-none", scene: "typical", hash: "log", act: steps(rows, fill("log-search", "nothing like it"), settled) },
  { name: "log-verifying", scene: "many", hash: "log", act: steps(rows, id("log-verify"), (page) => page.waitForTimeout(500)) },
  { name: "log-verified", scene: "typical", hash: "log", act: steps(rows, id("log-verify"), seen("log-verdict")) },
  { name: "log-tampered", scene: "tampered", hash: "log", act: steps(rows, id("log-verify"), seen("log-verdict")) },
  { name: "log-entry", scene: "typical", hash: "log", act: steps(rows, (page) => page.locator('[data-action="request-approved"]').first().click(), seen("log-entry")) },
  { name: "log-broken", scene: "broken", hash: "log" },
  { name: "zoom-log", scene: "many", hash: "log", act: rows, size: { width: 640, height: 400 } },
  { name: "zoom-applications", scene: "many", hash: "applications", act: rows, size: { width: 640, height: 400 } },
];
