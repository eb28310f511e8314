// Applies the reader's chosen display before anything is drawn; loaded in the head on purpose.
(() => {
  "use strict";
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = read("display-theme");
  if (["light", "contrast", "dark"].includes(theme)) root.dataset.theme = theme;
  if (read("display-text") === "large") root.dataset.text = "large";
  root.classList.add("has-script");
})();
