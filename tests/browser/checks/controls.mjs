// What can be done in a page: by keys, by pressing, by turning. Each check gives a list of what is wrong.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { unfold } from "../browser.mjs";

/** Every control that is shown, marked with a number; how many there are. */
function mark(page) {
  return page.evaluate(() => {
    const all = "a[href], button, input, select, summary, [tabindex='0']";
    const shown = [...document.querySelectorAll(all)].filter((element) => element.checkVisibility());
    shown.forEach((element, at) => (element.dataset.stop = String(at)));
    return shown.map(
      (element) => `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 30)}"`,
    );
  });
}

/** Tab reaches every control once, in order, each with a ring that is seen. */
export async function keyboard(page) {
  const trouble = [];
  await unfold(page, true);
  // Tabbing starts where the focus was last: here before the first control.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    scrollTo(0, 0);
  });
  const names = await mark(page);
  const reached = [];
  for (let step = 0; step < names.length + 5; step += 1) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      return { stop: element.dataset.stop, ring, inside, width: box.width, height: box.height };
    });
    if (!now) break;
    const name = names[Number(now.stop)] ?? "something unknown";
    if (!now.ring) trouble.push(`no ring round ${name}`);
    if (!now.inside || now.width === 0) trouble.push(`${name} has the focus out of sight`);
    reached.push(Number(now.stop));
  }
  names.forEach((name, at) => {
    const times = reached.filter((stop) => stop === at).length;
    if (times !== 1) trouble.push(`${name} is reached ${times} times`);
  });
  if (names.length < 5) trouble.push(`only ${names.length} controls`);
  await unfold(page, false);
  return trouble;
}

/** Controls are large enough to hit: 24 px, those of a phone's switches 36. */
export function targets(page, least) {
  return page.evaluate((least) => {
    const trouble = [];
    for (const element of document.querySelectorAll("button, input, select, summary")) {
      if (!element.checkVisibility()) continue;
      const { width, height } = element.getBoundingClientRect();
      const need = element.closest(".seg, .dial, .choose") ? least : 24;
      if (height < need - 0.5 || width < 24)
        trouble.push(`${element.textContent.trim() || element.id}: ${width} × ${height}`);
    }
    return trouble;
  }, least);
}

/** Arrow keys read every mark of every figure that is shown, in order; the pointer reads the one it is on. */
export async function marks(page) {
  const trouble = [];
  const plots = await page.$$(".plot");
  let read = 0;
  for (const plot of plots) {
    if (!(await plot.isVisible())) continue;
    const says = await plot.$$eval(".mark", (marks) =>
      marks
        .filter((mark) => mark.ownerSVGElement.getClientRects().length > 0)
        .map((mark) => mark.dataset.read),
    );
    if (says.length === 0) continue;
    const line = () =>
      plot.evaluate((element) => element.parentElement.querySelector(".readout").textContent);
    await plot.focus();
    for (const expected of says) {
      await page.keyboard.press("ArrowRight");
      const found = await line();
      if (found !== expected) trouble.push(`reads "${found}" instead of "${expected}"`);
      read += 1;
    }
    await page.keyboard.press("Home");
    if ((await line()) !== says[0]) trouble.push("Home does not read the first mark");
    await page.keyboard.press("Escape");
    if ((await line()) !== "") trouble.push("Escape leaves a text");
    await plot.evaluate((element) => element.blur());
    // A number of the last mark is surely a place where it is drawn.
    const target = await plot.evaluateHandle((element) => {
      const shown = [...element.querySelectorAll(".mark")].filter(
        (mark) => mark.ownerSVGElement.getClientRects().length > 0,
      );
      return shown.map((mark) => mark.querySelector("text") || mark.lastElementChild).at(-1);
    });
    const element = target.asElement();
    await element.scrollIntoViewIfNeeded();
    const box = await element.boundingBox();
    if (box && box.width > 0) {
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      if (!says.includes(await line())) trouble.push(`the pointer reads "${await line()}"`);
      await page.mouse.move(0, 0);
    }
  }
  if (read === 0) trouble.push("no figure has a mark that can be read");
  return trouble;
}

