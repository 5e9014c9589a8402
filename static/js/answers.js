/* The points of an inspection save one by one: <form data-answers> with <fieldset data-point="KEY">. What could not be
   sent stays on the page, says so and is sent again every ten seconds and when the line is back. A photograph is sent as
   soon as it is chosen. Without this file the form is an ordinary one. */
(function () {
  "use strict";
  var RETRY = 10000;
  var WORDS = {
    unsaved: "有改动，尚未保存",
    saving: "正在保存",
    saved: "已保存",
    retrying: "未保存，正在重试，内容保留在本页，请勿关闭本页"
  };
  var form = document.querySelector("form[data-answers]");
  if (!form) { return; }
  var waiting = new Map();
  var busy = new Set();
  var leaving = false;

  function show(point, state, sentence) {
    var line = point.querySelector("[data-point-state]");
    line.textContent = sentence || WORDS[state];
    line.classList.toggle("save-state-wrong", state === "retrying" || state === "refused");
    point.dataset.state = state;
    var open = form.querySelectorAll('[data-state="retrying"], [data-state="refused"]').length;
    var total = form.querySelector("[data-answers-state]");
    total.textContent = open ? open + "项未保存" : "";
    total.classList.toggle("save-state-wrong", open > 0);
  }

  function content(point) {
    var key = point.dataset.point;
    var data = new FormData();
    var file = point.querySelector('input[type="file"]');
    var chosen = point.querySelector('input[type="radio"]:checked');
    data.append("one", key);
    if (chosen) {
      data.append("value-" + key, chosen.value);
      data.append("note-" + key, form.elements["note-" + key].value);
      data.append("seen-" + key, form.elements["seen-" + key].value);
    }
    if (file.files.length) { data.append(file.name, file.files[0]); }
    return chosen || file.files.length ? data : null;
  }

  function later(point) {
    clearTimeout(waiting.get(point));
    waiting.set(point, setTimeout(function () { send(point); }, RETRY));
  }

  function again(point) {
    if (point.dataset.again) { delete point.dataset.again; send(point); }
  }

  function send(point) {
    clearTimeout(waiting.get(point));
    waiting.delete(point);
    if (busy.has(point)) { point.dataset.again = "1"; return; }
    var data = content(point);
    if (!data) { show(point, "unsaved", "请选择结果，说明随结果一起保存"); return; }
    var key = point.dataset.point;
    var file = point.querySelector('input[type="file"]');
    var sent = file.files.length ? file.files[0] : null;
    busy.add(point);
    show(point, "saving");
    fetch(form.action, { method: "POST", body: data, credentials: "same-origin" }).then(function (response) {
      return response.text().then(function (text) {
        if (response.ok && response.headers.has("X-Seen")) {
          form.elements["seen-" + key].value = response.headers.get("X-Seen");
          point.querySelector("[data-proofs]").innerHTML = text;
          form.querySelector("[data-answered]").textContent = response.headers.get("X-Answered");
          if (sent && file.files[0] === sent) { file.value = ""; }
          show(point, "saved");
        } else if (response.status === 409 || response.status === 413 || response.status === 422) {
          if (sent) { file.value = ""; }
          show(point, "refused", response.headers.get("Content-Type").indexOf("text/plain") === 0 ? text : "未能保存，请按“全部保存”查看原因");
        } else {
          show(point, "retrying");
          later(point);
        }
      });
    }).catch(function () {
      show(point, "retrying");
      later(point);
    }).finally(function () {
      busy.delete(point);
      again(point);
    });
  }

  function pointOf(event) {
    return event.target instanceof Element ? event.target.closest("[data-point]") : null;
  }

  form.addEventListener("input", function (event) {
    var point = pointOf(event);
    if (point && event.target.matches("textarea") && point.dataset.state !== "retrying") { show(point, "unsaved"); }
  });
  form.addEventListener("change", function (event) {
    var point = pointOf(event);
    if (point) { send(point); }
  });
  form.addEventListener("settled", function (event) {
    var point = pointOf(event);
    if (point) { send(point); }
  });
  form.addEventListener("submit", function () { leaving = true; });
  window.addEventListener("online", function () {
    form.querySelectorAll('[data-state="retrying"]').forEach(send);
  });
  window.addEventListener("beforeunload", function (event) {
    var open = form.querySelector('[data-state="retrying"], [data-state="unsaved"], [data-state="saving"], [data-state="refused"]');
    if (open && !leaving) { event.preventDefault(); }
  });
})();
