// What is typed into a form marked data-keeps stays in this tab until it is saved or thrown away:
// who was logged out meanwhile finds it again. Never an ID number; one's own log-out
// empties the tab (Clear-Site-Data).
(function () {
  "use strict";

  const PREFIX = "kept:";
  const LASTS = 8 * 60 * 60 * 1000; // as long as a session may
  const ID_NUMBER = /[A-Z][A-D1289]\d{8}/i;

  let box = null; // the form's place on the present page; its mark is the key
  let was = {}; // what its fields held when the page came
  let away = false; // on the way to the log-in: nothing is lost by it

  const key = () => PREFIX + box.dataset.keeps;
  const isOurs = (field) => !field.readOnly && !field.closest("form[method], form[action]");
  const fields = () => [...box.querySelectorAll("input[id], select[id], textarea[id]")].filter(isOurs);
  const values = () => Object.fromEntries(fields().map((field) => [field.id, field.value]));

  function kept() {
    const found = JSON.parse(sessionStorage.getItem(key()) || "{}");
    return Date.now() - found.at < LASTS ? found.typed : {};
  }
  function write(typed) {
    const any = Object.keys(typed).length > 0;
    box.toggleAttribute("data-typed", any);
    if (any) sessionStorage.setItem(key(), JSON.stringify({ at: Date.now(), typed }));
    else sessionStorage.removeItem(key());
  }
  function keep() {
    if (!box) return;
    const typed = kept();
    Object.entries(values()).forEach(([id, now]) => {
      if (now === (was[id] ?? "") || ID_NUMBER.test(now)) delete typed[id];
      else typed[id] = [was[id] ?? "", now];
    });
    write(typed);
  }
  function forget() {
    was = values();
    write({});
    told(false);
  }

  function put(field, text) {
    const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
    set.call(field, text);
    ["input", "change"].forEach((type) => field.dispatchEvent(new Event(type, { bubbles: true })));
  }
  function told(back, passed = false) {
    const note = box.querySelector("[data-kept]");
    note.hidden = !back && !passed;
    note.querySelector("[data-kept-back]").hidden = !back;
    note.querySelector("[data-kept-passed]").hidden = !passed;
  }
  // What somebody else has changed meanwhile stays as it is now.
  function arrive() {
    was = values();
    const typed = Object.entries(kept());
    const here = typed.filter(([id, [, now]]) => id in was && was[id] !== now);
    const back = here.filter(([id, [before]]) => was[id] === before);
    back.forEach(([id, [, now]]) => put(document.getElementById(id), now));
    told(back.length > 0, here.length > back.length);
    keep();
  }

  document.addEventListener("input", (event) => box && box.contains(event.target) && keep());
  document.addEventListener("click", (event) => {
    away = Boolean(event.target.closest("#failed a"));
    if (!event.target.closest("[data-kept-discard]")) return;
    fields().forEach((field) => field.id in was && field.value !== was[field.id] && put(field, was[field.id]));
    forget();
    fields()[0]?.focus();
  });
  window.addEventListener("beforeunload", (event) => {
    keep();
    if (box && box.hasAttribute("data-typed") && !away) event.preventDefault();
  });
  // An answer that leads on has taken what was typed into the form of its button.
  window.addEventListener("portal-led-on", (event) => {
    if (box && box.contains(event.detail)) forget();
  });
  new MutationObserver(() => {
    const found = document.querySelector("main [data-keeps]");
    if (found === box) return;
    keep();
    box = found;
    if (box) arrive();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
