// What the screenshot and axe scripts share: the build with the made-up world, served under the window's policy.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import { changePages } from "./changes.mjs";
import { deskPages } from "./desk.mjs";
import { formPages } from "./forms.mjs";
import { palettePages } from "./palette.mjs";
import { receiverPages } from "./receivers.mjs";
import { registerPages } from "./register.mjs";
import { replacePages } from "./replace.mjs";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Each page that is looked at: its scene, its address and what is done before looking. */
export const pages = [
  { name: "first-start", scene: "fresh" },
  { name: "first-start-errors", scene: "fresh", act: firstStartErrors },
  { name: "unlock", scene: "locked" },
  { name: "requests", scene: "typical" },
  { name: "requests-long", scene: "long" },
  { name: "requests-empty", scene: "empty" },
  { name: "requests-closed", scene: "closed" },
  { name: "sheet-shop", scene: "typical", act: open(0) },
  { name: "sheet-program", scene: "typical", act: open(1) },
  { name: "sheet-more", scene: "typical", act: open(2) },
  { name: "sheet-again", scene: "typical", act: openAgain },
  { name: "sheet-danger", scene: "typical", act: open(4) },
  { name: "sheet-proof", scene: "typical", act: open(5) },
  { name: "sheet-unknown", scene: "typical", act: open(7) },
  { name: "sheet-loose", scene: "typical", act: openLoose },
  { name: "sheet-errors", scene: "typical", act: sheetErrors },
  { name: "sheet-long", scene: "long", act: open(0) },
  { name: "sheet-many", scene: "many", act: openMany },
  { name: "sheet-secret", scene: "typical", act: approveShown },
  { name: "sheet-refused", scene: "typical", act: refuse },
  { name: "revoke", scene: "typical", act: (page) => page.getByTestId("revoke-key").first().click() },
  { name: "zoom-requests", scene: "typical", size: { width: 450, height: 300 } },
  { name: "zoom-sheet", scene: "typical", act: open(0), size: { width: 450, height: 300 } },
  ...deskPages,
  ...changePages,
  ...formPages,
  ...registerPages,
  ...receiverPages,
  ...palettePages,
  ...replacePages,
];

/** Builds, serves and starts a browser; `work` gets both, and everything ends after it. */
export async function withBrowser(work) {
  const outDir = await mkdtemp(join(tmpdir(), "fieldgate-ui-"));
  await build({ mode: "shots", logLevel: "warn", build: { outDir, emptyOutDir: true } });
  const server = await preview({ build: { outDir }, preview: { port: 0, strictPort: false } });
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    await work(browser, server.resolvedUrls.local[0]);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Shows one page in a theme and a size; answers it with what the policy refused or a script threw. */
export async function show(browser, base, { scene, hash = "requests", act }, theme, size) {
  const context = await browser.newContext({ viewport: size, colorScheme: theme, reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !message.location().url.endsWith("/favicon.ico")) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.setDefaultTimeout(8_000);
  await page.goto(`${base}?scene=${scene}&theme=${theme}#/${hash}`);
  await page.getByTestId(scene === "fresh" ? "finish" : scene === "locked" ? "unlock" : "lock").waitFor();
  await page.waitForTimeout(150);
  await act?.(page);
  await page.waitForTimeout(250);
  return { page, context, faults };
}

function open(index) {
  return async (page) => {
    await page.getByTestId("request-card").nth(index).click();
    await page.getByTestId("request-sentence").waitFor();
    await page.waitForTimeout(800);
  };
}

async function firstStartErrors(page) {
  await page.getByTestId("passphrase").fill("password1");
  await page.getByTestId("passphrase-repeat").fill("other");
  await page.getByTestId("admin-email").fill("nobody");
  await page.getByTestId("finish").click();
}

async function openAgain(page) {
  await open(3)(page);
  const value = await page.getByTestId("request-user").locator("option", { hasText: "ana@" }).getAttribute("value");
  await page.getByTestId("request-user").selectOption(value);
  await page.getByTestId("request-store").first().check();
  await page.getByTestId("existing-key").waitFor();
}

async function openMany(page) {
  await open(0)(page);
  const value = await page.getByTestId("request-user").locator("option", { hasText: "ana@" }).getAttribute("value");
  await page.getByTestId("request-user").selectOption(value);
  await page.getByPlaceholder("Find a store").scrollIntoViewIfNeeded();
}

async function openLoose(page) {
  await open(1)(page);
  await page.getByRole("button", { name: "Add permissions" }).click();
  await page.getByPlaceholder("Find a permission").scrollIntoViewIfNeeded();
}

async function sheetErrors(page) {
  await open(4)(page);
  await page.getByTestId("approve").click();
  await page.getByTestId("request-number").fill("11");
  await page.getByTestId("request-passphrase").fill("something else");
  await page.getByTestId("approve").click();
}

async function approveShown(page) {
  await open(6)(page);
  await page.getByTestId("request-number").fill("47");
  await page.getByTestId("approve").click();
  await page.getByTestId("key-secret").waitFor();
}

async function refuse(page) {
  await open(4)(page);
  await page.getByTestId("block").click();
  await page.getByTestId("request-over").waitFor();
}