/** Choosing another view shows it, alone, and says so. Nothing to check where no block has two. */
export async function views(page) {
  const trouble = [];
  const state = (block) =>
    block.evaluate((section) =>
      [...section.querySelectorAll("figure .view")].map((view) => view.checkVisibility()),
    );
  for (const block of await page.$$("[data-block]")) {
    if (!(await block.isVisible())) continue;
    const [buttons, select] = [await block.$$("[data-choose]"), await block.$("select")];
    const count = select ? await select.$$eval("option", (options) => options.length) : buttons.length;
    for (const at of [...Array(count).keys()].reverse()) {
      if (select) await select.selectOption(String(at));
      else await buttons[at].click();
      const shown = await state(block);
      if (shown.some((visible, view) => visible !== (view === at)))
        trouble.push(`choice ${at} shows ${shown}`);
      for (const [other, button] of buttons.entries()) {
        const pressed = await button.getAttribute("aria-pressed");
        if (pressed !== String(other === at))
          trouble.push(`button ${other} is said to be pressed: ${pressed}`);
      }
      const tables = await block.$$eval(".behind .view", (parts) =>
        parts.map((part) => part.checkVisibility()),
      );
      if (tables.some((visible, view) => visible !== (view === at)))
        trouble.push(`choice ${at} leaves another table`);
    }
  }
  return trouble;
}

/** Every column of every table can be put in order, both ways and back; totals stay below. */
export async function sorting(page) {
  await unfold(page, true);
  const trouble = [];
  let sorted = 0;
  for (const table of await page.$$("table[data-sort]")) {
    if (!(await table.isVisible())) continue;
    const rows = () =>
      table.$$eval("tbody tr", (rows) =>
        rows.map((row) =>
          [row.parentElement.className, ...[...row.cells].map((cell) => cell.textContent)].join("|"),
        ),
      );
    const printed = await rows();
    for (const [column, button] of (await table.$$(".sort")).entries()) {
      const head = await button.evaluateHandle((element) => element.closest("th"));
      const numeric = await head.evaluate((th) => th.classList.contains("num"));
      for (const [press, expected] of (numeric
        ? ["descending", "ascending", "none"]
        : ["ascending", "descending", "none"]
      ).entries()) {
        if (press === 0) await button.focus();
        await page.keyboard.press("Enter");
        const said = await head.evaluate((th) => th.getAttribute("aria-sort"));
        if (said !== expected) trouble.push(`column ${column} is said to be ${said}, not ${expected}`);
        if (expected === "none" || !numeric) continue;
        const found = await table.$$eval(
          "tbody:not(.total)",
          (bodies, column) =>
            bodies.map((body) =>
              [...body.rows]
                .map((row) => row.cells[column])
                .map((cell) => cell.dataset.sort ?? cell.querySelector("data")?.value)
                .filter((value) => value !== undefined)
                .map(Number),
            ),
          column,
        );
        const order = expected === "ascending" ? 1 : -1;
        for (const values of found) {
          if (values.some((value, at) => at > 0 && order * (value - values[at - 1]) < 0))
            trouble.push(`column ${column} is not ${expected}`);
          sorted += 1;
        }
      }
      if ((await rows()).join("\n") !== printed.join("\n"))
        trouble.push(`column ${column} does not come back to its order`);
    }
    const totals = printed.map((row) => row.startsWith("total"));
    if ((await rows()).some((row, at) => row.startsWith("total") !== totals[at]))
      trouble.push("a total has moved");
  }
  if (sorted === 0) trouble.push("no table has a column of numbers to sort");
  await unfold(page, false);
  return trouble;
}

/** How many combinations are tried by turning; beyond them only those on the way. */
const TURNS = 400;

/**
 * Every combination of stops shows the texts that stand in the page for it and, where `expected` is given (language →
 * combinations → texts, the last dial turning fastest), those.
 */
