"""The dashboards over the wire: who sees what, as page, as figures, as file."""

import csv
import io
import json
from datetime import date

import plotly.graph_objects as go
import plotly.utils
import pytest
from page_parts import walk
from reader import Reader
from season import Season
from sqlalchemy import insert, select

from analytics.boards import BOARDS
from analytics.questions import QUESTIONS
from callbacks.dashboards import show
from callbacks.definitions import define
from callbacks.desk import Desk
from pages import dashboards
from pages.directory import ROOMS
from pages.visit import Visit
from portal.app import build
from portal.settings import Settings
from services.catalogue.records import cohort
from services.kernel.actor import VISITOR, Actor, Role
from services.kernel.clock import taipei
from services.tally.records import watermark
from services.words import words_for

NTOU = Actor(Role.INSTITUTION, institution="NTOU", name="承辦")
PLANNER = Actor(Role.PLANNER, name="規劃")
SEAFARER = Actor(Role.SEAFARER, person_id=1, name="船員")
ADMINISTRATOR = Actor(Role.ADMINISTRATOR, name="管理")
SMALL = 40_000  # bytes of one figure
TABLES = ("freshness", "drill")  # dashboards of moments and of classes: no chart


@pytest.fixture
def season(office, clock):
    """Two institutions: NTOU fills 4 of 10 seats, the other (秘密) 9 of 10."""
    clock.go_to(taipei(date(2027, 4, 1), 10))
    season = Season(office)
    held = season.a_class(date(2027, 3, 1), code="BST")
    season.rows(held, completed=4, absent=1, cancelled=2, ineligible=1)
    other = season.a_class(date(2027, 3, 8), code="ECDIS", category="navigation", at="秘密")
    season.rows(other, completed=9, ineligible=3)
    coming = season.a_class(date(2027, 4, 20), at="秘密", state="published", region="south")
    season.rows(coming, waitlisted=3)
    return season


@pytest.fixture
def desk(world, season, tmp_path):
    who = {"actor": PLANNER}
    made = Desk(
        office=season.office,
        mtnet=None,
        unseal=lambda *_: "",
        uploads=tmp_path,
        actor=lambda: who["actor"],
        words=Reader(world, 0).words,
    )
    return made, lambda actor: who.update(actor=actor)


@pytest.fixture
def client(desk):
    settings = Settings(
        secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40, base_url="https://p"
    )
    return build(desk[0], settings).server.test_client()


def board(desk, code, query=None, *, phone=False, theme="light"):
    parts, line = show(desk, {"board": code, "query": query or {}, "theme": theme}, phone)
    return json.loads(json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder)), line


def figures_of(parts):
    return [n["props"]["figure"] for n in walk(parts) if n.get("type") == "Graph"]


@pytest.mark.parametrize("code", sorted(BOARDS))
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [True, False])
def test_every_figure_is_small_and_carries_no_rows(desk, code, theme, phone):
    """A figure holds sums: never more points than a year has weeks, and no name of a person."""
    parts, _ = board(desk[0], code, phone=phone, theme=theme)
    found = figures_of(parts)
    assert found or code in TABLES
    for figure in found:
        go.Figure(figure)  # raises for a property that plotly does not know
        assert len(json.dumps(figure)) < SMALL
        assert "SEAFARER" not in json.dumps(figure)
        for trace in figure["data"]:
            assert len(trace.get("x", [])) <= 61


def test_every_graph_is_shut_off_from_the_cloud_and_speaks_the_readers_language(desk):
    for code in BOARDS:
        parts, _ = board(desk[0], code)
        for node in walk(parts):
            if node.get("type") == "Graph":
                config = node["props"]["config"]
                assert config["showSendToCloud"] is False
                assert config["displaylogo"] is False
                assert config["displayModeBar"] is False
                assert config["locale"] == "en"


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_every_figure_has_its_table_definition_time_and_file(desk, code):
    text = json.dumps(board(desk[0], code)[0], ensure_ascii=False)
    for question, _ in BOARDS[code].figures:
        assert f"/export/{question}.csv" in text
        assert f"/definitions#{QUESTIONS[question].measure}" in text
    assert "As of Thu 1 April 2027, 10:00" in text
    assert code in TABLES or "The numbers are in the table below." in text


