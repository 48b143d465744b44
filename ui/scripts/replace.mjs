// The pages of replacing keys that are looked at: see browser.mjs.
const id = (name) => (page) => page.getByTestId(name).first().click();
const steps = (...all) => async (page) => {
  for (const step of all) await step(page);
};
const seen = (name) => (page) => page.getByTestId(name).first().waitFor();
const openKey = (text) => steps(seen("key-row"), (page) => page.getByTestId("key-row").filter({ hasText: text }).first().click(), seen("key-sheet"));
const openApp = (text) => steps(seen("application-row"), (page) => page.getByTestId("application-row").filter({ hasText: text }).first().click(), seen("replace-keys"));
const rotate = (text) => steps(openKey(text), id("rotate-key"), seen("replace-confirm"));
const replaceApp = steps(openApp("Till"), id("replace-keys"), seen("replace-confirm"));
const approveLedger = async (page) => {
  await page.getByTestId("request-card").nth(2).click();
  await page.getByTestId("stop-old").first().check();
  await page.getByTestId("request-number").fill("47");
  await page.getByTestId("request-passphrase").fill("correct horse");
  await page.waitForTimeout(900);
  await page.getByTestId("approve").click();
  await page.getByTestId("request-proof").filter({ hasText: "first used" }).first().waitFor();
};

/** Each with its scene, its address and what is done before looking. */
export const replacePages = [
  { name: "rotate", scene: "typical", hash: "keys", act: rotate("Bookkeeping") },
  { name: "rotate-receipt", scene: "typical", hash: "keys", act: steps(rotate("Bookkeeping"), id("replace-confirm"), seen("receipt")) },
  { name: "replace", scene: "typical", hash: "applications", act: replaceApp },
  { name: "replace-receipt", scene: "typical", hash: "applications", act: steps(replaceApp, id("replace-confirm"), seen("receipt")) },
  { name: "replace-many", scene: "many", hash: "applications", act: steps(openApp("Shop"), id("replace-keys"), seen("replace-confirm")) },
  { name: "receipts", scene: "typical", hash: "applications", act: steps(replaceApp, id("replace-confirm"), seen("receipt"), id("receipt-close"), (page) => page.getByTestId("receipts").scrollIntoViewIfNeeded()) },
  { name: "key-replaced", scene: "typical", hash: "keys", act: openKey("Kiosk 2") },
  { name: "sheet-stop-old", scene: "typical", act: approveLedger },
  { name: "sheet-holds", scene: "typical", act: async (page) => {
    await page.getByTestId("request-card").nth(2).click();
    await page.getByTestId("stop-old").first().check();
    await page.getByTestId("stop-old").first().scrollIntoViewIfNeeded();
    await page.waitForTimeout(900);
  } },
  { name: "zoom-replace", scene: "typical", hash: "applications", act: replaceApp, size: { width: 450, height: 300 } },
];
