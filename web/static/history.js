// Arrow keys step through the versions of a lead, unless somebody is typing; the version shown stays in sight.
"use strict";
document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, dialog")) return;
  document.querySelector(`.stepper a[rel=${rel}]`)?.click();
});
document.addEventListener("htmx:after:swap", () => {
  if (new URLSearchParams(location.search).has("version")) document.querySelector(".version[aria-current]")?.scrollIntoView({ block: "nearest" });
});
