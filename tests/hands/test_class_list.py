"""The list of the classes behind a bar: its pages, each with an address of its own."""

import json
from datetime import date

import plotly.utils
import pytest
from reader import Reader
from season import Season

from analytics import sheet
from analytics.boards import BOARDS
from callbacks import dashboards
from callbacks.desk import Desk
from pages.components.entry import pages_nav
from pages.directory import ROOMS
from portal.app import build
from portal.settings import Settings
from portal.web.rendering import render
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei

SETTINGS = Settings(secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40)
PLANNER = Actor(Role.PLANNER, name="規劃")


@pytest.fixture
def desk(world, office, clock, tmp_path):
    """A planner's desk; three classes have been."""
    clock.go_to(taipei(date(2027, 4, 1), 10))
    season = Season(office)
    for day in (1, 8, 15):
        season.rows(season.a_class(date(2027, 3, day)), completed=4)
    return Desk(
        office=office,
        mtnet=None,
        unseal=lambda *_: "",
        uploads=tmp_path,
        actor=lambda: PLANNER,
        words=Reader(world, 0).words,
    )


@pytest.fixture
def one_to_a_page(monkeypatch):
    for where in (sheet, dashboards):
        monkeypatch.setattr(where, "LEAF", 1)


def shown(desk, board="drill", **query):
    parts, _ = dashboards.show(desk, {"board": board, "query": query, "theme": "light"}, False)
    return text_of(parts)


def text_of(parts):
    return json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder)


def links(text):
    """The words and addresses of everything that leads somewhere."""

    def walk(node):
        if isinstance(node, dict):
            if node.get("type") == "Link":
                yield node["props"]["children"], node["props"]["href"]
            node = list(node.values())
        for value in node if isinstance(node, list) else ():
            yield from walk(value)

    return list(walk(json.loads(text)))


def classes(text):
    return [href for _, href in links(text) if href.startswith("/desk/classes/")]


@pytest.mark.usefixtures("one_to_a_page")
def test_every_page_has_an_address_that_keeps_the_filters(desk):
    text = shown(desk, kind="funded", page="2")
    base = "/drill?year=2027&kind=funded"
    assert {word: href for word, href in links(text) if href.startswith("/drill?")} == {
        "Previous page": f"{base}#classes",
        "1": f"{base}#classes",
        "3": f"{base}&page=3#classes",
        "Next page": f"{base}&page=3#classes",
    }
    assert len(classes(text)) == 1
    assert "2 to 2 of 3" in text
    assert f"{base}&asof=2027-04-01&page=2#classes" in text  # the link to this figure
    assert f'"{base}&asof=2027-04-01&page=2"' in text  # the link to copy, and on paper
    assert '"/export/classes.csv?year=2027&kind=funded"' in text  # a file has every page


@pytest.mark.usefixtures("one_to_a_page")
@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("", 1), ("0", 1), ("-2", 1), ("two", 1), ("²", 1), ("3", 3), ("4", 3), ("9" * 60, 3)],
)
def test_a_page_that_is_not_there_is_the_nearest_one(desk, asked, nearest):
    every = [classes(shown(desk, page=str(n))) for n in (1, 2, 3)]
    assert len({href for (href,) in every}) == 3
    assert classes(shown(desk, page=asked)) == every[nearest - 1]


@pytest.mark.parametrize(
    ("page", "last", "line"),
    [
        (1, 2, "1 2 Next page"),
        (1, 9, "1 2 … 9 Next page"),
        (5, 9, "Previous page 1 … 4 5 6 … 9"),
        (9, 9, "Previous page 1 … 8 9"),
    ],
)
def test_the_ends_and_the_pages_around_are_at_hand_and_this_one_is_no_link(desk, page, last, line):
    nav = pages_nav(desk.words(), str, page, last).children
    assert " ".join(item.children.children for item in nav.children).startswith(line)
    (here,) = [item.children for item in nav.children if "active" in item.className]
    assert here.children == str(page)
    assert getattr(here, "aria-current") == "page"
    assert not hasattr(here, "href")


def test_a_short_list_has_no_pages_to_turn(desk):
    text = shown(desk, page="2")
    assert len(classes(text)) == 3
    assert "pagination" not in text
    assert "page=2" not in text


@pytest.mark.usefixtures("one_to_a_page")
def test_the_page_stays_behind_where_the_filters_go_along(desk):
    assert "page=" not in shown(desk, "fill-rate", page="2")


def test_the_address_of_a_page_is_heard_and_does_not_go_along_to_other_dashboards(desk):
    with build(desk, SETTINGS).server.test_request_context("/drill?kind=funded&page=2"):
        text = text_of(render(desk, ROOMS, "/drill", "?kind=funded&page=2"))
    assert '"query": {"kind": "funded", "page": "2"}' in text
    assert '/queues?kind=funded"' in text
    assert '/export/board/drill.xlsx?kind=funded"' in text


@pytest.mark.parametrize(
    ("code", "href", "leads"),
    [("drill", "#waiting", "/queues?year=2027#waiting"), ("queues", "#waiting", "#waiting"),
     ("demand", "#attention", "/fill-rate?year=2027#attention"), ("drill", "/how", "/how")],
)  # fmt: skip
def test_a_number_leads_to_the_dashboard_that_shows_its_figure(code, href, leads):
    assert dashboards.within(BOARDS[code], href, "?year=2027") == leads
