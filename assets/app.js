// Small things a page needs in the browser: titles, focus, tokens, links that stay in the portal.
(function () {
  "use strict";

  function cookie(name) {
    const found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return found ? decodeURIComponent(found[1]) : "";
  }

  function say(text) {
    const spoken = document.getElementById("spoken");
    if (spoken) spoken.textContent = text;
  }

  // A button that waits for an answer: it keeps its width, says so, and takes no second click.
  function busy(button) {
    button.setAttribute("aria-disabled", "true");
    window.setTimeout(() => {
      if (button.getAttribute("aria-disabled") !== "true") return;
      const text = document.querySelector(".frame").dataset.sending;
      button.dataset.busy = text;
      say(text);
    }, 300);
  }
  // An answer that fails says so wherever the reader is, and leads on; the next click clears it.
  function failed(status) {
    const says = document.querySelector(".frame").dataset;
    const out = status === 401;
    const link = document.createElement("a");
    link.href = out ? "/login" : window.location.pathname + window.location.search;
    if (out) link.dataset.here = "1";
    link.textContent = out ? says.login : says.again;
    const kept = out && document.querySelector("main [data-typed]");
    const why = kept ? says.kept : out ? says.out : status >= 500 ? says.broken : status ? says.old : says.silent;
    document.getElementById("failed").replaceChildren(why, " ", link);
  }
  let clicked = null;
  let waiting = 0;
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest("#failed")) document.getElementById("failed")?.replaceChildren();
      clicked = event.target.closest("button.btn");
      if (clicked && clicked.getAttribute("aria-disabled") === "true") {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true
  );
  // What came along is not asked for: the first page, and the page that an answer leads to.
  const along = document.getElementById("came-along");
  let came = along ? window.location.pathname + window.location.search : "";
  const isHere = (asks) => {
    if (asks.output !== "..page.children..") return false;
    const here = came && asks.inputs.map((input) => input.value || "").join("") === came;
    came = "";
    return here;
  };
  // A button that has just appeared was not clicked.
  const isIdle = (asks) => {
    const inputs = asks.inputs.flat();
    return inputs.length && inputs.every((input) => input.property === "n_clicks" && !input.value);
  };
  const plainFetch = window.fetch;
  window.fetch = function (...asked) {
    const [address, init] = asked;
    const json = { headers: { "Content-Type": "application/json" } };
    if (along && String(address).endsWith("/_dash-layout")) {
      return Promise.resolve(new Response(along.textContent, json));
    }
    if (along && String(address).endsWith("/_dash-dependencies")) {
      return plainFetch(address + "?v=" + along.dataset.rules, init);
    }
    if (!String(address).includes("/_dash-update-component")) return plainFetch.apply(this, asked);
    const asks = JSON.parse(init.body);
    if (isHere(asks) || isIdle(asks)) return Promise.resolve(new Response(null, { status: 204 }));
    const answer = plainFetch.apply(this, asked);
    waiting += 1;
    const button = clicked;
    clicked = null;
    answer.then((told) => {
      const led = told.headers.get("X-Page-Came-Along");
      came = led || came;
      if (led) window.dispatchEvent(new CustomEvent("portal-led-on", { detail: button }));
    }, () => {});
    if (button && !button.getAttribute("aria-disabled")) busy(button);
    const page = document.getElementById("page");
    window.setTimeout(() => waiting && page && page.setAttribute("aria-busy", "true"), 300);
    const done = () => {
      waiting -= 1;
      if (!waiting && page) page.removeAttribute("aria-busy");
      if (button) {
        button.removeAttribute("aria-disabled");
        delete button.dataset.busy;
      }
    };
    answer.then(done, done);
    answer.then(
      (told) => told.ok || failed(told.status),
      () => window.setTimeout(failed, 500, 0) // whoever has left the page does not see it
    );
    return answer;
  };

  // Navigate inside the portal the way dcc.Link does, so that nothing is loaded twice.
  function go(href) {
    window.history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  // What was typed and not sent: the browser asks before another page is loaded in its place.
  // A form with neither method nor address belongs to a hand; what assets/kept.js keeps it asks for.
  const isPosted = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";
  const isFilter = (form) => !isPosted(form) && (form.hasAttribute("action") || form.hasAttribute("method"));
  let typedAt = "";
  let typedInto = null;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (!event.target.closest("main") || (form && isFilter(form))) return;
    if (event.target.closest("[data-keeps]")) return;
    typedAt = window.location.href;
    typedInto = event.target;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typedAt === window.location.href && typedInto.value) event.preventDefault();
  });

  // A filter form becomes an address: every view can be shared and opened again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!isPosted(form)) event.preventDefault();
    if (isFilter(form)) {
      const query = new URLSearchParams();
      new FormData(form).forEach((value, name) => value && query.append(name, value));
      const path = form.getAttribute("action") || window.location.pathname;
      go(query.toString() ? path + "?" + query : path);
    }
    if (!isPosted(form)) return;
    typedAt = "";
    let token = form.querySelector("input[name=csrf_token]");
    if (!token) {
      token = document.createElement("input");
      token.type = "hidden";
      token.name = "csrf_token";
      form.append(token);
    }
    token.value = cookie("_csrf_token");
    form.querySelectorAll("button[type=submit]").forEach(busy);
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
    const inner = event.target.closest("a[data-go]");
    if (inner && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(inner.getAttribute("href"));
    }
    const reveal = event.target.closest("[data-reveals]");
    if (reveal) {
      const secret = document.getElementById(reveal.dataset.reveals);
      const shown = secret.type === "text";
      secret.type = shown ? "password" : "text";
      reveal.setAttribute("aria-pressed", String(!shown));
      reveal.textContent = shown ? reveal.dataset.show : reveal.dataset.hide;
    }
    const copy = event.target.closest("[data-copy-link]");
    if (copy && navigator.clipboard) {
      // A dashboard tells its address with its day and what its reader is locked to, which the
      // address bar does not: whoever opens the link sees the same numbers.
      const told = document.querySelector(".onpaper-address");
      const here = new URL(told ? told.textContent : window.location.href, window.location.origin);
      here.hash = window.location.hash;
      navigator.clipboard.writeText(here.href);
    }
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    document.querySelectorAll("details.smallmenu[open]").forEach((menu) => {
      if (!menu.contains(event.target) || event.target.closest("a")) menu.removeAttribute("open");
    });
  });

  // Whoever comes back or loads a page again is not told once more what was done then.
  let returned = performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  window.addEventListener("popstate", () => (returned = true));
  document.addEventListener("click", () => (returned = false), true);

  // A new page: its title, the menu's place, and the focus on its start, as a full load would do.
  let shown = "";
  let held = ""; // what had the focus: a page redrawn with another filter gives it back
  document.addEventListener("focusin", (event) => (held = event.target.id || ""));
  function arrived() {
    const main = document.getElementById("main");
    if (!main || !main.dataset.title) return;
    document.title = main.dataset.title;
    const path = window.location.pathname;
    const place = main.dataset.under || path;
    document.querySelectorAll(".mainnav a, .smallnav a").forEach((link) => {
      const target = new URL(link.href).pathname;
      const here = target === place || (target !== "/" && place.startsWith(target + "/"));
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const moved = shown && shown !== path;
    const lost = shown && (!document.activeElement || document.activeElement === document.body);
    const again = !moved && lost && held && document.getElementById(held);
    if (again) {
      again.focus({ preventScroll: true });
      if (window.location.hash === "#" + held) again.scrollIntoView();
    } else if (moved || lost) start(main, moved);
    else if (!shown && window.location.hash) {
      document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
    }
    const told = main.querySelector(".told");
    if (told && returned) told.hidden = true;
    else if (told) say(told.textContent);
    shown = path;
  }
  function start(main, moved) {
    const hash = window.location.hash && document.getElementById(window.location.hash.slice(1));
    const place = hash || main.querySelector("h1") || main;
    if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
    if (hash) hash.scrollIntoView();
    else if (moved) window.scrollTo(0, 0);
  }
  function alerted() {
    const errors = document.querySelector(".errors[tabindex='-1']:not([data-seen])");
    if (errors) {
      errors.dataset.seen = "1";
      errors.focus();
    }
  }
  // Tie hint and problem to their control: the components have no such attributes themselves.
  function tied() {
    document.querySelectorAll("main label.form-label[for]").forEach((label) => {
      const control = document.getElementById(label.htmlFor);
      if (!control) return;
      const about = [...label.parentElement.children].filter((e) => e.matches(".field-error, .form-text"));
      const ids = about.map((e) => (e.id = e.id || label.htmlFor + "-hint"));
      if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
      const bad = about.some((e) => e.matches(".field-error"));
      if (bad) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    });
  }
  // Notices read on this page are not counted by the bell above it any more.
  function counted() {
    const now = document.querySelector("main [data-bell]");
    const bell = document.querySelector(".masthead .inbox");
    const count = bell && bell.querySelector("b");
    if (!now || !count || count.textContent === now.dataset.bell) return;
    count.textContent = now.dataset.bell;
    count.hidden = now.dataset.bell === "0";
    bell.querySelector(".visually-hidden").textContent = now.dataset.label;
  }
  let last = null;
  new MutationObserver(() => {
    const main = document.getElementById("main");
    if (main !== last) {
      last = main;
      arrived();
    }
    tied();
    alerted();
    counted();
  }).observe(document.documentElement, { childList: true, subtree: true });

  // Month and number words of charts in Chinese (read by plotly when it loads).
  window.PlotlyLocales = Object.assign(window.PlotlyLocales || {}, {
    "zh-TW": { dictionary: {}, format: { months: [..."123456789", "10", "11", "12"].map((m) => m + "月"),
      shortMonths: [..."123456789", "10", "11", "12"].map((m) => m + "月"), date: "%Y/%m/%d" } },
  });
})();
