// Renews the part of a page that shows how far work in the worker is; the page when it is over.
(() => {
  "use strict";

  const EVERY = 2000;
  const AFTER_TROUBLE = 10000;
  const part = document.querySelector("[data-follow]");
  if (!part) return;

  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return AFTER_TROUBLE;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(part.id);
      if (!now) {
        window.location.reload();
        return 0;
      }
      if (now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
    } catch {
      return AFTER_TROUBLE;
    }
    return EVERY;
  };

  const again = async () => {
    const pause = await look();
    if (pause) window.setTimeout(again, pause);
  };

  window.setTimeout(again, EVERY);
})();
