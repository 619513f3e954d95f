// The review desk's keys: J and K walk the cases, A approves, S and R open the small forms.
// They rest while somebody types, and whoever speaks to the machine turns them off.
(function () {
  "use strict";

  const on = () => localStorage.getItem("desk-keys") !== "off";
  const ACTS = { a: "#review-approve", s: "#review-open-ask", r: "#review-open-reject" };

  function show() {
    const button = document.querySelector("[data-keys]");
    if (!button) return;
    const now = String(on());
    if (button.getAttribute("aria-pressed") !== now) button.setAttribute("aria-pressed", now);
    document.querySelector(".frame").classList.toggle("keys-off", !on());
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys]")) return;
    localStorage.setItem("desk-keys", on() ? "off" : "on");
    show();
  });

  function walk(step) {
    const cases = [...document.querySelectorAll(".cases a")];
    const here = cases.findIndex((link) => link.hasAttribute("aria-current"));
    const next = cases[here + step];
    if (next) next.click();
  }

  document.addEventListener("keydown", (event) => {
    if (!on() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!document.querySelector(".desk") || document.querySelector(".modal.show")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") walk(key === "j" ? 1 : -1);
    const act = ACTS[key] && document.querySelector(ACTS[key]);
    if (act) act.click();
  });
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true });
})();
