// Runs in a copy of the page that lies in a frame of a given width (check_html_browser.py): measures what a reader would
// see there, and hands it to the page around it.
"use strict";
addEventListener("load", () => {
  const problems = [];
  const want = (holds, what) => { if (!holds && problems.length < 20) problems.push(what); };
  const root = document.documentElement;
  want(root.scrollWidth <= innerWidth, `the page is ${root.scrollWidth} wide in ${innerWidth}`);

  // A title of a few letters a line cannot be read.
  const titles = Array.from(document.querySelectorAll("#controls td.data"));
  for (const title of titles)
    want(title.getBoundingClientRect().width >= 180, `a control's title is ${title.getBoundingClientRect().width} wide`);
  // Labels stand beside their bars and not on them.
  for (const row of document.querySelectorAll(".sev")) {
    const [badge, bar] = [row.querySelector(".badge"), row.querySelector("svg")].map((part) => part.getBoundingClientRect());
    want(badge.right < bar.left, `the label ${row.textContent} touches its bar`);
  }

  // WCAG's contrast, for text that is not large: 4.5.
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((part) => part / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const places = ".verdict, .alert, .tile b, .tile span, .pill, .badge, .counts, .f .name, .f .where, .f .why, th, h3, .run, footer";
  for (const element of document.querySelectorAll(places)) {
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    want(contrast >= 4.5, `contrast ${contrast.toFixed(1)}: ${element.className || element.tagName} ${element.textContent.slice(0, 20)}`);
  }
  want((root.dataset.theme === "dark") === (light(ground(document.body)) < 0.2), `${root.dataset.theme} is not`);
  parent.postMessage(JSON.stringify({ problems, titles: titles.length, width: innerWidth }), "*");
});
