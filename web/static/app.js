// The little the pages need beside htmx: sheets, rows, drafts, tokens after logging in again. Works on whatever is swapped in.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const meta = (name) => $(`meta[name="${name}"]`);
  const notices = () => $("#notices");

  // ── notices ──
  function say(text, tone = "", action = null) {
    const box = document.createElement("div");
    box.className = `notice ${tone}`;
    box.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (action) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: action.label });
      button.addEventListener("click", () => { action.run(); box.remove(); });
      box.append(button);
    }
    notices()?.append(box);
    if (!tone) setTimeout(() => box.remove(), 8000);
  }

  // ── drafts: what was typed and not sent outlives a lost session or connection, in this tab, for this person ──
  const whose = () => meta("person")?.content;
  const key = (form) => `draft:${whose()}:${form.dataset.draft}`;
  const keeps = (input) => input.name && !["hidden", "password", "file", "submit", "button"].includes(input.type);
  function keep(form) {
    if (!whose()) return;
    const typed = [...form.elements].filter(keeps).filter((i) => i.type !== "checkbox" || i.checked).map((i) => [i.name, i.value]);
    sessionStorage.setItem(key(form), JSON.stringify(typed));
  }
  function restore(form) {
    form.dataset.seen = "";
    const stored = whose() && !("typed" in form.dataset) && sessionStorage.getItem(key(form));
    if (!stored) return;
    const typed = JSON.parse(stored);
    for (const [name] of typed) {
      const row = name.match(/^(.+)\.(\d+)\.[^.]+$/);
      const rows = row && $(`[data-rows="${row[1]}"]`, form);
      while (rows && all("[data-row]", rows).length <= Number(row[2])) addRow(rows);
    }
    const values = new Map(typed);
    for (const input of [...form.elements].filter(keeps)) {
      if (input.type === "checkbox") input.checked = values.has(input.name);
      else if (values.has(input.name)) input.value = values.get(input.name);
    }
    const words = notices().dataset;
    say(words.restored, "", { label: words.discard, run: () => { forget(form); form.reset(); } });
  }
  const forget = (form) => sessionStorage.removeItem(key(form));
  function settleSubmitted() { // after a plain post: the draft goes once the next page is neither a refusal nor the login
    const submitted = sessionStorage.getItem("submitted");
    sessionStorage.removeItem("submitted");
    if (submitted && whose() && document.documentElement.dataset.status === "200") sessionStorage.removeItem(submitted);
  }

  // ── rows of a list ──
  function addRow(rows) {
    const number = all("[data-row]", rows).length;
    const html = $("template", rows).innerHTML.replaceAll("__row__", String(number));
    $("[data-add]", rows).insertAdjacentHTML("beforebegin", html);
    return all("[data-row]", rows).at(-1);
  }
  const foreign = (text) => /[a-z$€£]{1,3}|美|欧|日元|港|英镑|韩|新/i.test(text.replace(/(mn|mio|million|billion|bn|[mkb]|cny|rmb|万|亿|元|人民币)/gi, ""));
  function showRate(input) {
    const rate = input.closest(".field")?.querySelector(".rate");
    if (rate) rate.classList.toggle("shown", foreign(input.value) || Boolean($("input", rate).value));
  }

  // ── sheets ──
  function openSheets() {
    const sheet = $("#sheet");
    if (sheet && "opens" in sheet.dataset && !sheet.open) {
      sheet.showModal();
      $("[aria-invalid=true], .field input:not([type=hidden]), .field select, .field textarea", sheet)?.focus();
    }
    const door = $("#door"), way = $("#doorway");
    if (door && "opens" in door.dataset && way && !way.open) way.showModal();
    if (door && "closes" in door.dataset) cameBack(door, way);
  }
  function closeSheet() {
    const sheet = $("#sheet");
    if (sheet?.matches(":modal")) { sheet.close(); sheet.replaceChildren(); delete sheet.dataset.opens; }
  }
  function cameBack(door, way) {
    delete door.dataset.closes;
    way.close();
    if (door.dataset.person !== whose()) return location.assign("/");
    meta("csrf-token").content = door.dataset.csrf;
    all("input[name=csrf]").forEach((input) => { input.value = door.dataset.csrf; });
    say(notices().dataset.back);
  }

  function ready(root) {
    all("form[data-draft]:not([data-seen])", root).forEach(restore);
    all("input[name$='.amount']", root).forEach(showRate);
    openSheets();
    const slow = $("[data-updating]:not([data-seen])");
    if (slow) { slow.dataset.seen = ""; setTimeout(() => location.reload(), 1500); }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form) keep(form);
    if (event.target.name?.endsWith(".amount")) showRate(event.target);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) return event.preventDefault();
    if ("logout" in form.dataset) Object.keys(sessionStorage).filter((k) => k.startsWith("draft:")).forEach((k) => sessionStorage.removeItem(k));
    if ("sparse" in form.dataset) all("input, select", form).filter((i) => !i.value).forEach((i) => { i.disabled = true; setTimeout(() => { i.disabled = false; }); });
    if (form.dataset.draft && !form.hasAttribute("hx-post")) { keep(form); sessionStorage.setItem("submitted", key(form)); }
  }, true);
  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    if (hit("[data-dismiss]")) hit(".notice").remove();
    if (hit("[data-add]")) addRow(hit("[data-rows]")).querySelector("input:not([type=hidden])")?.focus();
    if (hit("[data-drop]")) { const form = hit("form"); hit("[data-row]").remove(); if (form.dataset.draft) keep(form); }
    if (hit("[data-close]") && $("#sheet")?.matches(":modal")) { event.preventDefault(); closeSheet(); }
    all(".top details[open], .menu-of[open]").filter((d) => !d.contains(event.target) || (d.matches(".menu-of") && hit("a"))).forEach((d) => d.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all(".top details[open], .menu-of[open]").forEach((d) => d.removeAttribute("open"));
  });

  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (request.method !== "GET") request.headers["X-CSRF-Token"] = meta("csrf-token")?.content ?? "";
    request.headers["X-Replay"] = meta("replay")?.content ?? "";
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    if (response.status >= 400 || !sourceElement.matches?.("form[data-draft]")) return;
    forget(sourceElement);
    if (sourceElement.closest("#sheet")) closeSheet();
  });
  document.addEventListener("htmx:after:swap", () => ready(document));
  document.addEventListener("htmx:error", (event) => { if (event.detail.ctx && !event.detail.ctx.response) say(notices().dataset.offline, "bad"); });

  document.addEventListener("DOMContentLoaded", () => {
    settleSubmitted();
    ready(document);
    all(".notice.good").forEach((box) => setTimeout(() => box.remove(), 8000));
  });
})();
