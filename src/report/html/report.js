// The page is whole without this script; it adds the filter, the theme switch and what printing
// needs. It reads only what is in the page and loads nothing.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const one = (selector) => document.querySelector(selector);
  root.classList.add("js");

  // Theme: the system's, until the reader chooses.
  const recall = () => { try { return localStorage.getItem("sagewarden-theme"); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem("sagewarden-theme", theme); } catch { /* not kept */ } };
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const stored = recall();
  if (stored === "dark" || stored === "light") root.dataset.theme = stored;
  const toggle = one("#theme");
  const label = () => { toggle.textContent = dark() ? "Light" : "Dark"; };
  toggle.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remember(root.dataset.theme);
    label();
  });
  label();

  // Filter. A row's text is gathered when the first word is typed, not while the page loads.
  const groups = all(".group").map((element) => ({
    element,
    control: element.dataset.control,
    title: element.querySelector("h3").textContent.toLowerCase(),
    fold: element.querySelector(".fold"),
    rows: all(".f", element).map((row) => ({
      element: row, severity: row.dataset.severity, state: row.dataset.state, text: null,
    })),
  }));
  const total = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const text = one("#search");
  const severity = one("#severity");
  const state = one("#state");
  const control = one("#control");

  const matches = (row, group, words) => {
    if (severity.value && row.severity !== severity.value) return false;
    if (state.value && row.state !== state.value) return false;
    if (control.value && group.control !== control.value) return false;
    if (words.length === 0) return true;
    if (row.text === null) row.text = row.element.textContent.toLowerCase();
    return words.every((word) => row.text.includes(word) || group.title.includes(word));
  };

  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || severity.value || state.value || control.value;
    let shown = 0;
    for (const group of groups) {
      let inGroup = 0;
      let inFold = 0;
      for (const row of group.rows) {
        const visible = matches(row, group, words);
        row.element.hidden = !visible;
        if (!visible) continue;
        ++inGroup;
        if (row.state === "passed") ++inFold;
      }
      shown += inGroup;
      group.element.hidden = active && inGroup === 0;
      if (!group.fold) continue;
      group.fold.hidden = active && inFold === 0;
      // What was asked for may not stay folded away.
      if (active && inFold > 0 && (words.length > 0 || state.value === "passed")) group.fold.open = true;
    }
    const all = `${total.toLocaleString("en")} ${total === 1 ? "finding" : "findings"}`;
    one("#shown").textContent = active ? `${shown.toLocaleString("en")} of ${all}` : all;
    one("#nothing").hidden = shown > 0 || total === 0;
  };

  let pending = 0;
  text.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(apply, 80);
  });
  for (const choice of [severity, state, control]) choice.addEventListener("change", apply);
  one("#reset").addEventListener("click", () => {
    for (const field of [text, severity, state, control]) field.value = "";
    apply();
    text.focus();
  });
  const visibleRows = () => all(".group:not([hidden]) .f:not([hidden])").filter((row) => row.checkVisibility?.() ?? true);
  one("#expand").addEventListener("click", () => {
    // A list of nothing but passed findings is all folded away.
    if (visibleRows().length === 0) for (const fold of all(".group:not([hidden]) .fold:not([hidden])")) fold.open = true;
    const rows = visibleRows().slice(0, 500);
    const open = rows.some((row) => !row.open);
    for (const row of rows) row.open = open;
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      text.focus();
    } else if (event.key === "Escape" && document.activeElement === text) {
      text.value = "";
      apply();
    }
  });

  // An open finding says how to fix it; without the script a link leads to the control's own text.
  document.addEventListener("toggle", (event) => {
    const row = event.target;
    const link = row.open && row.matches?.(".f") ? row.querySelector("a[href^='#fix-']") : null;
    const fix = link && row.closest(".group").querySelector(".fix");
    if (!fix) return;
    const box = document.createElement("div");
    const title = document.createElement("h4");
    title.textContent = "How to fix";
    const words = document.createElement("p");
    words.className = "data";
    words.textContent = fix.textContent;
    box.append(title, words);
    link.replaceWith(box);
  }, true);

  // A link to "how to fix" opens what it points at; a row of the controls table shows its group.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const about = target?.matches(".about") ? target : null;
    if (about) about.open = true;
    const group = target?.closest(".group");
    if (group?.hidden) one("#reset").click();
  });

  // Paper has no folds: what failed is printed with its evidence, and folded again.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all(".f[data-state='failed']:not([open]), .f[data-state='open']:not([open]), .about:not([open])").slice(0, 2000);
    for (const element of opened) element.open = true;
  });
  addEventListener("afterprint", () => { for (const element of opened) element.open = false; });

  apply();
})();
