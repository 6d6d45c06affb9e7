// The version that the replay has come to stays in sight, where the list stands beside the state and not below it.
"use strict";
(() => {
  function follow() {
    if (!new URLSearchParams(location.search).has("version") || matchMedia("(max-width: 900px)").matches) return;
    document.querySelector(".version[aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:after:swap", follow);
  document.addEventListener("DOMContentLoaded", () => { if (!location.hash) follow(); });
})();
