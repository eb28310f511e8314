// Comforts on top of pages that work without any of this.
(() => {
  "use strict";

  const all = (selector, root = document) => root.querySelectorAll(selector);

  // The list of errors is read first.
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.removeAttribute("data-changed");
    all("button[type=submit]", form).forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  // Coming back by the back button finds a form that can be sent again.
  window.addEventListener("pageshow", () => {
    all("[data-once]").forEach((form) => {
      delete form.dataset.sent;
      all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  // Words typed but not sent are not lost by a slip.
  const noteChange = (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  };
  document.addEventListener("input", noteChange);
  document.addEventListener("change", noteChange);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  // How many characters are left.
  all("[data-count]").forEach((box) => {
    const limit = Number(box.dataset.count);
    if (!limit) return;
    const line = document.createElement("p");
    line.className = "char-count";
    line.setAttribute("aria-live", "polite");
    box.after(line);
    const show = () => {
      const left = limit - [...box.value].length;
      line.classList.toggle("is-over", left < 0);
      const words = left < 0 ? box.dataset.over : box.dataset.left;
      line.textContent = words.replace("{n}", String(Math.abs(left)));
    };
    box.addEventListener("input", show);
    show();
  });

  // Show what is typed as a password.
  all("[data-reveal]").forEach((button) => {
    const box = document.getElementById(button.dataset.reveal);
    if (!box) return;
    const shown = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const hide = box.type === "text";
      box.type = hide ? "password" : "text";
      button.textContent = hide ? shown : button.dataset.hide;
    });
    box.form?.addEventListener("submit", () => {
      box.type = "password";
    });
  });

  // A calendar beside the text of a date.
  all("[data-date]").forEach((box) => {
    const native = document.createElement("input");
    if (typeof native.showPicker !== "function") return;
    native.type = "date";
    native.className = "native-date";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet";
    button.textContent = box.dataset.date;
    box.after(native, button);
    button.addEventListener("click", () => {
      if (/^\d{4}-\d{2}-\d{2}$/.test(box.value)) native.value = box.value;
      native.showPicker();
    });
    native.addEventListener("change", () => {
      if (!native.value) return;
      box.value = native.value;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  });

  // A file too large is named before it travels.
  all("input[type=file][data-max-bytes]").forEach((box) => {
    box.addEventListener("change", () => {
      const tooBig = [...box.files].some((file) => file.size > Number(box.dataset.maxBytes));
      const id = `${box.id}-size`;
      document.getElementById(id)?.remove();
      if (!tooBig) return;
      const line = document.createElement("p");
      line.id = id;
      line.className = "char-count is-over";
      line.setAttribute("role", "alert");
      line.textContent = box.dataset.tooBig;
      box.after(line);
    });
  });

  // Filters: open where there is room, apply themselves when chosen.
  const wide = window.matchMedia("(min-width: 62rem)");
  const fitFilters = () => all("[data-filter]").forEach((panel) => {
    panel.open = wide.matches;
  });
  fitFilters();
  wide.addEventListener("change", fitFilters);
  all("[data-auto-submit]").forEach((form) => {
    form.addEventListener("change", (event) => {
      if (wide.matches && event.target.matches("input[type=checkbox], input[type=radio], select")) {
        form.requestSubmit();
      }
    });
  });

  // Menus close by Escape and by a press elsewhere.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", (event) => {
    all("[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // How many are chosen is said while one chooses.
  all("[data-chosen-count]").forEach((line) => {
    const form = line.closest("form");
    const show = () => {
      line.textContent = line.dataset.chosenCount.replace("{n}", String(all("[name=id]:checked", form).length));
    };
    form.addEventListener("change", show);
    show();
  });

  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
