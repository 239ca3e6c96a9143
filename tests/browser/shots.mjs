// Pictures of a brief for looking at: node shots.mjs FILE.html OUTDIR
//
// Phone, laptop and dark as PNG of the whole page, print as PDF; each in every language of the page.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { LAPTOP, PHONE, choose, languages, launch, open } from "./browser.mjs";

const [file, folder] = process.argv.slice(2);
if (!file || !folder) {
  console.error("usage: node shots.mjs FILE.html OUTDIR");
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const browser = await launch();
const kinds = [
  ["phone", PHONE, "light"],
  ["phone-dark", PHONE, "dark"],
  ["laptop", LAPTOP, "light"],
  ["laptop-dark", LAPTOP, "dark"],
];
for (const [name, viewport, theme] of kinds) {
  const { page, context } = await open(browser, file, { viewport });
  for (const language of await languages(page)) {
    await choose(page, language, theme);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: path.join(folder, `${name}-${language}.png`), fullPage: true });
  }
  await context.close();
}
const { page, context } = await open(browser, file);
for (const language of await languages(page)) {
  await choose(page, language, "dark");
  await page.pdf({
    path: path.join(folder, `print-${language}.pdf`),
    preferCSSPageSize: true,
    printBackground: true,
  });
}
await context.close();
await browser.close();
