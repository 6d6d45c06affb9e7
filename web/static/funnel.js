// From one funnel to the next its bands grow and shrink. The figures are the server's at once; only the drawing moves.
"use strict";
(() => {
  const MOVING = 380; // milliseconds
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const bands = () => [...document.querySelectorAll(".funnel polygon")].map((shape) => [`${shape.closest("tr").className} ${shape.getAttribute("class")}`, shape]);
  const corners = (shape) => shape.getAttribute("points").trim().split(/[ ,]+/).map(Number);
  let before = new Map();

  document.addEventListener("htmx:before:swap", () => { before = new Map(bands().map(([name, shape]) => [name, corners(shape)])); });
  document.addEventListener("htmx:after:swap", () => {
    if (still.matches) return;
    for (const [name, shape] of bands()) {
      const from = before.get(name), to = corners(shape), points = shape.getAttribute("points");
      if (from && from.join() !== to.join()) move(shape, from, to, points);
    }
    before = new Map();
  });
  function move(shape, from, to, points) {
    const began = performance.now();
    const draw = (now) => {
      const gone = Math.min(1, Math.max(0, (now - began) / MOVING)), eased = 1 - (1 - gone) ** 3;
      shape.setAttribute("points", gone === 1 ? points : to.map((x, i) => from[i] + (x - from[i]) * eased).join(" "));
      if (gone < 1 && shape.isConnected) requestAnimationFrame(draw);
    };
    draw(began);
  }
})();