def test_every_definition_that_is_linked_is_on_the_page():
    page = json.dumps(define(words_for("en")), cls=plotly.utils.PlotlyJSONEncoder)
    anchors = {
        node["props"]["id"] for node in walk(json.loads(page)) if "id" in node.get("props", {})
    }
    assert {question.measure for question in QUESTIONS.values()} <= anchors
    assert page.count('"data-th": "A planner"') == page.count('"data-th": "An institution"') > 0


def links_and_places(desk, code, query=None):
    props = [node["props"] for node in walk(board(desk[0], code, query)[0]) if "props" in node]
    return [p["href"] for p in props if p.get("href")], {p["id"] for p in props if p.get("id")}


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_a_link_to_a_place_on_the_page_finds_it(desk, code):
    links, places = links_and_places(desk, code)
    assert [link for link in links if link[0] == "#" and link[1:] not in places] == []


def test_the_numbers_above_the_class_list_lead_to_their_figures_with_the_same_filters(desk):
    links, _ = links_and_places(desk, "drill", {"year": "2027", "course": "BST"})
    assert "/fill-rate?year=2027&course=BST#fill-rate" in links


def test_a_planner_sees_every_institution(desk):
    parts, line = board(desk[0], "fill-rate")
    assert line.startswith("2027: 2 classes begun, 0 of them cancelled.")
    assert "65.0" in json.dumps(parts)  # 13 of 20 seats
    assert "秘密" in json.dumps(parts, ensure_ascii=False)


@pytest.mark.parametrize("code", sorted(BOARDS))
@pytest.mark.parametrize("query", [{}, {"institution": "秘密"}, {"region": "south"}])
def test_an_institution_sees_its_own_numbers_only(desk, code, query):
    made, become = desk
    become(NTOU)
    parts, line = board(made, code, query)
    form, *shown = parts
    text = json.dumps(shown, ensure_ascii=False)
    assert "秘密" not in json.dumps(form, ensure_ascii=False) + text
    assert "ECDIS" not in text  # the form offers every course
    if code == "fill-rate":
        assert line.startswith("2027: 1 class begun")
        assert "40.0" in text


def test_what_was_remembered_for_the_planner_is_not_shown_to_an_institution(desk):
    made, become = desk
    planner = board(made, "fill-rate", {"institution": "NTOU"})
    become(NTOU)
    officer = board(made, "fill-rate", {"institution": "NTOU"})
    assert planner[1] == officer[1]
    become(Actor(Role.INSTITUTION, institution="秘密"))
    assert "90.0" in json.dumps(board(made, "fill-rate", {"institution": "NTOU"})[0])


@pytest.mark.parametrize(
    "wish",
    [None, 7, [], "x", {}, {"board": "salaries"}, {"board": ["fill-rate"]}, {"board": None}],
)
def test_a_wish_for_no_dashboard_is_refused_in_words(desk, wish):
    said, line = show(desk[0], wish, False)
    assert line == ""
    assert "There is no such dashboard." in json.dumps(said, cls=plotly.utils.PlotlyJSONEncoder)


@pytest.mark.parametrize(
    "query", [None, 3, {"year": 3}, {"year": "x" * 900}, {"from": "13"}, {"course": "'; drop"}]
)
def test_a_query_that_makes_no_sense_shows_the_default(desk, query):
    parts, line = show(desk[0], {"board": "demand", "query": query, "theme": 9}, False)
    assert parts
    assert line.startswith("2027:")


