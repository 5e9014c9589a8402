/* Zoom and pan of a drawing by its viewBox: buttons, arrow and +/- keys, dragging, Ctrl and wheel. Without this file the
   drawing stands there whole. */
(function () {
  "use strict";
  var STEP = 1.25;

  function box(svg) {
    return svg.getAttribute("viewBox").split(/[\s,]+/).map(Number);
  }

  function whole(svg) {
    if (!svg.dataset.whole) { svg.dataset.whole = svg.getAttribute("viewBox"); }
    return svg.dataset.whole.split(/[\s,]+/).map(Number);
  }

  function put(svg, x, y, w, h) {
    var all = whole(svg);
    w = Math.min(w, all[2]); h = Math.min(h, all[3]);
    x = Math.min(Math.max(x, all[0]), all[0] + all[2] - w);
    y = Math.min(Math.max(y, all[1]), all[1] + all[3] - h);
    svg.setAttribute("viewBox", [x, y, w, h].map(function (n) { return Math.round(n * 100) / 100; }).join(" "));
  }

  function zoom(svg, factor, fx, fy) {
    var b = box(svg), all = whole(svg);
    var w = Math.max(b[2] / factor, all[2] / 12), h = w * all[3] / all[2];
    put(svg, b[0] + (b[2] - w) * fx, b[1] + (b[3] - h) * fy, w, h);
  }

  function pan(svg, dx, dy) {
    var b = box(svg);
    put(svg, b[0] + dx * b[2], b[1] + dy * b[3], b[2], b[3]);
  }

  function drawingOf(target) {
    var chart = target instanceof Element ? target.closest("[data-chart]") : null;
    var svg = chart && chart.querySelector(".chart-sheet svg[viewBox]");
    if (svg) { whole(svg); }
    return svg;
  }

  function show(root) {
    root.querySelectorAll("[data-chart-tools][hidden]").forEach(function (tools) {
      tools.hidden = !drawingOf(tools);
    });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-chart-zoom]");
    var svg = button && drawingOf(button);
    if (!svg) { return; }
    var kind = button.dataset.chartZoom;
    if (kind === "whole") { svg.setAttribute("viewBox", svg.dataset.whole); } else { zoom(svg, kind === "in" ? STEP : 1 / STEP, 0.5, 0.5); }
  });

  document.addEventListener("keydown", function (event) {
    if (!event.target.matches || !event.target.matches(".chart-sheet") || event.ctrlKey || event.metaKey || event.altKey) { return; }
    var svg = drawingOf(event.target);
    var moves = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
    if (!svg) { return; }
    if (moves[event.key] && svg.getAttribute("viewBox") !== svg.dataset.whole) { pan(svg, moves[event.key][0], moves[event.key][1]); }
    else if (event.key === "+" || event.key === "=") { zoom(svg, STEP, 0.5, 0.5); }
    else if (event.key === "-") { zoom(svg, 1 / STEP, 0.5, 0.5); }
    else if (event.key === "0") { svg.setAttribute("viewBox", svg.dataset.whole); }
    else { return; }
    event.preventDefault();
  });

  document.addEventListener("wheel", function (event) {
    var svg = event.ctrlKey && event.target.closest && event.target.closest(".chart-sheet") ? drawingOf(event.target) : null;
    if (!svg) { return; }
    var frame = svg.getBoundingClientRect();
    event.preventDefault();
    zoom(svg, event.deltaY < 0 ? STEP : 1 / STEP, (event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  }, { passive: false });

  document.addEventListener("pointerdown", function (event) {
    var svg = event.button === 0 && event.target.closest && event.target.closest(".chart-sheet svg") ? drawingOf(event.target) : null;
    if (!svg || svg.getAttribute("viewBox") === svg.dataset.whole || event.target.closest("a")) { return; }
    var chart = svg.closest("[data-chart]"), frame = svg.getBoundingClientRect(), last = event;
    function move(next) {
      pan(svg, (last.clientX - next.clientX) / frame.width, (last.clientY - next.clientY) / frame.height);
      last = next;
    }
    function stop() {
      chart.classList.remove("chart-moving");
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", stop);
      document.removeEventListener("pointercancel", stop);
    }
    chart.classList.add("chart-moving");
    event.preventDefault();
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", stop);
    document.addEventListener("pointercancel", stop);
  });

  document.addEventListener("DOMContentLoaded", function () { show(document); });
  document.addEventListener("htmx:after:swap", function () { show(document); });
}());
