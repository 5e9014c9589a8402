/* Small things every staff page has: keys, toasts that are heard, focus that is kept when a part of the page is replaced.
   Classic script, no dependency but htmx's events; every act works without it. */
(function () {
  "use strict";
  var OFF = "zhiquan-keys-off";
  var kept = null;

  function isTyping(target) {
    return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog") !== null;
  }

  function keysOff() {
    try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
  }

  /* ---- keys ---- */
  function rowAct(row) {
    return row.querySelector("a[href], button:not([disabled])") || row.querySelector("input");
  }

  function moveRow(step) {
    var rows = Array.prototype.filter.call(document.querySelectorAll("[data-rows] [data-row]"), function (row) {
      return row.offsetParent !== null && rowAct(row);
    });
    var here = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1)];
    if (!next) { return false; }
    rowAct(next).focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function toggleKeys() {
    var keys = document.getElementById("keys");
    if (!keys || !keys.showModal) { return false; }
    if (keys.open) { keys.close(); } else { keys.showModal(); }
    return true;
  }

  function toSearch() {
    var box = document.querySelector("[data-search]");
    if (!box) { return false; }
    box.focus();
    box.select();
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) { return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      var save = document.querySelector("[data-save]");
      if (save) { event.preventDefault(); save.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    var inKeys = event.target instanceof Element && event.target.closest("#keys");
    if ((event.key === "?" || event.key === "？") && (inKeys || (!isTyping(event.target) && !keysOff()))) {
      if (toggleKeys()) { event.preventDefault(); }
      return;
    }
    if (isTyping(event.target) || keysOff()) { return; }
    var done = false;
    if (event.key === "j" || event.key === "J") { done = moveRow(1); }
    else if (event.key === "k" || event.key === "K") { done = moveRow(-1); }
    else if (event.key === "/") { done = toSearch(); }
    if (done) { event.preventDefault(); }
  });

  document.addEventListener("DOMContentLoaded", function () {
    var off = document.getElementById("keys-off");
    if (off) {
      off.checked = keysOff();
      off.addEventListener("change", function () {
        try { localStorage.setItem(OFF, off.checked ? "1" : "0"); } catch { off.checked = false; }
      });
    }
    focusErrors(document);
    hear();
  });

  /* ---- toasts: HX-Trigger {"toast": {"toasts": [{"kind": "done|note|wrong", "text": "…"}]}} ---- */
  function toastOf(kind, text) {
    var known = ["done", "note", "wrong"].indexOf(kind) >= 0 ? kind : "done";
    var toast = document.createElement("div");
    var words = document.createElement("p");
    var head = document.createElement("strong");
    var close = document.createElement("button");
    toast.className = "toast toast-" + known;
    head.textContent = { done: "已办", note: "提示", wrong: "未办" }[known];
    words.append(head, " " + text);
    close.className = "button-quiet";
    close.type = "button";
    close.textContent = "收起";
    close.addEventListener("click", function () { toast.remove(); });
    toast.append(words, close);
    if (known === "wrong") { toast.setAttribute("role", "alert"); }
    return toast;
  }

  // A screen reader speaks changes of a live region; sentences that came with the page are said once more, unseen.
  function hear() {
    var words = Array.prototype.map.call(document.querySelectorAll("#toasts .toast p"), function (one) { return one.textContent; });
    var heard = document.getElementById("heard");
    if (heard && words.length) { setTimeout(function () { heard.textContent = words.join(" "); }, 300); }
  }

  function say(detail) {
    var place = document.getElementById("toasts");
    var told = Array.isArray(detail.toasts) ? detail.toasts : [detail];
    if (!place) { return; }
    // An act repeated says the same again; the older sentence goes, so that the region does not become a pile.
    place.classList.add("toasts-floating");
    place.replaceChildren.apply(place, told.filter(function (one) { return one.text; }).map(function (one) {
      return toastOf(one.kind, one.text);
    }));
  }

  document.addEventListener("toast", function (event) { say(event.detail || {}); });

  /* ---- focus ---- */
  function focusErrors(root) {
    var summary = root.querySelector("#error-summary, [data-focus]");
    if (summary) { summary.focus(); }
  }

  document.addEventListener("htmx:before:swap", function () {
    var active = document.activeElement;
    kept = active && active.id ? { id: active.id, start: null, end: null } : null;
    if (kept && typeof active.selectionStart === "number") { kept.start = active.selectionStart; kept.end = active.selectionEnd; }
  });

  document.addEventListener("htmx:after:swap", function (event) {
    var target = event.detail && event.detail.ctx && event.detail.ctx.target;
    var summary = target instanceof Element && target.isConnected ? target.querySelector("#error-summary, [data-focus]") : document.querySelector("[data-focus]");
    if (summary) { summary.focus(); kept = null; return; }
    if (!kept || (document.activeElement && document.activeElement !== document.body)) { kept = null; return; }
    var same = document.getElementById(kept.id);
    var field = kept;
    kept = null;
    if (same) {
      same.focus({ preventScroll: true });
      if (field.start !== null && same.setSelectionRange) { same.setSelectionRange(field.start, field.end); }
    } else if (target instanceof Element && target.isConnected) {
      if (!target.hasAttribute("tabindex")) { target.setAttribute("tabindex", "-1"); }
      target.focus({ preventScroll: true });
    }
  });

  /* A link in the error summary leads to a group as well as to a field. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a[href^='#']");
    var field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
  });
}());