def asks(client, path="fill-rate"):
    client.get("/definitions")
    token = client.get_cookie("_csrf_token").value
    output = "..board.children...board-line.children.."
    body = {
        "output": output,
        "outputs": [
            {"id": "board", "property": "children"},
            {"id": "board-line", "property": "children"},
        ],
        "inputs": [{"id": "board-asked", "property": "data", "value": {"board": path}}],
        "changedPropIds": ["board-asked.data"],
        "state": [],
    }
    head = {"X-CSRFToken": token}
    return client.post("/_dash-update-component", json=body, headers=head)


@pytest.mark.parametrize(
    ("actor", "code"),
    [(VISITOR, 401), (SEAFARER, 403), (ADMINISTRATOR, 403), (NTOU, 200), (PLANNER, 200)],
)
def test_only_planners_and_institutions_are_answered(desk, client, actor, code):
    desk[1](actor)
    assert asks(client).status_code == code
    assert client.get("/export/fill-rate.csv").status_code == code


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_file_opens_in_a_spreadsheet_and_holds_what_the_table_holds(client):
    answer = client.get("/export/fill-rate.csv?year=2027")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.mimetype == "text/csv"
    assert 'filename="fill-rate_2027_20270401T1000.csv"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    internal = "For the work of MPB and the institutions only; not for publication."
    known = ["2027-04-01T10:00+08:00", "https://p/definitions#fill-rate", "year=2027", internal]
    assert rows_of(answer) == [
        [
            "Course category code", "Course category", "Fill rate", "People who came",
            "Planned seats", "Classes", "As of", "Definition", "Filters", "Terms of use",
        ],
        ["navigation", "Navigation", "0.9", "9", "10", "1", *known],
        ["safety", "Basic safety", "0.4", "4", "10", "1", *known],
    ]  # fmt: skip


@pytest.mark.parametrize("code", [*sorted(QUESTIONS), "attention"])
def test_an_institutions_file_holds_its_own_rows_only(desk, client, code):
    desk[1](NTOU)
    answer = client.get(f"/export/{code}.csv?institution=秘密&region=south")
    assert answer.status_code == 200
    text = answer.data.decode()
    assert "秘密" not in text
    assert "ECDIS" not in text


@pytest.mark.parametrize(
    "path", ["salaries.csv", "fill-rate", "fill-rate.csv.csv", "..%2f..%2fetc.csv", "x/y.csv"]
)
def test_there_is_no_other_file(client, path):
    assert client.get(f"/export/{path}").status_code == 404


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_taken_for_a_formula(season, client, sign):
    season.rows(season.a_class(date(2027, 3, 9), at=f"{sign}SUM(A1)", code="@X"), completed=1)
    text = client.get("/export/fill-by-month.csv").data.decode()
    assert f"'{sign}SUM(A1)" in text
    assert f"\n{sign}SUM" not in text


def test_every_dashboard_has_a_tab_and_a_room_and_the_tabs_stand_in_their_order():
    assert [tab.code for tab in dashboards.TABS] == list(BOARDS)
    rooms = {room.path: room for room in ROOMS}
    assert {rooms[f"/{code}"].roles for code in BOARDS} == {dashboards.READERS}


def test_the_selection_goes_along_to_the_other_dashboards(world, season):
    """Only declared names: what else stood in the address stays behind."""
    query = {"year": "2026", "course": "BST", "told": "logged_out"}
    with season.office.look(NTOU) as look:
        visit = Visit(words_for("en"), NTOU, look, "light", "/demand", query)
        page = json.loads(json.dumps(dashboards.layout(visit), cls=plotly.utils.PlotlyJSONEncoder))
    links = {n["props"]["href"]: n["props"] for n in walk(page) if "data-go" in n.get("props", {})}
    assert set(links) == {f"/{code}?year=2026&course=BST" for code in BOARDS}
    assert links["/demand?year=2026&course=BST"]["aria-current"] == "page"


def texts(desk, code, query=None):
    return json.dumps(board(desk, code, query)[0], ensure_ascii=False)


