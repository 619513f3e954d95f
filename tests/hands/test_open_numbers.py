"""Open numbers and files: who gets what, in which form, and what is held back."""

import csv
import io
import json
import re
from dataclasses import fields
from datetime import date
from zipfile import ZipFile

import plotly.utils
import pytest
from reader import Reader
from season import Season

from analytics.boards import BOARDS
from analytics.definitions import MEASURES, definition
from analytics.filters import Filters
from analytics.published import PUBLIC
from analytics.questions import QUESTIONS
from analytics.sheet import Column, Name, Sheet
from analytics.unmeasured import UNMEASURED
from callbacks import dashboards
from callbacks.definitions import define
from callbacks.desk import Desk
from callbacks.statistics import API, show
from portal.app import build
from portal.settings import Settings
from portal.web.workbook import MOST, Table, TooManyRows, workbook
from services.kernel.actor import VISITOR, Actor, Role
from services.kernel.clock import taipei
from services.words import words_for

NTOU = Actor(Role.INSTITUTION, institution="NTOU", name="承辦")
PLANNER = Actor(Role.PLANNER, name="規劃")
EN = words_for("en")


@pytest.fixture
def season(office, clock):
    """Safety fills 27 of 40 seats, radio 3 of 20; one institution gives a single class."""
    clock.go_to(taipei(date(2027, 4, 1), 10))
    season = Season(office)
    season.rows(season.a_class(date(2027, 3, 1), seats=40), completed=27, ineligible=6)
    season.rows(
        season.a_class(date(2027, 3, 8), code="GOC", category="radio", seats=20), completed=3
    )
    season.rows(season.a_class(date(2027, 3, 8), at="秘密", region="south", seats=30), completed=21)
    return season


@pytest.fixture
def desk(world, season, tmp_path):
    who = {"actor": VISITOR}
    made = Desk(
        office=season.office, mtnet=None, unseal=lambda *_: "", uploads=tmp_path,
        actor=lambda: who["actor"], words=Reader(world, 0).words,
    )  # fmt: skip
    return made, lambda actor: who.update(actor=actor)


@pytest.fixture
def client(desk):
    settings = Settings(
        secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40, base_url="https://p"
    )
    return build(desk[0], settings).server.test_client()


def page(desk, **asked):
    parts = show(desk[0], asked, False)
    return json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)


def test_everybody_sees_the_public_page_without_small_numbers(desk):
    """Radio came 3: four cells are hidden."""
    text = page(desk)
    assert "56% of the planned seats were used" in text  # 51 of 90, rounded to 50 of 90
    assert "not published" in text


def test_the_public_sees_no_more_of_an_institution_than_institutions_see_of_each_other(
    season, desk
):
    """Six classes of one: among themselves the others are grey dots, so here it has no row."""
    for day in range(10, 16):
        season.rows(season.a_class(date(2027, 3, day), at="秘密"), completed=7)
    assert "秘密" not in page(desk)
    assert "NTOU" not in page(desk)
    assert not any("institution" in code for code in PUBLIC)


def test_a_year_that_is_not_published_shows_the_present_one(desk):
    assert page(desk, year="1999") == page(desk) == page(desk, year=["2027"])


def test_a_portal_without_a_year_says_so(world, office, tmp_path):
    empty = Desk(office=office, mtnet=None, unseal=lambda *_: "", uploads=tmp_path,
                 actor=lambda: VISITOR, words=Reader(world, 0).words)  # fmt: skip
    assert "No year is published yet" in page((empty,))


@pytest.mark.parametrize("code", sorted(PUBLIC))
def test_programs_get_what_the_page_shows_with_definition_terms_and_moment(client, code):
    answer = client.get(f"{API}/{code}?year=2027")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["definition"]["formula"]["en"]
    assert body["definition"]["name"]["zh-Hant"]
    for text in ("unit", "numerator", "denominator", "as_of", "caveat"):
        assert all(body["definition"][text].values())
    assert body["licence"]["id"] == "OGDL-Taiwan-1.0"
    assert body["filters"] == {"year": 2027}
    live, ended = ("2027-04-01T00:00:00+08:00", "2027-03-31T23:59:59+08:00")
    assert body["as_of"] == (ended if PUBLIC[code].monthly else live)
    assert body["disclosure"]["renewed"].startswith("each" if PUBLIC[code].monthly else "with")
    for row in [*body["rows"], {"code": "", "name": {}} | body["total"]]:
        numbers = [value for name, value in row.items() if name not in ("code", "name")]
        assert all(n is None or n % 5 == 0 or PUBLIC[code].told for n in numbers)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_small_number_is_null_and_does_not_follow_from_the_rest(client):
    rows = {row["code"]: row for row in client.get(f"{API}/fill").get_json()["rows"]}
    assert rows["radio"]["came"] is None
    assert rows["radio"]["empty"] is None
    assert rows["safety"]["came"] is None  # else 50 less 48 would tell
    assert rows["safety"]["total"] == 70


