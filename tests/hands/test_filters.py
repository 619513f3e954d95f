"""The filters of a dashboard: folded on a phone, where a line says what is chosen."""

import json
from datetime import date

import plotly.utils
import pytest
from reader import Reader
from season import Season

from analytics.boards import BOARDS
from callbacks.dashboards import show
from callbacks.desk import Desk
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei


@pytest.fixture
def desk(world, office, clock, tmp_path):
    """A planner's desk; one class has been, whose past cannot be told yet."""
    clock.go_to(taipei(date(2027, 4, 1), 10))
    season = Season(office)
    season.rows(season.a_class(date(2027, 3, 1), code="BST"), completed=4)
    return Desk(
        office=office,
        mtnet=None,
        unseal=lambda *_: "",
        uploads=tmp_path,
        actor=lambda: Actor(Role.PLANNER, name="規劃"),
        words=Reader(world, 0).words,
    )


def filters(desk, code="demand", *, phone=True, **query):
    """Give whether the filters are open, what their line says, and the day that is filled in."""
    (form, *_), _ = show(desk, {"board": code, "query": query}, phone)
    fold = json.loads(json.dumps(form, cls=plotly.utils.PlotlyJSONEncoder))["props"]["children"]
    summary, body = fold["props"]["children"]
    name, says = summary["props"]["children"][0]["props"]["children"]
    assert name["props"]["children"] == "Filters"
    *controls, _ = (part["props"]["children"][1]["props"] for part in body["props"]["children"])
    (day,) = [control.get("value") for control in controls if control["name"] == "asof"]
    return fold["props"]["open"], says, day


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_on_a_phone_a_line_says_what_is_chosen_and_the_filters_are_folded(desk, code):
    assert filters(desk, code) == (False, "2027 · All courses · Both kinds", None)
    chosen = {"year": "2027", "course": "BST", "kind": "funded", "region": "north", "from": "3"}
    says = "2027 · Basic safety · Funded class · North · from Mar"
    assert filters(desk, code, **chosen)[:2] == (False, says)


def test_on_a_desk_they_are_open(desk):
    assert filters(desk, phone=False)[0]


@pytest.mark.parametrize("query", [{"asof": "2099-01-01"}, {"asof": "2027-03-05"}, {"course": "?"}])
def test_filters_that_were_refused_are_open_and_keep_the_day_that_was_typed(desk, query):
    says = "2027 · All courses · Both kinds"
    assert filters(desk, **query) == (True, says, query.get("asof"))
