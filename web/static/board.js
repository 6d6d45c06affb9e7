// The board: a dropped card asks what the move means; cancelled, it goes back where it came from.
"use strict";
(() => {
  let moved = null;

  function putBack() {
    if (!moved) return;
    moved.from.insertBefore(moved.card, moved.from.children[moved.index] ?? null);
    moved = null;
  }
  function dropped(event) {
    if (event.from === event.to) return;
    moved = { card: event.item, from: event.from, index: event.oldIndex };
    const move = event.item.querySelector("a.move"); // the same way as by the button, with the stage chosen
    htmx.ajax("GET", `${move.href}&to=${event.to.dataset.stage}`, { source: move, target: "#sheet" });
  }
  function watch() {
    const sheet = document.querySelector("#sheet");
    if (!sheet?.open) return putBack();
    sheet.addEventListener("close", () => setTimeout(putBack));
  }
  function ready() {
    document.querySelectorAll(".board .cards:not([data-sorts])").forEach((list) => {
      list.dataset.sorts = "";
      Sortable.create(list, {
        group: "board", draggable: ".lead-card", filter: ".lead-card:not(.movable), .move", preventOnFilter: false,
        sort: false, animation: 120, delay: 180, delayOnTouchOnly: true, ghostClass: "ghost", onEnd: dropped,
        scroll: true, bubbleScroll: true,
      });
    });
  }
  document.addEventListener("DOMContentLoaded", ready);
  document.addEventListener("htmx:after:request", (event) => {
    const { request, response } = event.detail.ctx;
    if (request.method !== "GET" && response?.ok) moved = null; // the move is made; the board is drawn anew
  });
  document.addEventListener("htmx:after:swap", () => {
    if (moved) watch();
    ready();
  });
})();
