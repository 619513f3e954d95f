// Dashboards: tell the server of a phone (figures are drawn there), say that a link was copied,
// open the rows behind a number, save a figure as a picture, lay out a paper,
// show the tab of the dashboard on a phone, and go to an anchor once it is there.
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

  // A picture carries what the page says around the figure: finding, measure, source and moment.
  const text = (figure, part) => (figure.querySelector(part) || {}).textContent || "";
  const wrapped = (words, most) =>
    (words.match(/[\x21-\x7e]+\s*|./g) || []).reduce(
      (lines, word) => {
        const wide = (line) => [...line].reduce((n, c) => n + (c > "\u02ff" ? 2 : 1), 0);
        const last = lines.length - 1;
        if (wide(lines[last] + word) > most && lines[last]) lines.push(word);
        else lines[last] += word;
        return lines;
      },
      [""]
    );
  async function save(button) {
    const figure = button.closest(".fig");
    const drawn = figure.querySelector(".js-plotly-plot");
    if (!drawn || !window.Plotly) return;
    const style = getComputedStyle(figure);
    const width = Math.max(720, drawn.clientWidth);
    const most = width / 7.5;
    const title = wrapped(text(figure, "h2"), most * 0.8);
    const under = wrapped(text(figure, ".subtitle"), most);
    const from = [document.title.split(" – ").pop(), text(figure, ".asof > span")].join(" · ");
    const old = drawn.layout;
    const top = (old.margin.t || 0) + 26 * title.length + 19 * under.length + 22;
    const legend = figure.querySelector(".fig-legend") ? 34 : 0;
    const layout = Object.assign({}, old, {
      width,
      height: drawn.clientHeight + top + legend + 30,
      paper_bgcolor: style.backgroundColor,
      margin: Object.assign({}, old.margin, { t: top, b: (old.margin.b || 0) + legend + 34 }),
      showlegend: legend > 0,
      legend: { orientation: "h", x: 0, y: 0, yref: "container", yanchor: "bottom", traceorder: "normal" },
      title: {
        text: "<b>" + title.join("<br>") + "</b>",
        subtitle: { text: under.join("<br>") },
        x: 0,
        xref: "paper",
        xanchor: "left",
        y: 1,
        yref: "container",
        yanchor: "top",
        pad: { t: 16 },
        font: { size: 18, color: old.font.color },
      },
      annotations: (old.annotations || []).concat({
        text: from,
        showarrow: false,
        xref: "paper",
        yref: "paper",
        x: 0,
        y: 0,
        xanchor: "left",
        yanchor: "top",
        yshift: -(old.margin.b || 0) - 4,
        xshift: -4,
        font: { size: 11 },
      }),
    });
    const kind = button.dataset.image;
    const asked = { format: kind, width, height: layout.height, scale: kind === "png" ? 2 : 1 };
    const link = document.createElement("a");
    link.href = await window.Plotly.toImage({ data: drawn.data, layout }, asked);
    link.download = button.dataset.file + "." + kind;
    link.click();
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-image]");
    if (button) save(button);
  });

  // On paper nothing can be opened: the closed tables follow the figures, each with its moment.
  const papers = () => document.querySelectorAll(".onpaper");
  window.addEventListener("beforeprint", () => {
    papers().forEach((paper) => {
      const tables = paper.querySelector(".onpaper-tables");
      const parts = [];
      document.querySelectorAll(".fig:has(details:not([open]) table)").forEach((figure) => {
        const part = document.createElement("section");
        const name = document.createElement("h3");
        name.textContent = text(figure, "h2");
        const under = document.createElement("p");
        under.textContent = [text(figure, ".subtitle"), text(figure, ".asof > span")].join(" · ");
        part.append(name, under, figure.querySelector("details table").cloneNode(true));
        parts.push(part);
      });
      const head = document.createElement("h2");
      head.textContent = tables.dataset.title;
      tables.replaceChildren(...(parts.length ? [head, ...parts] : []));
      const address = paper.querySelector(".onpaper-address");
      address.textContent = new URL(address.textContent, window.location.origin).href;
    });
  });
  window.addEventListener("afterprint", () => {
    papers().forEach((paper) => paper.querySelector(".onpaper-tables").replaceChildren());
  });

  // A click on a mark sets its filter in the address, a second one takes it back.
  let kept = null; // the figure that was clicked, and where it stood
  function filter(drawn, event) {
    const meta = drawn.layout.meta;
    const point = event.points[0];
    const [at, column] = [].concat(point.pointNumber); // a cell has both
    const marks = point.data.type === "scatter" && point.data.mode !== "markers";
    const key = meta && !marks && meta.keys[at];
    if (!key) return;
    const query = new URLSearchParams(window.location.search);
    const sets = { [meta.filter]: key };
    if (meta.months) sets.from = sets.to = meta.months[column];
    const names = Object.keys(sets);
    const there = names.every((name) => query.get(name) === sets[name]);
    names.forEach((name) => (there ? query.delete(name) : query.set(name, sets[name])));
    const figure = drawn.closest(".fig");
    kept = { id: figure.id, top: figure.getBoundingClientRect().top, old: figure };
    const text = query.toString();
    window.history.pushState({}, "", window.location.pathname + (text ? "?" + text : ""));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }
  function listen() {
    const tab = document.querySelector(".boards:not([data-there]) [aria-current]");
    if (tab) {
      tab.parentElement.dataset.there = "1";
      tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 48;
    }
    document.querySelectorAll(".js-plotly-plot:not([data-clicks])").forEach((drawn) => {
      if (!drawn.on || !drawn.layout) return;
      drawn.dataset.clicks = drawn.layout.meta ? "1" : "0";
      drawn.on("plotly_click", (event) => filter(drawn, event));
    });
    const figure = kept && document.getElementById(kept.id);
    if (figure && figure !== kept.old) {
      window.scrollBy(0, figure.getBoundingClientRect().top - kept.top);
      kept = null;
    }
  }

  let gone = "";
  new MutationObserver(() => {
    listen();
    const hash = decodeURIComponent(window.location.hash.slice(1));
    const here = window.location.pathname + window.location.search + "#" + hash;
    if (!hash || gone === here) return;
    const place = document.getElementById(hash);
    const home = window.location.pathname === "/definitions" ? "#definitions" : "#board";
    if (!place || !place.closest(home)) return;
    gone = here;
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
