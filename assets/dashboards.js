// Dashboards: tell the server of a phone (figures are drawn there), say that a link was copied,
// open the rows behind a number, and go to an anchor once what it names has arrived.
(function () {
  "use strict";
  const phone = window.matchMedia("(max-width: 47.99em)");
  const note = () => {
    document.cookie = "narrow=" + (phone.matches ? "1" : "0") + "; path=/; SameSite=Lax";
  };
  note();
  phone.addEventListener("change", note);

  document.addEventListener("click", (event) => {
    const way = event.target.closest(".kpi a[href^='#']");
    const rows = way && document.querySelector(way.getAttribute("href") + " details");
    if (rows) rows.open = true;
    const copy = event.target.closest("[data-copied]");
    if (!copy || copy.dataset.said) return;
    const text = copy.lastChild;
    copy.dataset.said = text.textContent;
    text.textContent = copy.dataset.copied;
    setTimeout(() => {
      text.textContent = copy.dataset.said;
      delete copy.dataset.said;
    }, 2000);
  });

  let gone = "";
  new MutationObserver(() => {
    const hash = decodeURIComponent(window.location.hash.slice(1));
    const here = window.location.pathname + "#" + hash;
    if (!hash || gone === here) return;
    const place = document.getElementById(hash);
    const home = window.location.pathname === "/definitions" ? "#definitions" : "#board";
    if (!place || !place.closest(home)) return;
    gone = here;
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
