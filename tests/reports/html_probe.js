// Runs in a copy of the page (check_html_browser.py): uses the page as a reader would and leaves what
// it saw as JSON in the title.
"use strict";
addEventListener("load", () => {
  const one = (selector) => document.querySelector(selector);
  const shown = () => document.querySelectorAll(".group:not([hidden]) .f:not([hidden])").length;
  const seen = { problems: [] };
  const choose = (id, value) => {
    one(id).value = value;
    one(id).dispatchEvent(new Event("change"));
  };
  const want = (holds, what) => { if (!holds) seen.problems.push(what); };
  seen.all = shown();
  const started = performance.now();
  choose("#state", "failed");
  seen.failed = shown();
  want(Array.from(document.querySelectorAll(".f:not([hidden])")).every((row) => row.dataset.state === "failed"), "state");
  choose("#severity", "LOW");
  seen.low = shown();
  one("#reset").click();
  want(shown() === seen.all, "reset");
  want(document.activeElement === one("#search"), "reset gives the focus to the text");
  seen.filter_ms = Math.round(performance.now() - started);

  document.activeElement.blur();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
  want(document.activeElement === one("#search"), "/ goes to the text");
  const before = document.documentElement.dataset.theme;
  one("#theme").click();
  want(document.documentElement.dataset.theme !== before, "theme");
  const link = one(".f a[href^='#fix-']");
  if (link) {
    link.click();
    want(document.getElementById(decodeURIComponent(link.hash.slice(1))).open, "how to fix opens");
  }
  one("#expand").click();
  want(document.querySelectorAll(".f[open]").length > 0 || seen.all === 0, "open all");
  one("#expand").click();
  want(document.querySelectorAll(".f[open]").length === 0, "close all");

  const typed = performance.now();
  const word = document.querySelector(".f .name")?.textContent.trim().slice(0, 12) ?? "";
  one("#search").value = word;
  one("#search").dispatchEvent(new Event("input"));
  setTimeout(() => {
    const failed = document.querySelector(".f[data-state='failed'] .body");
    want(!failed || failed.textContent.includes("How to fix"), "an opened finding says how to fix it");
    seen.word = shown();
    seen.typed_ms = Math.round(performance.now() - typed);
    want(word === "" || seen.word > 0, "the text finds nothing");
    one("#search").value = "no such text anywhere";
    one("#search").dispatchEvent(new Event("input"));
    setTimeout(() => {
      want(shown() === 0 && (seen.all === 0 || !one("#nothing").hidden), "nothing is said to match");
      document.title = "PROBE" + JSON.stringify(seen);
    }, 150);
  }, 150);
});
