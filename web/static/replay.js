// Sliders that replay something, step by step: play, pause, keys. Every figure is the server's answer to a form; one step
// is asked for at a time, the next only once the last is answered. What the results say of themselves (data-stop …) holds.
"use strict";
(() => {
  const REST = 1100; // milliseconds to look at a step before the next one
  const $ = (selector, root = document) => root?.querySelector(selector);
  const bar = () => $("[data-replay]");
  const rail = () => $("input[type=range]", bar());
  const form = () => document.getElementById(bar().dataset.form);
  const stop = (value) => $(`option[value="${value}"]`, rail().list);
  const days = () => form().elements[bar().dataset.days]; // the field that the stop is written to, where there is one
  let wanted = false, asking = false, playing = false, stepped = false, timer;

  function say(label) {
    $(".replay-now", bar()).textContent = label;
    rail().setAttribute("aria-valuetext", label);
  }
  function go(value) {
    rail().value = value;
    const at = stop(rail().value);
    say(at.label);
    if (days()) days().value = at.dataset.day;
    wanted = true;
    ask();
  }
  function ask() {
    if (!wanted || asking) return;
    [wanted, asking] = [false, true];
    form().requestSubmit();
  }
  function step(by) { // a day inside a month stands before its month's own stop
    const value = Number(rail().value), between = days()?.value && days().value !== stop(value).dataset.day;
    const next = by > 0 && between ? value : value + by;
    if (next >= Number(rail().min) && next <= Number(rail().max)) go(next);
  }
  const atEnd = () => Number(rail().value) >= Number(rail().max);

  function play(on) {
    clearTimeout(timer);
    playing = on;
    if (!bar()) return;
    bar().classList.toggle("playing", on);
    if (!on) return;
    if (atEnd()) go(rail().min); else step(1);
  }
  function answered(ok) {
    asking = false;
    if (!bar()) return;
    if (!ok) play(false);
    if (wanted) ask();
    else if (playing && atEnd()) play(false);
    else if (playing) timer = setTimeout(() => step(1), REST);
  }

  // ── by hand: each of these pauses ──
  document.addEventListener("input", (event) => {
    if (bar() && event.target === rail()) { play(false); go(event.target.value); }
  });
  document.addEventListener("change", (event) => {
    if (!bar()) return;
    const { name, form: of } = event.target;
    if (event.target === rail()) event.stopPropagation(); // its steps were asked for as it moved
    else if (name === "clock" && of === form()) {
      if (of.elements.known_at) of.elements.known_at.value = "";
      of.requestSubmit();
    } else if (name === "known_at" && of === form()) {
      for (const one of document.querySelectorAll("[data-replay] [name=clock]")) one.checked = false;
    }
  }, true);
  document.addEventListener("click", (event) => {
    const by = event.target.closest?.("[data-replay] [data-step]");
    if (event.target.closest?.("[data-replay] [data-play]")) play(!playing);
    else if (by && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); play(false); step(Number(by.dataset.step)); }
  });
  document.addEventListener("keydown", (event) => {
    if (!bar() || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target === rail()) {
      if (event.key === " ") { event.preventDefault(); play(!playing); }
      return; // arrows, Home and End are the slider's own
    }
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.target.closest("input, select, textarea, dialog, [contenteditable]")) return;
    event.preventDefault();
    play(false);
    step(by);
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) play(false); });

  // ── answers ──
  document.addEventListener("htmx:before:history:update", (event) => { // a replay is one entry to go back from, not twenty
    if (!asking || !bar() || event.detail.sourceElement !== form()) return;
    if (stepped) event.detail.history.type = "replace";
    stepped = true;
  });
  document.addEventListener("htmx:after:swap", () => {
    const shown = $("[data-stop]");
    if (!bar() || !shown) return;
    prepare();
    const { before, after, clock, label, stop: at, day } = shown.dataset;
    link($("[data-step='-1']", bar()), before);
    link($("[data-step='1']", bar()), after);
    if (wanted) return;
    rail().value = at;
    say(label);
    if (days() && day !== undefined) days().value = day;
    for (const one of document.querySelectorAll("[data-replay] [name=clock]")) one.checked = one.value === clock;
  });
  function link(a, href) {
    if (href) { a.href = href; a.removeAttribute("aria-disabled"); } else { a.removeAttribute("href"); a.setAttribute("aria-disabled", "true"); }
  }
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (bar() && sourceElement === form()) answered(Boolean(response) && response.status < 400);
  });

  function prepare() { // with script the day speaks for the slider
    if (bar() && days()) rail().removeAttribute("name");
  }
  document.addEventListener("DOMContentLoaded", prepare);
})();
