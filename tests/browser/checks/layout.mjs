// What a page must look like at every width: nothing sideways, texts of drawings inside and apart.

/** Px by which the page is wider than its window. */
export function sideways(page) {
  return page.evaluate(() => {
    const wide = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return [];
    const names = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
      .filter((element) => !element.closest(".scroll, .skip, .hidden"))
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class")}`);
    return [`${wide} px too wide: ${names.join(", ")}`];
  });
}

/** The same with the spacing of letters, words and lines that WCAG 1.4.12 lets a reader choose. */
export async function spaced(page) {
  const style = await page.addStyleTag({
    content:
      "body :not(svg, svg *){letter-spacing:.12em!important;word-spacing:.16em!important;line-height:1.5!important} p{margin-bottom:2em!important}",
  });
  const trouble = await sideways(page);
  await style.evaluate((element) => element.remove());
  return trouble;
}

/**
 * Texts of visible drawings that leave their drawing or cover another text. Boxes are as wide as the browser draws
 * them and as high as the letters: a line box reaches far above and below what is drawn of it.
 */
export function texts(page) {
  return page.evaluate(() => {
    const trouble = [];
    const shown = (element) => element.getClientRects().length > 0;
    const drawings = [...document.querySelectorAll("figure svg")].filter(shown);
    if (drawings.length === 0) trouble.push("no drawing is visible");
    for (const svg of drawings) {
      const frame = svg.getBoundingClientRect();
      const scale = frame.width / svg.viewBox.baseVal.width;
      const boxes = [...svg.querySelectorAll("text")].map((text) => {
        const { left, right } = text.getBoundingClientRect();
        const size = parseFloat(getComputedStyle(text).fontSize) * scale;
        const base = frame.top + parseFloat(text.getAttribute("y")) * scale;
        return {
          text: text.textContent,
          left,
          right,
          top: base - 0.75 * size,
          bottom: base + 0.22 * size,
          size,
        };
      });
      boxes.forEach((one, at) => {
        if (
          one.left < frame.left - 1 ||
          one.right > frame.right + 1 ||
          one.top < frame.top - 1 ||
          one.bottom > frame.bottom + 1
        ) {
          trouble.push(`"${one.text}" leaves ${svg.id || svg.querySelector("title").id}`);
        }
        for (const other of boxes.slice(0, at)) {
          const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
          const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
          if (across > 1 && down > 1)
            trouble.push(`"${one.text}" covers "${other.text}" in ${svg.querySelector("title").id}`);
        }
        if (!one.text.trim()) trouble.push(`an empty text in ${svg.querySelector("title").id}`);
      });
    }
    return trouble;
  });
}

/** Texts that are too small to read: under 11 px on a screen. */
export function small(page) {
  return page.evaluate(() => {
    const trouble = [];
    for (const text of document.querySelectorAll("figure svg text")) {
      const svg = text.ownerSVGElement;
      if (svg.getClientRects().length === 0) continue;
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      if (size < 10.95) trouble.push(`"${text.textContent}" has ${size.toFixed(1)} px`);
    }
    return trouble;
  });
}

/** On paper: light, the wide drawing, nothing to press, every caveat. */
export function paper(page) {
  return page.evaluate(() => {
    const trouble = [];
    const shown = (element) => element.checkVisibility({ contentVisibilityAuto: true });
    const language = document.documentElement.dataset.lang;
    const article = document.querySelector(`article[data-word="${language}"]`);
    const ground = getComputedStyle(document.body).backgroundColor;
    const light = document.createElement("i");
    light.style.color = "#ffffff";
    document.body.append(light);
    if (ground !== getComputedStyle(light).color) trouble.push(`the ground is ${ground}`);
    light.remove();
    for (const control of document.querySelectorAll(".mast button, .seg button, input, select, summary")) {
      if (shown(control)) trouble.push(`${control.tagName} ${control.textContent.trim()} is printed`);
    }
    for (const part of article.querySelectorAll(".caveat, .wide svg")) {
      const view = part.closest(".view");
      if ((!view || view.classList.contains("on")) && !shown(part))
        trouble.push(`${part.id || "a drawing"} is not printed`);
    }
    for (const part of article.querySelectorAll(".narrow svg")) {
      if (shown(part)) trouble.push("a narrow drawing is printed");
    }
    return trouble;
  });
}