def test_a_click_finds_the_filter_of_its_mark(desk):
    """The keys stand in the order of the bars, from below, and are values the filter takes."""
    for figure in figures_of(board(desk[0], "fill-rate")[0]):
        meta = figure["layout"].get("meta")
        if meta:
            names = figure["data"][0]["y"]
            assert len(meta["keys"]) == len(names)
    (first, *_) = figures_of(board(desk[0], "fill-rate")[0])
    assert first["layout"]["meta"] == {"filter": "course", "keys": ["safety", "navigation"]}
    assert first["data"][0]["y"] == ["Basic safety", "Navigation"]
    narrowed = texts(desk[0], "fill-rate", {"course": "navigation"})
    assert "Take back the filter: Navigation" in narrowed
    assert "90.0" in narrowed


def test_what_is_chosen_can_be_taken_back_one_by_one(desk):
    parts, _ = board(desk[0], "demand", {"course": "BST", "kind": "funded", "year": "2027"})
    ways = [
        n["props"]["href"] for n in walk(parts) if n.get("props", {}).get("className") == "chip"
    ]
    assert ways == ["/demand?year=2027&kind=funded", "/demand?year=2027&course=BST"]


@pytest.mark.parametrize("code", sorted(set(BOARDS) - {"drill"}))
def test_every_dashboard_leads_to_its_classes_and_says_what_it_decides(desk, code):
    made, become = desk
    shown = texts(made, code, {"course": "BST"})
    assert "/drill?year=2027&course=BST" in shown
    assert BOARDS[code].planner in shown
    become(NTOU)
    assert BOARDS[code].institution in texts(made, code)


def test_from_the_list_a_class_is_one_click_away_and_an_institution_sees_its_own(desk):
    made, become = desk
    parts, _ = board(made, "drill")
    classes = [n["props"]["href"] for n in walk(parts) if n.get("type") == "Link"]
    assert sum(href.startswith("/desk/classes/") for href in classes) == 3
    become(NTOU)
    parts, _ = board(made, "drill")
    classes = [n["props"]["href"] for n in walk(parts) if n.get("type") == "Link"]
    assert sum(href.startswith("/desk/classes/") for href in classes) == 1
    assert "秘密" not in json.dumps(parts[1:], ensure_ascii=False)


def test_a_past_day_stays_in_the_links_and_can_be_taken_back(desk):
    known_to_the_rollup(desk[0].office)
    shown = texts(desk[0], "fill-rate", {"asof": "2027-03-05"})
    assert "as of Fri 5 March 2027" in shown
    assert "/drill?year=2027&asof=2027-03-05" in shown


def known_to_the_rollup(office):
    """Let every cohort be taken in, with nothing in it."""
    with office.open() as work:
        rows = [
            {"cohort_id": n, "seq": 1, "day": 1, "at": work.now, "taken_at": work.now}
            for n in work.connection.scalars(select(cohort.c.id))
        ]
        work.run(insert(watermark), rows)


def test_a_past_day_is_shown_when_its_history_is_there(desk, office, client):
    """Rows without events have no history: the reader is told so and sees how things stand."""
    parts, _ = board(desk[0], "demand", {"asof": "2027-03-31"})
    text = json.dumps(parts)
    assert "Past days are still being taken in" in text
    assert "As of Thu 1 April 2027, 10:00" in text
    assert "Past days are still" in client.get("/export/demand.csv?asof=2027-03-31").data.decode()
    known_to_the_rollup(office)
    text = json.dumps(board(desk[0], "demand", {"asof": "2027-03-31"})[0])
    assert "Past days" not in text
    assert "As of Wed 31 March 2027, 23:59" in text
    assert '"value": "2027-03-31"' in text
    answer = client.get("/export/demand.csv?asof=2027-03-31")
    assert "demand_2027_20270331T2359.csv" in answer.headers["Content-Disposition"]
    assert "Past days" not in answer.data.decode()


def test_a_table_that_is_all_there_is_reads_as_cards_on_a_phone(desk):
    def looks(code):
        return {
            n["props"]["className"]
            for n in walk(board(desk[0], code)[0])
            if n.get("type") == "Table"
        }

    assert looks("freshness") == {"table table-cards"}
    assert "table" in looks("demand")
