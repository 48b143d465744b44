// Pictures of every screen, light and dark: npm run shots -- DIRECTORY [--large] [NAME…]
// In two sizes, or with --large in the larger one alone.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pages, show, withBrowser } from "./browser.mjs";

const [directory, ...rest] = process.argv.slice(2);
const only = rest.filter((word) => word !== "--large");
if (!directory) {
  console.error("usage: npm run shots -- DIRECTORY [--large] [NAME…]");
  process.exit(2);
}
const large = { width: 1280, height: 800 };
const sizes = rest.includes("--large") ? [large] : [{ width: 900, height: 600 }, large];
const wanted = pages.filter(({ name }) => only.length === 0 || only.includes(name));
let failed = false;

await mkdir(directory, { recursive: true });
await withBrowser(async (browser, base) => {
  for (const shot of wanted) {
    for (const theme of ["light", "dark"]) {
      for (const size of shot.size ? [shot.size] : sizes) {
        const name = `${shot.name}-${theme}-${size.width}`;
        try {
          const { page, context, faults } = await show(browser, base, shot, theme, size);
          await page.screenshot({ path: join(directory, `${name}.png`) });
          if (faults.length > 0) throw new Error(faults.join("\n"));
          await context.close();
        } catch (error) {
          failed = true;
          console.error(`${name}: ${error.message}`);
        }
      }
    }
  }
});
process.exit(failed ? 1 : 0);