def test_what_has_not_changed_is_not_sent_again(client, season):
    first = client.get(f"{API}/fill")
    tag = first.headers["ETag"]
    again = client.get(f"{API}/fill", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    since = {"If-Modified-Since": "Thu, 01 Apr 2027 02:00:00 GMT"}
    assert "Last-Modified" not in first.headers  # sums follow their steps, the date would not
    assert client.get(f"{API}/fill", headers=since).status_code == 200
    season.rows(season.a_class(date(2027, 3, 9), seats=40), completed=38)
    season.office.clock.go_to(taipei(date(2027, 4, 2), 10))
    fresh = client.get(f"{API}/fill", headers={"If-None-Match": tag})
    assert fresh.status_code == 200
    assert fresh.headers["ETag"] != tag


def test_the_list_names_every_table_and_its_address(client):
    body = client.get(API).get_json()
    assert [m["id"] for m in body["metrics"]] == list(PUBLIC)
    assert all(m["url"].endswith(f"{API}/{m['id']}") for m in body["metrics"])
    assert body["years"] == [2027]


@pytest.mark.parametrize(
    "path", ["/salaries", "/fill?year=1999", "/fill?year=x", "/fill.xml", "/../fill"]
)
def test_there_is_no_other_open_table(client, path):
    assert client.get(API + path).status_code == 404


def test_the_public_file_holds_no_small_number(client):
    rows = list(csv.reader(io.StringIO(client.get(f"{API}/fill.csv").data.decode("utf-8-sig"))))
    assert rows[0] == [
        "Course category code", "Course category", "Came", "Stayed empty", "Together", "Share",
        "As of", "Definition", "Filters", "Terms of use",
    ]  # fmt: skip
    hidden = "not published"
    kept = ["radio", "Radio (GMDSS)", hidden, hidden, "20", hidden, "2027-04-01T00:00+08:00"]
    terms = (
        "Open Government Data License, version 1.0 (Taiwan). Name the source: Maritime and Port "
        "Bureau, Seafarer Training Portal. https://data.gov.tw/license"
    )
    assert [*kept, "https://p/definitions#fill-rate", "year=2027", terms] in rows


def test_a_public_file_that_has_not_changed_is_not_sent_again(client):
    tag = client.get(f"{API}/fill.csv").headers["ETag"]
    again = client.get(f"{API}/fill.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_public_file_says_where_it_is_described(client):
    answer = client.get(f"{API}/fill.csv?year=2027")
    assert answer.headers["Link"] == f'<{API}/fill?year=2027>; rel="describedby"'


def sheets_of(answer):
    book = ZipFile(io.BytesIO(answer.data))
    names = book.read("xl/workbook.xml").decode()
    return names, "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))


def test_a_workbook_holds_data_definitions_filters_and_terms(client, desk):
    desk[1](PLANNER)
    answer = client.get("/export/fill-rate.xlsx?year=2027&course=safety")
    assert (
        'filename="fill-rate_2027_safety_20270401T1000.xlsx"'
        in answer.headers["Content-Disposition"]
    )
    assert answer.headers["Cache-Control"] == "no-store"
    names, text = sheets_of(answer)
    for sheet in ("Data", "Definitions", "Filters", "Licence"):
        assert f'name="{sheet}"' in names
    for said in (
        "Weighted by seats", "All of Basic safety", "All institutions", "not for publication",
        "2027-04-01T10:00+08:00",
    ):  # fmt: skip
        assert said in text


def test_the_sheets_of_a_workbook_are_told_apart(client, desk):
    """Two figures of the fill rate: what they are by stands in the name, where it is needed."""
    desk[1](PLANNER)
    for board, wanted in (("fill-rate", "3 Institution – Fill rate"), ("equity", "1 Seats by gr")):
        names, _ = sheets_of(client.get(f"/export/board/{board}.xlsx"))
        assert f'name="{wanted}' in names
        shown = [name[2:] for name in re.findall(r'<sheet name="([^"]*)"', names)]
        assert len(set(shown)) == len(shown)


def test_what_a_spreadsheet_refuses_stays_out_of_the_name_of_a_sheet():
    sheet = Sheet.of([Column("a")], [])
    tables = [
        Table("[x]: a/b? 'c' and much more that is cut off", "fill-rate", "t", "s", sheet)
    ] * 2
    book = ZipFile(io.BytesIO(workbook(tables, [], [], taipei(date(2027, 1, 1)), EN)))
    names = re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
    assert names[0].startswith("1 a –  x   a b   c")
    assert names[:2] == sorted(set(names[:2]))


def test_a_table_leaves_as_json_with_all_it_must_be_read_with(client, desk):
    desk[1](PLANNER)
    answer = client.get("/export/fill-rate.json?year=2027&institution=NTOU")
    body = answer.get_json()
    assert body["columns"][:2] == [
        {"name": "Course category code", "kind": "text"},
        {"name": "Course category", "kind": "name"},
    ]
    assert body["rows"][0][:2] == ["safety", "Basic safety"]
    assert body["filters"] == {"year": "2027", "institution": "NTOU"}
    assert body["as_of"] == "2027-04-01T10:00+08:00"
    assert body["definition"]["caveat"]["zh-Hant"]
    assert "not for publication" in body["licence"]["en"]


@pytest.mark.parametrize("code", sorted(QUESTIONS))
def test_every_row_of_a_file_has_as_many_cells_as_its_header(client, desk, code):
    """Also while past days are taken in: what to know about that stands in a column."""
    desk[1](PLANNER)
    text = client.get(f"/export/{code}.csv?asof=2027-03-31").data.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    assert header[-5:] == ["As of", "Definition", "Filters", "Terms of use", "Note"]
    assert {len(row) for row in rows} <= {len(header)}


INTERNAL = "For the work of MPB and the institutions only; not for publication."


@pytest.mark.parametrize(
    ("actor", "asked", "holds", "named"),
    [(PLANNER, "", "year=2027", "2027"),
     (PLANNER, "from=3&institution=NTOU", "year=2027&institution=NTOU&from=3", "2027_NTOU_3"),
     (PLANNER, "institution=秘密", "year=2027&institution=%E7%A7%98%E5%AF%86",
      "2027_%E7%A7%98%E5%AF%86"),
     (NTOU, "region=south", "year=2027&institution=NTOU", "2027_NTOU")],
)  # fmt: skip
def test_each_row_of_a_file_tells_what_was_chosen_and_its_terms_and_so_does_its_name(
    client, desk, actor, asked, holds, named
):
    """An officer's own institution too, which no address says."""
    desk[1](actor)
    answer = client.get(f"/export/fill-rate.csv?{asked}")
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header[-2:] == ["Filters", "Terms of use"]
    assert rows
    assert {tuple(row[-2:]) for row in rows} == {(holds, INTERNAL)}
    name = f'filename="fill-rate_{named}_20270401T1000.csv"'
    assert name in answer.headers["Content-Disposition"]


def test_a_name_stands_beside_its_code_in_files_only():
    columns = [Column("Course", "name"), Column("n", "number"), Column("at", "moment")]
    sheet = Sheet.of(
        columns, [(Name("Radio", "GOC"), 1, taipei(date(2027, 1, 1), 9)), ("x", 2, None)]
    )
    assert sheet.in_files(EN).rows == (
        ("GOC", "Radio", 1, "2027-01-01T09:00+08:00"), ("", "x", 2, None),
    )  # fmt: skip
    assert sheet.texts(EN)[0] == ["Radio", "1", "Fri 1 January 2027, 09:00"]


def test_a_workbook_says_that_past_days_are_not_there_yet(client, desk):
    desk[1](PLANNER)
    for path in ("fill-rate", "board/fill-rate"):
        _, text = sheets_of(client.get(f"/export/{path}.xlsx?asof=2027-03-31"))
        assert "Past days are still being taken in" in text


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_a_whole_dashboard_leaves_as_one_workbook(client, desk, code):
    desk[1](PLANNER)
    names, _ = sheets_of(client.get(f"/export/board/{code}.xlsx"))
    wanted = len(BOARDS[code].figures) + BOARDS[code].attention + 3
    assert names.count("<sheet ") == wanted


@pytest.mark.parametrize("code", sorted(QUESTIONS))
def test_an_institutions_workbook_holds_its_own_rows_only(client, desk, code):
    desk[1](NTOU)
    _, text = sheets_of(client.get(f"/export/{code}.xlsx?institution=秘密"))
    assert "秘密" not in text


@pytest.mark.parametrize(("actor", "code"), [(VISITOR, 401), (Actor(Role.SEAFARER), 403)])
@pytest.mark.parametrize("path", ["/export/fill-rate.xlsx", "/export/board/fill-rate.xlsx"])
def test_workbooks_are_for_planners_and_institutions(client, desk, actor, code, path):
    desk[1](actor)
    assert client.get(path).status_code == code


@pytest.mark.parametrize("path", ["board/x.xlsx", "fill-rate.xls", "fill-rate", ".xlsx", "x.xlsx"])
def test_there_is_no_other_workbook(client, desk, path):
    desk[1](PLANNER)
    assert client.get(f"/export/{path}").status_code == 404


def book_of(*rows):
    sheet = Sheet.of([Column("a")], rows)
    return workbook(
        [Table("x", "fill-rate", "t", "s", sheet)], [], [], taipei(date(2027, 1, 1)), EN
    )


def test_a_formula_is_a_text_in_a_workbook():
    text = ZipFile(io.BytesIO(book_of(("=1+1",)))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in text


def test_more_than_twenty_thousand_rows_are_refused():
    assert book_of(*[("x",)] * 2)
    with pytest.raises(TooManyRows):
        book_of(*[("x",)] * (MOST + 1))


@pytest.mark.parametrize("code", sorted(BOARDS))
@pytest.mark.parametrize("day", ["2027-03-02", ""])
def test_the_link_to_a_figure_keeps_its_day_so_that_the_numbers_stay(desk, code, day):
    """Past days are not taken in here, so the page shows today and its links say so."""
    desk[1](PLANNER)
    parts, _ = dashboards.show(desk[0], {"board": code, "query": {"asof": day}}, False)
    text = json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)
    for figure in [figure for figure, _ in BOARDS[code].figures]:
        assert f"/{code}?year=2027&asof=2027-04-01#{figure}" in text


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_paper_carries_the_definition_of_every_number_and_figure(desk, code):
    desk[1](PLANNER)
    *_, paper = dashboards.show(desk[0], {"board": code, "query": {}}, False)[0]
    text = json.dumps(paper, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)
    measures = {QUESTIONS[figure].measure for figure, _ in BOARDS[code].figures}
    with desk[0].office.look(PLANNER) as look:
        measures |= {n.measure for n in BOARDS[code].numbers(look, Filters(2027), EN)}
    for measure in measures:
        assert definition(measure).name in text
        assert definition(measure).caveat in text
    assert "Maritime and Port Bureau" in text
    assert f"/{code}?year=2027&asof=2027-04-01" in text


def test_the_paper_of_the_public_page_names_licence_and_definitions(desk):
    text = page(desk)
    assert "Open Government Data License" in text.partition("onpaper-meant")[2]
    assert "Weighted by seats" in text


def test_every_measure_says_all_it_must_be_read_with_and_what_is_missing_is_named():
    for measure in MEASURES:
        for part in fields(measure):
            assert getattr(measure, part.name).strip(), (measure.code, part.name)
    for locale in ("zh-Hant-TW", "en"):
        words = words_for(locale)
        text = json.dumps(define(words), cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)
        shown = text.partition("not-measured")[0]
        for one in UNMEASURED:
            assert words(one.name) in text
            assert words(one.why) in text
        for code, board in BOARDS.items():
            assert words(board.planner) in shown, code
            assert words(board.institution) in shown, code
    assert {one.name for one in UNMEASURED}.isdisjoint(measure.name for measure in MEASURES)


@pytest.mark.parametrize("code", sorted(BOARDS))
def test_each_dashboard_says_what_its_reader_can_decide_from_it(desk, code):
    for actor, said in ((PLANNER, BOARDS[code].planner), (NTOU, BOARDS[code].institution)):
        desk[1](actor)
        parts, _ = dashboards.show(desk[0], {"board": code, "query": {}}, False)
        assert said in json.dumps(parts, cls=plotly.utils.PlotlyJSONEncoder, ensure_ascii=False)
