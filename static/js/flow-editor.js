/* The chart editor: keys in a step's row, folded parts that stay open, lists that follow what is typed. Every act is a
   button of the form and works without this file. After rows changed, the form is kept and drawn like after typing. */
(function () {
  "use strict";
  var open = [], moving = null, pressed = null;

  function form() { return document.getElementById("flow-form"); }

  function press(row, kind) {
    var button = row.querySelector("button[value^='" + kind + "-step-']");
    if (button) { button.click(); }
    return Boolean(button);
  }

  document.addEventListener("keydown", function (event) {
    var row = event.target instanceof Element ? event.target.closest(".flow-row") : null;
    // While rows are being changed the hand may stand nowhere; taking back is still meant for them.
    var editor = event.target === document.body ? form() : event.target instanceof Element ? event.target.closest("#flow-form") : null;
    if (editor && event.altKey && !event.ctrlKey && !event.metaKey && event.key.toLowerCase() === "z") {
      var back = document.getElementById(event.shiftKey ? "field-redo" : "field-undo");
      event.preventDefault();
      if (back) { back.click(); }
      return;
    }
    var kind = { Enter: "insert", ArrowUp: "up", ArrowDown: "down", Delete: "remove", b: "branch", B: "branch" }[event.key];
    if (!row || !kind || !event.altKey || event.ctrlKey || event.metaKey || event.isComposing) { return; }
    event.preventDefault();
    // A row that is moved by key is gone on with in the same cell.
    moving = (kind !== "up" && kind !== "down") || !/^steps-/.test(event.target.name || "") ? null : { step: row.dataset.step, cell: event.target.name.replace(/^steps-\d+/, "") };
    if (!press(row, kind)) { moving = null; }
  });

  /* The names of steps stand in the lists of ways. */
  document.addEventListener("input", function (event) {
    var row = event.target instanceof Element ? event.target.closest(".flow-row") : null;
    if (!row || !/-name$/.test(event.target.name || "")) { return; }
    var words = (row.dataset.step + " " + event.target.value).trim();
    form().querySelectorAll(".flow-ways option").forEach(function (option) {
      if (option.value === row.dataset.step) { option.textContent = words; }
    });
  });

  /* The posts offered are those of the section chosen. */
  document.addEventListener("change", function (event) {
    var row = event.target instanceof Element ? event.target.closest(".flow-row") : null;
    if (!row || !/-section$/.test(event.target.name || "")) { return; }
    var post = row.querySelector("input[name$='-post']");
    var list = Array.prototype.find.call(document.querySelectorAll("datalist[data-section]"), function (one) {
      return one.dataset.section === event.target.value;
    });
    if (list) { post.setAttribute("list", list.id); } else { post.removeAttribute("list"); }
  });

  /* While rows are on their way nothing can be typed that the answer would take away. */
  function hold(event, isHeld) {
    var source = event.target;
    var tables = document.getElementById("tables");
    if (tables && source instanceof Element && /^(arrange|undo|redo)$/.test(source.getAttribute("name") || "")) { tables.inert = isHeld; }
  }

  document.addEventListener("htmx:before:request", function (event) { hold(event, true); });
  document.addEventListener("htmx:after:request", function (event) { hold(event, false); });
  document.addEventListener("htmx:error", function (event) { hold(event, false); });

  function isOpen(part) { return part.open; }

  /* The tables an answer replaces, or null. Answers overlap: that of the drawing may end between the moment new tables
     stand on the page and the moment htmx says so, so only the answer for the tables themselves counts. */
  function replaced(event) {
    var target = event.detail && event.detail.ctx && event.detail.ctx.target;
    return target instanceof Element && target.id === "tables" ? target : null;
  }

  document.addEventListener("htmx:before:swap", function (event) {
    var tables = replaced(event);
    if (!tables) { return; }
    open = Array.prototype.filter.call(tables.querySelectorAll("details"), isOpen).map(function (one) { return one.id; });
  });

  document.addEventListener("htmx:after:swap", function (event) {
    var tables = replaced(event) && document.getElementById("tables");
    if (!tables) { return; }
    open.forEach(function (id) {
      var part = document.getElementById(id);
      if (part) { part.open = true; }
    });
    var row = moving && Array.prototype.find.call(tables.querySelectorAll(".flow-row"), function (one) { return one.dataset.step === moving.step; });
    var cell = row && row.querySelector("[name$='" + moving.cell + "']");
    moving = null;
    if (cell) { cell.focus(); }
    // Taken once; later answers must not call the hand back.
    tables.querySelectorAll("[data-focus]").forEach(function (one) { one.removeAttribute("data-focus"); });
    form().dispatchEvent(new CustomEvent("settled", { bubbles: true, detail: { again: true } }));
  });

  /* A link to a fault opens the folded part in which its input stands. */
  function goTo(href) {
    var field = document.getElementById(href.slice(1));
    if (!field || !field.closest(".flow-form")) { return false; }
    var part = field.closest("details");
    if (part) { part.open = true; }
    field.focus();
    field.scrollIntoView({ block: "center" });
    return true;
  }

  function faultLink(event) {
    var link = event.target instanceof Element ? event.target.closest("a[href^='#field-']") : null;
    return link ? link.getAttribute("href") : null;
  }

  document.addEventListener("click", function (event) {
    var href = faultLink(event);
    if (href && goTo(href)) { event.preventDefault(); }
  });

  /* A drawing that arrives while the button is down takes the link away under it, and the browser sends no click. */
  document.addEventListener("pointerdown", function (event) { pressed = event.button === 0 ? faultLink(event) : null; });
  document.addEventListener("pointercancel", function () { pressed = null; });
  document.addEventListener("pointerup", function (event) {
    var href = pressed;
    pressed = null;
    if (href && event.target instanceof Element && event.target.closest("#flow-live")) { goTo(href); }
  });
}());
