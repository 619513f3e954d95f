"""A page costs one request and a click one more: what came along is not asked for again."""

import json
import re

import pytest
from applicant import CONTACT
from deployed import Site, output_of

from portal.web.along import CAME


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


def layout_of(answer):
    """Give the layout the first HTML carries, as the browser's script reads it."""
    html = answer.get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="came-along"[^>]*>(.*?)</script>', html)
    return json.loads(found[1])


def test_the_first_html_carries_the_page_itself(site, world):
    class_id = world.a_class()
    answer = site.visitor().opens(f"/classes/{class_id}")
    told = json.dumps(layout_of(answer), ensure_ascii=False)
    assert '"id": "main"' in told
    assert "116-BST-01" in told


def test_the_layout_alone_carries_no_page(site):
    """The twin: who asks for the layout by itself asks for the page afterwards."""
    told = site.visitor().opens("/_dash-layout").get_data(as_text=True)
    assert '"id":"main"' not in told.replace(" ", "")


def test_a_text_with_a_closing_tag_cannot_leave_the_data(site, world):
    course = "</script><img src=x>"
    class_id = world.a_class(course_code=course)
    answer = site.visitor().opens(f"/classes/{class_id}")
    assert "<img" not in answer.get_data(as_text=True)
    assert course in json.dumps(layout_of(answer))


def test_a_step_brings_the_next_page_along(site, world):
    class_id, browser = world.a_class(), site.seafarer()
    answer = browser.clicks("apply-choose", class_id)
    assert answer.headers[CAME] == f"/apply/{class_id}/2"
    assert "apply-email" in json.dumps(answer.get_json()["response"]["page"])


def test_a_refused_step_brings_nothing(site, world):
    class_id, browser = world.a_class(), site.seafarer()
    answer = browser.clicks("apply-next-2", class_id, "no address", *CONTACT[1:])
    assert CAME not in answer.headers
    assert "page" not in answer.get_json()["response"]


def test_a_hand_that_leads_nowhere_brings_nothing(site):
    registered = output_of(site.app, "apply-send")
    others = [key for key in site.app.callback_map if "where.href" not in key]
    assert "page.children" in registered
    assert [key for key in others if "page.children@" in key] == []


def test_the_list_of_callbacks_is_kept_only_under_its_own_hash(site):
    first = site.visitor().opens("/").get_data(as_text=True)
    version = re.search(r'data-rules="(\w+)"', first)[1]
    asked = "/_dash-dependencies"
    kept = site.visitor().opens(f"{asked}?v={version}").headers["Cache-Control"]
    assert "immutable" in kept
    for address in (asked, f"{asked}?v=another"):
        assert site.visitor().opens(address).headers["Cache-Control"] == "no-store"
