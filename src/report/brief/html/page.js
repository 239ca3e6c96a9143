// What a reader can do in the page: language, theme, reading marks, views of a figure, sorting, dials, files.
//
// Nothing is computed from results here: every text that is shown stands in the page already. Nothing is stored
// and nothing is requested. Without this script the page is whole: both languages, all views, tables as printed.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (element) => element.getClientRects().length > 0;

  // ---- Language and theme: one pressed button in each group.

  const press = (what, to) => {
    for (const button of all(`[data-set="${what}"]`)) {
      button.setAttribute("aria-pressed", String(button.dataset.to === to));
    }
  };
  const setLanguage = (word) => {
    const text = document.querySelector(`article[data-word="${word}"]`);
    if (!text) return;
    root.dataset.lang = word;
    root.lang = text.lang;
    document.title = text.dataset.title;
    press("lang", word);
  };
  const setTheme = (word) => {
    root.dataset.theme = word;
    press("theme", word);
  };
  // Until a theme is chosen the page follows the system, and the buttons say so.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.dataset.theme || press("theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
  for (const button of all("[data-set]")) {
    const choose = button.dataset.set === "lang" ? setLanguage : setTheme;
    button.addEventListener("click", () => choose(button.dataset.to));
  }

  // ---- Links inside the page: what they lead to is shown first, whatever is folded or in the other language.

  const open = (target) => {
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.tagName === "ARTICLE" && at.dataset.word !== root.dataset.lang) setLanguage(at.dataset.word);
    }
  };
  const arrive = () => {
    const name = location.hash.slice(1);
    const target = document.getElementById(name);
    if (target) {
      open(target);
      target.scrollIntoView();
    } else {
      setLanguage(name);
    }
  };
  for (const link of all('a[href^="#"]')) {
    link.addEventListener("click", (event) => {
      const target = document.getElementById(link.hash.slice(1));
      if (link.dataset.file) {
        // The file itself is one link at the end of the page.
        event.preventDefault();
        target.click();
      } else if (target) {
        open(target);
      }
    });
  }
  // Large files stand in the page packed; a browser that cannot unpack them saves them as they are.
  const unpacked = async (address) => {
    const bytes = Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).blob();
  };
  for (const link of window.DecompressionStream ? all("a[data-name]") : []) {
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const saved = document.createElement("a");
      saved.href = URL.createObjectURL(await unpacked(link.href));
      saved.download = link.dataset.name;
      saved.click();
      setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
    });
  }
  addEventListener("hashchange", arrive);
  if (location.hash) arrive();

  // ---- Reading marks: pointer or arrow keys put what a mark says into the line above the figure.

  const framed = (mark, frame) => {
    const box = mark.getBBox();
    const set = (name, value) => frame.setAttribute(name, String(value));
    set("x", box.x - 3);
    set("y", box.y - 3);
    set("width", box.width + 6);
    set("height", box.height + 6);
    mark.ownerSVGElement.append(frame);
  };
  for (const plot of all(".plot")) {
    const line = plot.parentElement.querySelector(".readout");
    const frame = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    frame.setAttribute("class", "frame");
    const marks = () => all(".mark", all("svg", plot).find(shown) || plot);
    let at = -1;
    const read = (index) => {
      const mark = marks()[index];
      at = mark ? index : -1;
      line.textContent = mark ? mark.dataset.read : "";
      if (mark) framed(mark, frame);
      else frame.remove();
    };
    if (!plot.querySelector(".mark")) continue;
    // Screen readers pass arrow keys on to what calls itself an application.
    plot.tabIndex = 0;
    plot.setAttribute("role", "application");
    plot.setAttribute("aria-label", plot.dataset.label);
    plot.addEventListener("keydown", (event) => {
      const last = marks().length - 1;
      const to = {
        ArrowRight: Math.min(at + 1, last),
        ArrowDown: Math.min(at + 1, last),
        ArrowLeft: Math.max(at - 1, 0),
        ArrowUp: Math.max(at - 1, 0),
        Home: 0,
        End: last,
        Escape: -1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      read(to);
    });
    plot.addEventListener("blur", () => read(-1));
    const point = (event) => {
      const list = marks();
      const inside = (mark) => {
        const box = mark.getBoundingClientRect();
        const { clientX: x, clientY: y } = event;
        return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      };
      const on = list.indexOf(event.target.closest(".mark"));
      read(on < 0 ? list.findIndex(inside) : on);
    };
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
    plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") read(-1);
    });
  }

  // ---- Views of a figure: the same one in both languages.

  const show = (block, view) => {
    for (const section of all(`[data-block="${block}"]`)) {
      for (const part of all("[data-view]", section)) {
        part.classList.toggle("on", part.dataset.view === view);
      }
      for (const button of all("[data-choose]", section)) {
        button.setAttribute("aria-pressed", String(button.dataset.choose === view));
      }
      for (const select of all("select", section)) select.value = view;
    }
  };
  for (const section of all("[data-block]")) {
    const block = section.dataset.block;
    for (const button of all("[data-choose]", section)) {
      button.addEventListener("click", () => show(block, button.dataset.choose));
    }
    for (const select of all("select", section)) {
      select.addEventListener("change", () => show(block, select.value));
    }
  }

  // ---- Sorting: numbers from the largest, words from the first; then the other way; then as printed. Totals stay.

  const key = (row, column, numeric) => {
    const cell = row.cells[column];
    if (!numeric) return cell.textContent;
    return parseFloat(cell.dataset.sort ?? cell.querySelector("data")?.value);
  };
  const compare = (a, b, numeric, language) => {
    if (!numeric) return a.localeCompare(b, language);
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
    return a - b;
  };
  const sortable = (table) => {
    const bodies = all("tbody:not(.total)", table);
    const printed = bodies.map((body) => [...body.rows]);
    const language = table.closest("[lang]").lang;
    const heads = all("thead th", table);
    const sort = (head, column) => {
      const numeric = head.classList.contains("num");
      const order = numeric ? ["descending", "ascending"] : ["ascending", "descending"];
      const next = { none: order[0], [order[0]]: order[1], [order[1]]: "none" };
      const to = next[head.getAttribute("aria-sort")];
      for (const other of heads) other.setAttribute("aria-sort", other === head ? to : "none");
      bodies.forEach((body, index) => {
        const rows = [...printed[index]];
        if (to !== "none") {
          const sign = to === "ascending" ? 1 : -1;
          rows.sort((one, other) => {
            const [a, b] = [key(one, column, numeric), key(other, column, numeric)];
            // What has no number stands last either way.
            const missing = numeric && (Number.isNaN(a) || Number.isNaN(b));
            return compare(a, b, numeric, language) * (missing ? 1 : sign);
          });
        }
        body.append(...rows);
      });
    };
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.title = table.dataset.sort;
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => sort(head, column));
    });
  };
  all("table[data-sort]").forEach(sortable);

  // ---- A table that is wider than the page says so, and on which sides it goes on.

  const edges = (table) => {
    const beyond = table.scrollWidth - table.clientWidth - table.scrollLeft;
    table.classList.toggle("goes-back", table.scrollLeft > 1);
    table.classList.toggle("goes-on", beyond > 1);
  };
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const over = target.scrollWidth > target.clientWidth + 1;
      target.previousElementSibling.hidden = !over;
      edges(target);
    }
  });
  for (const table of all(".scroll")) {
    widths.observe(table);
    table.addEventListener("scroll", () => edges(table), { passive: true });
  }

  // ---- Dials: every combination of stops is a run that was computed before; its texts are looked up.

  const dials = all(".dials").map((section) => {
    const inputs = all("input", section);
    const cells = JSON.parse(section.querySelector(".cells").textContent);
    const stops = inputs.map((input) => JSON.parse(input.dataset.stops));
    const outputs = all("output", section);
    return (values) => {
      let index = 0;
      inputs.forEach((input, dial) => {
        const word = stops[dial][values[dial]];
        index = index * stops[dial].length + values[dial];
        input.value = String(values[dial]);
        input.setAttribute("aria-valuetext", word);
        for (const place of all(`[data-dial="${dial}"]`, section)) place.textContent = word;
      });
      const texts = cells[index] || [];
      outputs.forEach((output, place) => {
        output.textContent = place < texts.length ? texts[place] : "\u2014";
      });
    };
  });
  for (const section of all(".dials")) {
    const inputs = all("input", section);
    const turn = () => {
      const values = inputs.map((input) => Number(input.value));
      for (const set of dials) set(values);
    };
    for (const input of inputs) input.addEventListener("input", turn);
  }

  // ---- Paper shows what is folded, in browsers whose style sheets cannot open it.

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details.more:not([open])");
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
})();