export async function dials(page, language, expected) {
  const trouble = [];
  const section = await page.$(`article[data-word="${language}"] .dials`);
  if (!section) return expected?.[language] ? ["there are no dials"] : [];
  const inputs = await section.$$("input");
  const counts = await Promise.all(
    inputs.map((input) => input.evaluate((element) => Number(element.max) + 1)),
  );
  const stops = await Promise.all(
    inputs.map((input) => input.evaluate((element) => JSON.parse(element.dataset.stops))),
  );
  const cells = await section.$eval(".cells", (element) => JSON.parse(element.textContent));
  const wanted = expected?.[language] ?? cells;
  const total = counts.reduce((product, count) => product * count, 1);
  if (cells.length !== total) trouble.push(`${total} combinations, ${cells.length} cells`);
  if (expected?.[language] && wanted.length !== total) trouble.push(`${total} combinations, ${wanted.length} expected`);
  const at = await Promise.all(inputs.map((input) => input.evaluate((element) => Number(element.value))));
  for (let index = 0; index < Math.min(total, TURNS); index += 1) {
    let rest = index;
    const to = counts.map(() => 0);
    for (let dial = counts.length - 1; dial >= 0; dial -= 1) {
      to[dial] = rest % counts[dial];
      rest = Math.floor(rest / counts[dial]);
    }
    for (const [dial, input] of inputs.entries()) {
      if (at[dial] === to[dial]) continue;
      await input.focus();
      // As a reader turns it: one key for each stop.
      while (at[dial] !== to[dial]) {
        const up = at[dial] < to[dial];
        await page.keyboard.press(up ? "ArrowRight" : "ArrowLeft");
        at[dial] += up ? 1 : -1;
      }
    }
    const shown = await section.$$eval("output", (outputs) => outputs.map((output) => output.textContent));
    if (JSON.stringify(shown) !== JSON.stringify(wanted[index])) {
      trouble.push(`at ${to} the page shows ${JSON.stringify(shown)}, not ${JSON.stringify(wanted[index])}`);
    }
    for (const [dial, input] of inputs.entries()) {
      const word = stops[dial][to[dial]];
      const said = await input.getAttribute("aria-valuetext");
      const places = await section.$$eval(`[data-dial="${dial}"]`, (places) =>
        places.map((place) => place.textContent),
      );
      if (said !== word || places.some((place) => place !== word))
        trouble.push(`dial ${dial} says ${said}, ${places}, not ${word}`);
    }
  }
  return trouble;
}

/** Every link to a file saves it under its name, byte for byte as in the results folder. */
export async function files(page, folder) {
  const trouble = [];
  let saved = 0;
  const links = await page.$$("a[data-file], a[download]");
  for (const link of links) {
    if (!(await link.isVisible())) continue;
    const name = await link.$eval("code", (code) => code.textContent);
    // Chromium saves ten files in a row, then none for a while.
    if (saved % 8 === 7) await page.waitForTimeout(2500);
    const waiting = page.waitForEvent("download", { timeout: 5000 });
    await link.click();
    const download = await waiting.catch(() => null);
    if (!download) {
      trouble.push(`${name} is not saved`);
      continue;
    }
    saved += 1;
    if (download.suggestedFilename() !== path.basename(name))
      trouble.push(`${name} is saved as ${download.suggestedFilename()}`);
    const bytes = await readFile(await download.path());
    if (bytes.length === 0) trouble.push(`${name} is empty`);
    if (!folder) continue;
    const original = await readFile(path.join(folder, name)).catch(() => null);
    if (!original) trouble.push(`${name} is not in ${folder}`);
    else if (!original.equals(bytes))
      trouble.push(`${name}: ${bytes.length} bytes saved, ${original.length} in the folder, or others`);
  }
  if (saved === 0) trouble.push("no file can be saved");
  return trouble;
}

/** A mark of a caveat leads to an entry that is seen, even if folded; the entry leads back. */
export async function caveats(page, language) {
  const trouble = [];
  const pills = await page.$$(`article[data-word="${language}"] a.pill`);
  for (const pill of pills) {
    if (!(await pill.isVisible())) continue;
    const [entry, id] = await pill.evaluate((element) => [element.hash.slice(1), element.id]);
    await pill.click();
    const seen = await page.evaluate((entry) => {
      const element = document.getElementById(entry);
      const box = element.getBoundingClientRect();
      return element.checkVisibility() && box.top < innerHeight && box.bottom > 0;
    }, entry);
    if (!seen) trouble.push(`${id} leads to ${entry}, which is not seen`);
    const back = await page.$$eval(`#${entry} .trail a`, (links) => links.map((link) => link.hash));
    if (back.length === 0) trouble.push(`${entry} leads nowhere back`);
  }
  return trouble;
}
