// Chromium as these tests use it: the system's own, offline, one fresh profile for each page.

import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const PHONE = { width: 390, height: 844 };
export const LAPTOP = { width: 1280, height: 800 };
/** Width between the margins of A4 at 96 px an inch: 180 mm. */
export const PAPER = { width: 680, height: 1000 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
    ],
  });
}

/**
 * Opens a file offline. `trouble` collects whatever it asks for beyond itself and whatever it complains of.
 */
export async function open(browser, file, { viewport = LAPTOP, scheme = "light", script = true } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme: scheme,
    offline: true,
    acceptDownloads: true,
    javaScriptEnabled: script,
  });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const trouble = [];
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !url.startsWith("data:")) trouble.push(`requests ${url}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  await page.goto(address);
  return { page, context, trouble };
}

/** Languages that a page can be switched to, as the words on its switch; one empty word if there is no switch. */
export async function languages(page) {
  return page.$$eval("article", (articles) => articles.map((article) => article.dataset.word));
}

/** Presses the button for a language and for a theme, as a reader would. */
export async function choose(page, language, theme) {
  const button = page.locator(`button[data-set="lang"][data-to="${language}"]`);
  if (await button.count()) await button.click();
  if (theme) await page.locator(`button[data-set="theme"][data-to="${theme}"]`).click();
}

/** Opens everything that is folded, or folds it again. */
export function unfold(page, open) {
  return page.evaluate((open) => {
    for (const details of document.querySelectorAll("details")) details.open = open;
  }, open);
}
