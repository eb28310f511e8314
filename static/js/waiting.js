// Asks every second whether something has come, and shows the page again when it has.
(() => {
  "use strict";

  const box = document.querySelector("[data-ask]");
  if (!box || !box.dataset.ask) return;
  let pause = 1000;

  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.ask, { headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).state !== box.dataset.state) {
        window.location.reload();
        return;
      }
      if (!answer.ok) pause = 10000;
    } catch {
      pause = 10000;
    }
    if (box.dataset.state === "late") pause = Math.min(pause * 1.5, 15000);
    window.setTimeout(ask, pause);
  };

  window.setTimeout(ask, pause);
})();
