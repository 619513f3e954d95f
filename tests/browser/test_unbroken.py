"""On a phone of any width a date keeps its weekday and a telephone number its parts on one line."""

import pytest
from browser.surfer import Screen

pytestmark = pytest.mark.browser

APART = r"""() => {
  const whole = /\d\d-\u2060?\d{4}-\u2060?\d{4}|\d+\u2060?日\u2060?（[一二三四五六日]）/g;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) for (const match of texts.currentNode.data.matchAll(whole)) {
    const range = document.createRange();
    range.setStart(texts.currentNode, match.index);
    range.setEnd(texts.currentNode, match.index + match[0].length);
    const lines = new Set([...range.getClientRects()].map(part => Math.round(part.top)));
    found.push([match[0].replaceAll('\u2060', ''), lines.size]);
  }
  return found;
}"""


@pytest.mark.parametrize("path", ["/", "/registrations/{registration_id}"])
def test_no_width_of_a_phone_takes_them_apart(site, surf, path):
    me = surf(Screen(390), site.folk.seafarer).opens(path.format(**site.folk.examples))
    seen = set()
    for width in range(320, 440, 6):
        me.page.set_viewport_size({"width": width, "height": 850})
        found = me.page.evaluate(APART)
        assert [text for text, lines in found if lines > 1] == []
        seen |= {text for text, _ in found}
    assert "02-0000-0000" in seen
    assert any("日（" in text for text in seen)
