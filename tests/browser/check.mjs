// Opens briefs in Chromium, offline, and holds them to what a reader may expect.
//
//   node check.mjs [--results DIR] [--dials FILE.json] FILE.html ...
//
// What is told of results and dials holds for the files behind it: DIR is the results folder of a brief, FILE.json
// has what the command line prints for each combination of stops: { "zh": [["+25", ...], ...], "en": ... }, the last
// dial turning fastest. Prints a line for each check that fails and "N passed, N failed" at the end; exits 1 on failure.

import { readFile } from "node:fs/promises";
import axe from "axe-core";
import { LAPTOP, PAPER, PHONE, choose, languages, launch, open, unfold } from "./browser.mjs";
import * as controls from "./checks/controls.mjs";
import * as layout from "./checks/layout.mjs";

const tally = { passed: 0, failed: 0 };

/** Counts one check; `trouble` lists what is wrong. */
function record(name, trouble) {
  if (trouble.length === 0) {
    tally.passed += 1;
    return;
  }
  tally.failed += 1;
  console.log(`FAILED ${name}`);
  for (const line of trouble.slice(0, 12)) console.log(`  ${line}`);
  if (trouble.length > 12) console.log(`  and ${trouble.length - 12} more`);
}

/** Runs one check; one that throws has failed. */
async function check(name, run) {
  record(name, await run().catch((error) => [error.message]));
}

/** Serious and critical findings of axe-core. */
async function accessibility(page) {
  await unfold(page, true);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  await unfold(page, false);
  return violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .flatMap((violation) =>
      violation.nodes.map(
        (node) => `${violation.id}: ${node.target} ${node.failureSummary.split("\n").pop()}`,
      ),
    );
}

/** What holds at a size, in a language and a theme. */
async function look(browser, file, name, viewport, language, theme) {
  const { page, context, trouble } = await open(browser, file, { viewport });
  await choose(page, language, theme);
  await check(`${name}: nothing sideways`, () => layout.sideways(page));
  await check(`${name}: texts of figures are inside and apart`, () => layout.texts(page));
  await check(`${name}: texts of figures are large enough`, () => layout.small(page));
  await check(`${name}: controls are large enough`, () =>
    controls.targets(page, viewport === PHONE ? 36 : 32),
  );
  await check(`${name}: accessibility`, () => accessibility(page));
  await check(`${name}: nothing sideways with wider spacing`, () => layout.spaced(page));
  if (viewport === PHONE) {
    await page.setViewportSize({ width: 320, height: 640 });
    await check(`${name}: nothing sideways at 320 px`, () => layout.sideways(page));
  }
  record(`${name}: no request, no complaint`, trouble);
  await context.close();
}

/** What can be done in a language. */
async function act(browser, file, name, language, { results, dials }) {
  const { page, context, trouble } = await open(browser, file);
  await choose(page, language);
  await check(`${name}: the language is shown and named`, () => named(page, language));
  await check(`${name}: keyboard`, () => controls.keyboard(page));
  await check(`${name}: marks are read`, () => controls.marks(page));
  await check(`${name}: views`, () => controls.views(page));
  await check(`${name}: sorting`, () => controls.sorting(page));
  await check(`${name}: dials`, () => controls.dials(page, language, dials));
  await check(`${name}: caveats`, () => controls.caveats(page, language));
  await check(`${name}: files`, () => controls.files(page, results));
  record(`${name}: no request, no complaint while used`, trouble);
  await context.close();
}

/** The article of the language is the only one, and the page says so. */
function named(page, language) {
  return page.evaluate((language) => {
    const trouble = [];
    for (const article of document.querySelectorAll("article")) {
      const own = article.dataset.word === language;
      if (article.checkVisibility() !== own)
        trouble.push(`${article.dataset.word} is ${own ? "hidden" : "shown"}`);
      if (own && document.documentElement.lang !== article.lang)
        trouble.push(`the page says ${document.documentElement.lang}`);
      if (own && document.title !== article.dataset.title) trouble.push(`the title is ${document.title}`);
    }
    for (const button of document.querySelectorAll('[data-set="lang"]')) {
      const pressed = String(button.dataset.to === language);
      if (button.getAttribute("aria-pressed") !== pressed)
        trouble.push(`${button.textContent} is not ${pressed}`);
    }
    const heads = [...document.querySelectorAll("h1")].filter((head) => head.checkVisibility());
    if (heads.length !== 1) trouble.push(`${heads.length} main headings`);
    return trouble;
  }, language);
}

/** What is printed, from the dark theme, in a language. */
async function print(browser, file, name, language) {
  const { page, context, trouble } = await open(browser, file, { viewport: PAPER });
  await choose(page, language, "dark");
  await page.emulateMedia({ media: "print" });
  await check(`${name}: paper`, () => layout.paper(page));
  await check(`${name}: nothing sideways`, () => layout.sideways(page));
  await check(`${name}: texts of figures are inside and apart`, () => layout.texts(page));
  record(`${name}: no request, no complaint`, trouble);
  await context.close();
}

/** Without its script the page shows everything: both languages, every view. */
async function bare(browser, file, name) {
  const { page, context } = await open(browser, file, { script: false });
  await check(`${name}: whole`, async () => {
    const hidden = [];
    const parts = await page.$$("article, .view, .caveat, footer a");
    if (parts.length === 0) hidden.push("everything");
    for (const part of parts) {
      const folded = await part.evaluate((element) => Boolean(element.closest("details:not([open])")));
      if (!folded && !(await part.isVisible())) hidden.push(await part.getAttribute("class"));
    }
    return hidden;
  });
  await context.close();
}

async function inspect(browser, file, options) {
  const { page, context } = await open(browser, file);
  const all = await languages(page);
  await context.close();
  if (all.length === 0) record(`${file}: is a brief`, ["there is no text in it"]);
  for (const language of all) {
    for (const [size, viewport] of [
      ["phone", PHONE],
      ["laptop", LAPTOP],
    ]) {
      for (const theme of ["light", "dark"]) {
        await look(browser, file, `${file} ${language} ${size} ${theme}`, viewport, language, theme);
      }
    }
    await act(browser, file, `${file} ${language}`, language, options);
    await print(browser, file, `${file} ${language} print`, language);
  }
  await bare(browser, file, `${file} without script`);
}

const usage = "usage: node check.mjs [--results DIR] [--dials FILE.json] FILE.html ...";
const options = { results: undefined, dials: undefined };
const words = process.argv.slice(2);
const briefs = [];
while (words.length > 0) {
  const word = words.shift();
  if (word === "--results") options.results = words.shift();
  else if (word === "--dials") options.dials = JSON.parse(await readFile(words.shift(), "utf8"));
  else if (word.startsWith("-")) throw new Error(usage);
  else briefs.push([word, { ...options }]);
}
if (briefs.length === 0) {
  console.error(usage);
  process.exit(2);
}
const browser = await launch();
for (const [file, own] of briefs) await inspect(browser, file, own);
await browser.close();
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed > 0 ? 1 : 0);
