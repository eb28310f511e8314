// Saves the checklist in place; the page works the same without this.
(() => {
  "use strict";

  const edited = (box) => box.value !== box.defaultValue;
  let kept = [];

  // A refusal comes with the whole page and its message: it is shown like any other answer.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (event.detail.target.id !== "work") return;
    // Words typed beside the checklist and not yet sent stay where they are.
    kept = [...document.querySelectorAll("#acts textarea")].filter(edited).map((box) => [box.id, box.value]);
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    const work = document.getElementById("work");
    if (!work || event.detail.target.id !== "work") return;
    kept.forEach(([id, value]) => {
      const box = document.getElementById(id);
      if (box) box.value = value;
    });
    const wrong = work.querySelector("[aria-invalid]");
    (wrong || work).focus();
  });
})();
