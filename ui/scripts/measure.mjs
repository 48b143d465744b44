// How fluid the key table is with 100,000 rows, in a browser and on the made-up world: npm run measure
// Figures only; nothing here passes or fails. The made-up world answers in the page itself, so its search counts too.
import { readFile } from "node:fs/promises";
import { withBrowser } from "./browser.mjs";

const OPENINGS = 20;
const NUMBERS = 20;
const SCROLLS = 5_000;

await withBrowser(async (browser, base) => {
  const { page, context } = await open(browser, base, "huge");
  say("Keys opened to first rows", await openings(page));
  say("keystroke to new rows", await keystrokes(page));
  console.log(`scrolling: ${await frames(browser, page)}`);
  await context.close();
  const [few, huge] = [await growth(browser, base, "few"), await growth(browser, base, "huge")];
  console.log(`Keys opened and scrolled through, 100 keys: heap +${few.heap} MB, renderer +${few.resident} MB`);
  console.log(`the same, 100,000 keys: heap +${huge.heap} MB, renderer +${huge.resident} MB`);
});

async function open(browser, base, scene) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${base}?scene=${scene}&delay=0#/settings`);
  await page.getByTestId("lock").waitFor();
  return { page, context };
}

/** From the press to the frame that has the first row in it. */
function openings(page) {
  return page.evaluate(async (rounds) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const press = (id) => document.querySelector(`[data-testid="${id}"]`).click();
    const took = [];
    for (let i = 0; i < rounds; i++) {
      const began = performance.now();
      press("nav-keys");
      while (!document.querySelector('[data-testid="key-row"]')) await frame();
      took.push(performance.now() - began);
      press("nav-settings");
      while (document.querySelector('[data-testid="key-row"]')) await frame();
    }
    return took;
  }, OPENINGS);
}

/** Numbers typed digit by digit: from each to the frame after the rows are others. */
async function keystrokes(page) {
  await page.getByTestId("nav-keys").click();
  await page.getByTestId("key-row").first().waitFor();
  return page.evaluate(async (numbers) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const count = () => document.querySelector('[role="grid"]')?.getAttribute("aria-rowcount");
    const input = document.querySelector('[data-testid="key-search"]');
    const type = async (text) => {
      const [before, began] = [count(), performance.now()];
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      while (count() === before && performance.now() - began < 2_000) await new Promise((done) => setTimeout(done));
      const took = performance.now() - began;
      await frame();
      return took;
    };
    const took = [];
    await type("warm");
    for (let i = 0; i < numbers; i++) {
      const number = String(10_000 + i * 4_321);
      for (let end = 1; end <= number.length; end++) took.push(await type(number.slice(0, end)));
      await type("");
    }
    return took;
  }, NUMBERS);
}

/** Frames drawn and dropped while the wheel turns, from the browser's own trace. */
async function frames(browser, page) {
  const table = page.getByRole("grid");
  await table.hover();
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline.frame"] });
  const until = Date.now() + SCROLLS;
  while (Date.now() < until) await page.mouse.wheel(0, 240);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const named = (name) => traceEvents.filter((event) => event.name === name);
  const drawn = named("DrawFrame").map((event) => event.ts / 1_000);
  const gaps = drawn.slice(1).map((at, i) => at - drawn[i]).sort((a, b) => a - b);
  const rate = drawn.length / ((drawn.at(-1) - drawn[0]) / 1_000);
  return `${rate.toFixed(0)} frames a second, ${named("DroppedFrame").length} dropped of ${drawn.length}, 95 of 100 within ${at(gaps, 95).toFixed(0)} ms`;
}

/** What the page grows by when Keys is opened, scrolled through to its end and searched. */
async function growth(browser, base, scene) {
  const { page, context } = await open(browser, base, scene);
  const before = await weight(browser, page);
  await page.getByTestId("nav-keys").click();
  await page.getByTestId("key-row").first().focus();
  for (let i = 0; i < 60; i++) await page.keyboard.press("PageDown");
  await page.keyboard.press("End");
  await page.getByTestId("key-search").fill("1");
  await page.waitForTimeout(1_000);
  const after = await weight(browser, page);
  await context.close();
  return { heap: megabytes(after.heap - before.heap), resident: megabytes(after.resident - before.resident) };
}

async function weight(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const processes = await (await browser.newBrowserCDPSession()).send("SystemInfo.getProcessInfo");
  const renderers = processes.processInfo.filter(({ type }) => type === "renderer");
  const resident = await Promise.all(renderers.map(async ({ id }) => {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${id}/status`, "utf8")) ?? [];
    return Number(kb ?? 0) * 1_024;
  }));
  return { heap: usedSize, resident: Math.max(...resident) };
}

function say(what, took) {
  const sorted = [...took].sort((a, b) => a - b);
  console.log(`${what}: median ${at(sorted, 50).toFixed(0)} ms, 95 of 100 within ${at(sorted, 95).toFixed(0)} ms (${sorted.length} rounds)`);
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? NaN;
}

function megabytes(bytes) {
  return (bytes / 1_000_000).toFixed(1);
}
