"""How a dashboard is laid out: what to do first, tables of zeros folded, short ones whole."""

import json
from datetime import date

import plotly.utils
import pytest
from page_parts import walk
from reader import Reader
from season import Season

from callbacks.dashboards import show
from callbacks.desk import Desk
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei

PLANNER = Actor(Role.PLANNER, name="規劃")


@pytest.fixture
def season(office, clock):
    """Two institutions; nobody left the order, nothing was overturned, three wait for a class."""
    clock.go_to(taipei(date(2027, 4, 1), 10))
    season = Season(office)
    season.rows(season.a_class(date(2027, 3, 1)), completed=4, absent=1, ineligible=1)
    other = season.a_class(date(2027, 3, 8), code="ECDIS", category="navigation", at="NKUST")
    season.rows(other, completed=9)
    season.rows(season.a_class(date(2027, 4, 20), state="published"), waitlisted=3)
    return season


@pytest.fixture
def desk(world, season, tmp_path):
    return Desk(
        office=season.office, mtnet=None, unseal=lambda *_: "", uploads=tmp_path,
        actor=lambda: PLANNER, words=Reader(world, 0).words,
    )  # fmt: skip


def board(desk, code, *, phone=False):
    parts, _ = show(desk, {"board": code, "query": {}, "theme": "light"}, phone)
    return json.loads(json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder))


def test_a_tall_figure_with_few_rows_stands_beside_one_only(desk):
    """Two kinds of course are no reason for a tall figure: the last one goes below, full width."""
    text = json.dumps(board(desk, "qualification"))
    assert "fig-tall" not in text
    assert "fig-full" in text


def test_a_table_of_zeros_is_folded_and_one_that_says_something_stands_open(desk):
    """Nobody overturned a decision or left the order; what else is measured came to something."""
    opened = {}
    for code in ("institutions", "equity"):
        for node in walk(board(desk, code)):
            if node.get("type") == "Figure":
                props = [n["props"] for n in walk(node) if n.get("type") == "Details"]
                opened[node["props"]["id"]] = bool(props[0].get("open"))
    assert {of: opened[of] for of in ("institution-overturn", "overrides", "also-equity")} == {
        "institution-overturn": False, "overrides": False, "also-equity": True,
    }  # fmt: skip


@pytest.mark.parametrize("phone", [True, False])
def test_what_to_do_stands_before_every_figure(desk, phone):
    parts = board(desk, "fill-rate", phone=phone)
    figures = [node["props"] for node in walk(parts) if node.get("type") in ("Section", "Figure")]
    assert [props.get("id") for props in figures][:2] == ["attention", "fill-rate"]
