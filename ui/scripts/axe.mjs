// Looks for what axe-core finds wrong on every screen in both themes: npm run axe [-- NAME…]
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { pages, show, withBrowser } from "./browser.mjs";

const only = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wanted = pages.filter(({ name }) => only.length === 0 || only.includes(name));
let found = 0;

await withBrowser(async (browser, base) => {
  for (const shot of wanted) {
    for (const theme of ["light", "dark"]) {
      const { page, context } = await show(browser, base, shot, theme, { width: 1280, height: 800 });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, help, nodes } of violations) {
        found += 1;
        console.error(`${shot.name} ${theme}: ${id}: ${help}\n  ${nodes.slice(0, 4).map((n) => `${n.target} ${n.failureSummary.split("\n")[1] ?? ""}`).join("\n  ")}`);
      }
      await context.close();
    }
  }
});
console.log(found === 0 ? `axe: ${wanted.length} screens, nothing found` : `axe: ${found} found`);
process.exit(found === 0 ? 0 : 1);
