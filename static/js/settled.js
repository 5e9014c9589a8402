/* The event "settled": a text field's value has come to rest. Typing Chinese through an input method fires "input" for
   every keystroke of the composition; "settled" fires once, after the composition has ended and the typing paused.
   Use: hx-trigger="settled". It bubbles, so a form or a region may listen too. */
(function () {
  "use strict";
  var PAUSE = 350;
  var waiting = new WeakMap();

  function isText(field) {
    return field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement || field instanceof HTMLInputElement;
  }

  function settle(field) {
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(function () {
      waiting.delete(field);
      if (field.isConnected) {
        field.dispatchEvent(new CustomEvent("settled", { bubbles: true, detail: { name: field.name } }));
      }
    }, PAUSE));
  }

  document.addEventListener("input", function (event) {
    if (isText(event.target) && !event.isComposing) { settle(event.target); }
  });
  document.addEventListener("compositionstart", function (event) {
    // A pause within a composition is not a pause in typing.
    clearTimeout(waiting.get(event.target));
  });
  document.addEventListener("compositionend", function (event) {
    if (isText(event.target)) { settle(event.target); }
  });
}());
