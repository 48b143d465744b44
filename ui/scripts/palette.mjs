// The command palette, the list of shortcuts, and the screens from right to left and at 200 %: see browser.mjs.
const steps = (...all) => async (page) => {
  for (const step of all) await step(page);
};
const press = (keys) => (page) => page.keyboard.press(keys);
const seen = (name) => (page) => page.getByTestId(name).first().waitFor();
const find = (text) => steps(press("Control+k"), seen("palette"), (page) => page.getByTestId("palette-find").fill(text), (page) => page.waitForTimeout(700));
const mirrored = (page) => page.evaluate(() => (document.documentElement.dir = "rtl"));
const zoomed = { width: 640, height: 400 };
const rows = (page) => page.getByRole("row").nth(1).waitFor();
const card = steps((page) => page.getByTestId("request-card").first().click(), seen("request-sentence"));
const newKey = steps((page) => page.getByTestId("new-key").click(), seen("new-key-user"));

export const palettePages = [
  { name: "palette", scene: "typical", act: find("") },
  { name: "palette-many", scene: "many", hash: "keys", act: find("harb") },
  { name: "palette-none", scene: "typical", act: find("nothing like it") },
  { name: "palette-broken", scene: "broken", act: find("till") },
  { name: "shortcuts", scene: "typical", act: steps(press("?"), seen("shortcuts")) },
  { name: "zoom-palette", scene: "typical", act: find(""), size: zoomed },
  { name: "zoom-shortcuts", scene: "typical", act: steps(press("?"), seen("shortcuts")), size: zoomed },
  { name: "zoom-users", scene: "many", hash: "users", act: rows, size: zoomed },
  { name: "zoom-settings", scene: "typical", hash: "settings", size: zoomed },
  { name: "zoom-new-user", scene: "typical", hash: "users", act: steps(rows, (page) => page.getByTestId("new-user").click()), size: zoomed },
  { name: "rtl-requests", scene: "typical", act: mirrored },
  { name: "rtl-sheet", scene: "typical", act: steps(mirrored, card) },
  { name: "rtl-keys", scene: "many", hash: "keys", act: steps(mirrored, rows) },
  { name: "rtl-new-key", scene: "many", hash: "keys", act: steps(mirrored, rows, newKey) },
  { name: "rtl-log", scene: "tampered", hash: "log", act: steps(mirrored, rows, (page) => page.getByTestId("log-verify").click(), seen("log-verdict")) },
  { name: "rtl-settings", scene: "typical", hash: "settings", act: mirrored },
  { name: "rtl-palette", scene: "typical", act: steps(mirrored, find("")) },
];
