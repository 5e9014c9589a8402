/* Forms that save by themselves: <form data-autosave hx-post="…" hx-trigger="settled" hx-swap="none"> with ui.save_state().
   htmx sends; this file says what became of it, sends again when the line is back, and asks before unsaved text is left.
   The text stays on the page whatever happens. The server may answer with HX-Trigger
   {"autosaved": {"at": "10:32", "version": "5"}}; "version" then goes into the form's seen_version. */
(function () {
  "use strict";
  var RETRY = 15000;
  var WORDS = {
    unsaved: "有改动，尚未保存",
    saving: "正在保存",
    saved: "已自动保存",
    offline: "连不上服务器，内容保留在本页，恢复后自动保存，请勿关闭本页",
    refused: "未能自动保存，内容保留在本页，请按“保存草稿”查看原因"
  };
  var states = new WeakMap();
  var retries = new WeakMap();
  var leaving = false;

  function formOf(target) {
    return target instanceof Element ? target.closest("form[data-autosave]") : null;
  }

  function show(form, state, more) {
    states.set(form, state);
    var line = form.querySelector("[data-save-state]");
    if (!line) { return; }
    line.textContent = WORDS[state] + (more ? " " + more : "");
    line.classList.toggle("save-state-wrong", state === "offline" || state === "refused");
  }

  function again(form) {
    if (!form.isConnected || states.get(form) !== "offline") { return; }
    form.dispatchEvent(new CustomEvent("settled", { bubbles: true, detail: { again: true } }));
  }

  function laterAgain(form) {
    clearTimeout(retries.get(form));
    retries.set(form, setTimeout(function () { again(form); }, RETRY));
  }

  function now() {
    return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  }

  document.addEventListener("input", function (event) {
    var form = formOf(event.target);
    if (form && states.get(form) !== "offline") { show(form, "unsaved"); }
  });
  document.addEventListener("htmx:before:request", function (event) {
    var form = formOf(event.target);
    if (form) { show(form, "saving"); }
  });
  document.addEventListener("htmx:after:request", function (event) {
    var form = formOf(event.target);
    var response = event.detail.ctx && event.detail.ctx.response;
    // Typed on while the request was under way: the state is "unsaved" again and the next request follows.
    if (!form || !response || states.get(form) !== "saving") { return; }
    if (response.status < 400) { show(form, "saved", now()); } else { show(form, response.status >= 502 ? "offline" : "refused"); }
    if (response.status >= 502) { laterAgain(form); }
  });
  document.addEventListener("htmx:error", function (event) {
    var form = formOf(event.target);
    if (!form) { return; }
    show(form, "offline");
    laterAgain(form);
  });
  document.addEventListener("autosaved", function (event) {
    var form = formOf(event.target);
    var version = event.detail && event.detail.version;
    if (!form) { return; }
    if (version && form.elements.seen_version) { form.elements.seen_version.value = version; }
    if (states.get(form) === "saved" && event.detail.at) { show(form, "saved", event.detail.at); }
  });
  window.addEventListener("online", function () {
    document.querySelectorAll("form[data-autosave]").forEach(again);
  });
  document.addEventListener("submit", function (event) {
    // An ordinary submit sends everything itself; only a submit that htmx takes over leaves the page open.
    leaving = !event.defaultPrevented;
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving) { return; }
    var unsafe = Array.prototype.some.call(document.querySelectorAll("form[data-autosave], form[data-guard]"), function (form) {
      return ["unsaved", "saving", "offline", "refused"].indexOf(states.get(form)) >= 0;
    });
    if (unsafe) { event.preventDefault(); event.returnValue = ""; }
  });
  document.addEventListener("input", function (event) {
    var guarded = event.target instanceof Element ? event.target.closest("form[data-guard]:not([data-autosave])") : null;
    if (guarded) { states.set(guarded, "unsaved"); }
  });
}());
