// The pages of what changes and of those that ask again that are looked at: see browser.mjs.
const card = (text) => async (page) => {
  await page.getByTestId("request-card").filter({ hasText: text }).click();
  await page.getByTestId("request-sentence").waitFor();
  await page.waitForTimeout(800);
};

const application = (text) => async (page) => {
  await page.getByTestId("application-row").filter({ hasText: text }).first().click();
  await page.getByTestId("application-note").waitFor();
};

/** Each with its scene, its address and what is done before looking. */
export const changePages = [
  { name: "review-list", scene: "again", act: (page) => page.getByTestId("review-list").waitFor() },
  { name: "zoom-review-list", scene: "again", size: { width: 450, height: 300 } },
  { name: "sheet-other-program", scene: "changed", act: card("Downloads") },
  { name: "sheet-other-address", scene: "changed", act: card("Till elsewhere") },
  { name: "sheet-less", scene: "changed", act: card("Ledger light") },
  { name: "application-changed", scene: "changed", hash: "applications", act: application("localhost:7000") },
  { name: "remembered", scene: "remembered", act: async (page) => {
    await page.getByTestId("tab-remembered").click();
    await page.getByTestId("remembered-row").scrollIntoViewIfNeeded();
  } },
  { name: "sheet-remember", scene: "remembered", act: async (page) => {
    await card("Card terminal")(page);
    await page.getByTestId("request-remember").scrollIntoViewIfNeeded();
  } },
  { name: "application-note", scene: "changed", hash: "applications", act: async (page) => {
    await application("localhost:9000")(page);
    await page.getByTestId("edit-note").click();
  } },
];
