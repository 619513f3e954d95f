// Small things a page needs in the browser: titles, focus, tokens, links that stay in the portal.
(function () {
  "use strict";

  function cookie(name) {
    const found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? decodeURIComponent(found[1]) : "";
  }

  // Navigate inside the portal the way dcc.Link does, so that nothing is loaded twice.
  function go(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  // A filter form becomes an address: every view can be shared and opened again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ((form.getAttribute("method") || "get").toLowerCase() === "get") {
      event.preventDefault();
      const query = new URLSearchParams();
      new FormData(form).forEach((value, name) => value && query.append(name, value));
      const path = form.getAttribute("action") || window.location.pathname;
      go(query.toString() ? path + "?" + query : path);
      return;
    }
    let token = form.querySelector("input[name=csrf_token]");
    if (!token) {
      token = document.createElement("input");
      token.type = "hidden";
      token.name = "csrf_token";
      form.append(token);
    }
    token.value = cookie("_csrf_token");
    form.querySelectorAll("button[type=submit]").forEach((b) => b.setAttribute("aria-disabled", "true"));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });

  // Language and theme come back to where the reader is.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-here]");
    if (link) {
      const here = window.location.pathname + window.location.search;
      link.href = link.getAttribute("href").split("?")[0] + "?next=" + encodeURIComponent(here);
    }
    const copy = event.target.closest("[data-copy-link]");
    if (copy && navigator.clipboard) navigator.clipboard.writeText(window.location.href);
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    document.querySelectorAll("details.smallmenu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest("a")) menu.removeAttribute("open");
    });
  });

  // A new page: its title, the menu's place, and the focus on its start, as a full load would do.
  let shown = "";
  let held = ""; // what had the focus: a page redrawn with another filter gives it back
  document.addEventListener("focusin", (event) => (held = event.target.id || ""));
  function arrived() {
    const main = document.getElementById("main");
    if (!main || !main.dataset.title) return;
    document.title = main.dataset.title;
    const path = window.location.pathname;
    document.querySelectorAll(".mainnav a, .smallnav a").forEach((link) => {
      const target = new URL(link.href).pathname;
      const here = target === path || (target !== "/" && path.startsWith(target + "/"));
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    if (shown && shown !== path) {
      const hash = window.location.hash && document.querySelector(window.location.hash);
      (hash || main).focus({ preventScroll: true });
      if (hash) hash.scrollIntoView();
      else window.scrollTo(0, 0);
    } else if (!shown && window.location.hash) {
      document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
    } else if (shown && held && document.activeElement === document.body) {
      document.getElementById(held)?.focus({ preventScroll: true });
    }
    shown = path;
  }
  function alerted() {
    const errors = document.querySelector(".errors[tabindex='-1']:not([data-seen])");
    if (errors) {
      errors.dataset.seen = "1";
      errors.focus();
    }
  }
  let last = null;
  new MutationObserver(() => {
    const main = document.getElementById("main");
    if (main !== last) {
      last = main;
      arrived();
    }
    alerted();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Month and number words of charts in Chinese (read by plotly when it loads).
  window.PlotlyLocales = Object.assign(window.PlotlyLocales || {}, {
    "zh-TW": { dictionary: {}, format: { months: [..."123456789", "10", "11", "12"].map((m) => m + "月"),
      shortMonths: [..."123456789", "10", "11", "12"].map((m) => m + "月"), date: "%Y/%m/%d" } },
  });
})();
