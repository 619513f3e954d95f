// A date's weekday and a telephone number stay on one line: no style can say so inside a sentence,
// so the page is given joiners no reader sees. Mail, files and the database have none.
(function () {
  "use strict";

  const JOINER = "\u2060";
  const APART = /\d日(?=（[一二三四五六日]）)|\b\d\d-(?=\d{4}-\d{4}\b)|\b\d{4}-(?=\d{4}\b)/g;
  const NOT_READ = "svg, textarea, script, style";

  function mend(text) {
    const whole = text.data.replace(APART, (found) => found.replace("日", JOINER + "日") + JOINER);
    if (whole !== text.data && !text.parentElement?.closest(NOT_READ)) text.data = whole;
  }
  function walk(node) {
    if (node.nodeType === Node.TEXT_NODE) return mend(node);
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) mend(texts.currentNode);
  }

  new MutationObserver((changes) => {
    changes.forEach((change) =>
      change.type === "characterData" ? mend(change.target) : change.addedNodes.forEach(walk)
    );
  }).observe(document.documentElement, { childList: true, characterData: true, subtree: true });
})();
