/* The chief's list: 1 to 5 tick a point of the item in hand, X all five. Without it every box is ticked as usual. */
(function () {
  "use strict";

  function boxes(row) {
    return Array.prototype.slice.call(row.querySelectorAll("input[type=checkbox]"));
  }

  function tell(form) {
    var count = form.querySelector("[data-sign-count]");
    var rows = Array.prototype.slice.call(form.querySelectorAll("[data-sign-row]")).filter(function (row) { return boxes(row).length; });
    var done = rows.filter(function (row) { return boxes(row).every(function (box) { return box.checked; }); }).length;
    var begun = rows.filter(function (row) { return boxes(row).some(function (box) { return box.checked; }); }).length - done;
    if (count) { count.textContent = "已核对" + done + "件，未核对" + (rows.length - done) + "件" + (begun ? "，其中" + begun + "件只核对了一部分" : ""); }
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.querySelector("[data-signing]");
    if (!form) { return; }
    tell(form);
    form.addEventListener("change", function () { tell(form); });
    document.addEventListener("keydown", function (event) {
      var row = document.activeElement && document.activeElement.closest("[data-sign-row]");
      var all = row ? boxes(row) : [];
      if (!all.length || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) { return; }
      try { if (localStorage.getItem("zhiquan-keys-off") === "1") { return; } } catch { /* keys stay on */ }
      if (event.key === "x" || event.key === "X") {
        var tick = !all.every(function (box) { return box.checked; });
        all.forEach(function (box) { box.checked = tick; });
      } else if (event.key >= "1" && event.key <= "5" && all[Number(event.key) - 1]) {
        all[Number(event.key) - 1].checked = !all[Number(event.key) - 1].checked;
      } else {
        return;
      }
      event.preventDefault();
      tell(form);
    });
  });
}());
