"""What a dashboard looks at, what it remembers, and in which colours it speaks."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from analytics import charts, class_facts, demand, demand_facts, qualification
from analytics.cache import TTL, remembered
from analytics.charts import HALF_WORD, Bar, Part, bars, stacked
from analytics.filters import IGNORED, TURNED, Choices, Filters, choices, parse
from analytics.heat import heat
from analytics.line_chart import Line, lines
from analytics.sheet import Column, Sheet
from analytics.theme import DARK, LIGHT, SIZE, Paint, pattern
from services.catalogue.records import institution, milestone, training_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.take_in import take_in
from services.words import words_for

EN, ZH = words_for("en"), words_for("zh-Hant-TW")
TODAY = date(2027, 4, 1)
PLANNER = Actor(Role.PLANNER)
KNOWN = Choices(
    years=(2028, 2027, 2026),
    courses={"BST": ("safety", "基本", "Basic"), "AOT": ("tanker", "油輪", "Oil")},
    institutions={"NTOU": ("north", "海大", "NTOU"), "NKUST": ("south", "高科大", "NKUST")},
)


def test_nothing_asked_is_this_year_whole():
    assert parse({}, KNOWN, TODAY) == (Filters(2027), ())
    assert Filters(2027).query() == {"year": "2027"}


def test_a_selection_survives_its_own_address():
    asked = {"year": "2026", "course": "AOT", "region": "south", "institution": "NKUST",
             "kind": "funded", "from": "3", "to": "5"}  # fmt: skip
    found, notes = parse(asked, KNOWN, TODAY)
    assert notes == ()
    assert found.query() == asked


def test_a_category_is_told_from_a_course():
    assert parse({"course": "tanker"}, KNOWN, TODAY)[0] == Filters(2027, category="tanker")
    assert parse({"course": "AOT"}, KNOWN, TODAY)[0] == Filters(2027, course="AOT")


@pytest.mark.parametrize(
    "query",
    [{"year": "1999"}, {"year": "２０２７年"}, {"course": "XXX"}, {"region": "moon"},
     {"institution": "MIT"}, {"kind": "free"}, {"from": "0"}, {"to": "13"}, {"to": "-1"}],
)  # fmt: skip
def test_what_cannot_be_used_is_left_out_and_said(query):
    assert parse(query, KNOWN, TODAY) == (Filters(2027), (IGNORED,))


def test_months_the_wrong_way_round_are_swapped_and_said():
    found, notes = parse({"from": "9", "to": "2"}, KNOWN, TODAY)
    assert (found.first_month, found.last_month, notes) == (2, 9, (TURNED,))


def test_the_latest_plan_stands_in_where_this_year_has_none():
    assert parse({}, KNOWN, date(2031, 1, 1))[0].year == 2028


def test_an_officer_is_locked_to_the_own_classes():
    asked = Filters(2027, institution="NKUST", region="south")
    officer = Actor(Role.INSTITUTION, institution="NTOU")
    assert asked.locked_to(officer) == Filters(2027, institution="NTOU")
    assert asked.locked_to(Actor(Role.INSTITUTION)).institution == "-"  # of no institution
    assert asked.locked_to(PLANNER) == asked


def test_a_period_is_named_in_the_readers_way():
    assert Filters(2026).period(ZH) == "115年"
    assert Filters(2026, first_month=3, last_month=3).period(ZH) == "115年3月"
    assert Filters(2026, first_month=1, last_month=3).period(EN) == "January to March 2026"
    assert Filters(2026, first_month=1, last_month=3).period(ZH) == "115年1月至3月"


def test_february_has_its_last_day():
    assert Filters(2028, first_month=2, last_month=2).span(2028)[1] == date(2028, 2, 29)


def test_each_filter_narrows_the_classes(season, ask):
    season.a_class(date(2027, 3, 1), code="BST", at="NTOU", region="north")
    season.a_class(date(2027, 3, 1), code="AOT", category="tanker", at="NKUST", region="south",
                   kind="self_funded")  # fmt: skip
    for chosen in (
        {"course": "AOT"},
        {"category": "tanker"},
        {"institution": "NKUST"},
        {"region": "south"},
        {"kind": "self_funded"},
    ):
        found = ask(class_facts.extract, Filters(2027, **chosen))
        assert [f.course for f in found] == ["AOT"], chosen
    assert len(ask(class_facts.extract, Filters(2027))) == 2


def test_whoever_is_commissioned_or_ever_held_a_class_can_be_chosen(season, ask, office):
    for code in ("NTOU", "NKUST", "TCMT"):
        class_id = season.a_class(date(2027, 3, 1), at=code)
    with office.open() as work:
        work.run(update(institution).values(commissioned=institution.c.code == "NTOU"))
        work.run(delete(milestone).where(milestone.c.class_id == class_id))
        work.run(delete(training_class).where(training_class.c.id == class_id))
    known = ask(lambda connection, _: choices(connection), None)
    assert known.years == (2027,)
    assert sorted(known.institutions) == ["NKUST", "NTOU"]
    assert known.categories == ("safety",)


def answered(office, question="q", asked="all", actor=PLANNER):
    """Ask twice; tell how often it was computed."""
    counted = []
    for _ in range(2):
        with office.look(actor) as look:
            remembered(look, question, asked, lambda: counted.append(1))
    return len(counted)


def test_an_answer_is_remembered_while_nothing_moves(season, office):
    season.a_class(date(2027, 3, 1))
    assert answered(office) == 1


def test_an_answer_is_forgotten_after_a_minute(season, office, clock):
    season.a_class(date(2027, 3, 1))
    assert answered(office) == 1
    clock.pass_by(TTL - timedelta(seconds=1))
    assert answered(office) == 0
    clock.pass_by(timedelta(seconds=1))
    assert answered(office) == 1


def test_an_answer_is_forgotten_when_a_class_appears(season, office):
    season.a_class(date(2027, 3, 1))
    assert answered(office) == 1
    season.a_class(date(2027, 3, 8))
    assert answered(office) == 1


def test_a_past_day_is_remembered_whatever_happens_later(world, office):
    """Once all its events are in the sums nothing can change it; before, it is asked again."""
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    take_in(office)
    with office.look() as look:
        yesterday = Filters(look.today.year, as_of=look.today - timedelta(days=1))
        today = replace(yesterday, as_of=look.today)
    assert [answered(office, asked=day) for day in (yesterday, today)] == [1, 1]
    world.registers(world.a_person(), class_id)
    assert [answered(office, asked=day) for day in (yesterday, today)] == [0, 1]
    take_in(office)
    assert answered(office, asked=yesterday) == 0


def test_an_answer_is_forgotten_when_somebody_registers(world, office):
    class_id = world.a_class()
    assert answered(office) == 1
    world.registers(world.a_person(), class_id)
    assert answered(office) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"actor": Actor(Role.INSTITUTION, institution="NTOU")},
        {"asked": "other"},
        {"question": "other"},
    ],
)
def test_nobody_gets_what_another_asked(season, office, other):
    season.a_class(date(2027, 3, 1))
    assert answered(office) == 1
    assert answered(office, **other) == 1


def test_two_institutions_share_no_answer(season, office):
    season.a_class(date(2027, 3, 1))
    for code in ("NTOU", "NKUST"):
        assert answered(office, actor=Actor(Role.INSTITUTION, institution=code)) == 1


ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    "text": "--text", "quiet": "--text-2", "heading": "--heading", "surface": "--surface",
    "grid": "--line-soft", "line": "--line", "main": "--link", "compare": "--line-control",
    "alarm": "--urgent", "free": "--gauge-free", "free_line": "--gauge-line", "hatch": "--hatch",
    "hatch_dark": "--hatch-dark", "white": "--n-0",
}  # fmt: skip


def tokens(scheme):
    """Read the tokens of a scheme, references followed."""
    text = (ROOT / "assets" / "10-tokens.css").read_text()
    found = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", text)):
        dark = selector.strip() == '[data-bs-theme="dark"]'
        if ":root" in selector or (dark and scheme == "dark"):
            found |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))

    def follow(name):
        value = found[name].strip()
        inner = re.fullmatch(r"var\((--[\w-]+)\)", value)
        return follow(inner[1]) if inner else value

    return follow


def plain(colour):
    """Write `rgb(8 33 54 / .42)` and `rgba(8,33,54,.42)` alike."""
    return colour.replace("rgba", "rgb").replace(" / ", ",").replace(" ", ",").lower()


@pytest.mark.parametrize(("paint", "scheme"), [(LIGHT, "light"), (DARK, "dark")])
def test_figures_have_the_colours_of_the_pages(paint: Paint, scheme):
    token = tokens(scheme)
    known = {f.name for f in fields(Paint)} - {"name", "tones", "sequence", "sequence_on"}
    assert known == set(NAMES)
    for name, css in NAMES.items():
        assert plain(getattr(paint, name)) == plain(token(css)), name
    for tone, colour in paint.tones.items():
        assert plain(colour) == plain(token(f"--tone-{tone}")), tone
    for n in range(4):
        assert plain(paint.sequence[n]) == plain(token(f"--seq-{n + 1}"))
        assert plain(paint.sequence_on[n]) == plain(token(f"--seq-on-{n + 1}"))


def test_bars_begin_at_zero_and_keep_their_order():
    drawn = bars([Bar("a", 0.9, "90%"), Bar("b", 0.3, "30%", low=True)], "light", percent=True)
    (usual, low), layout = drawn["data"], drawn["layout"]
    assert usual["y"] == low["y"] == ["b", "a"]  # drawn from below
    assert (usual["x"], low["x"]) == ([None, 0.9], [0.3, None])
    assert layout["xaxis"]["range"][0] == 0
    assert [trace["marker"]["pattern"]["shape"] for trace in (usual, low)] == ["", "/"]
    assert [trace["marker"]["color"] for trace in (usual, low)] == [LIGHT.main, LIGHT.alarm]
    assert layout["xaxis"]["ticktext"][-1] == "100%"


def test_a_phone_is_spared_how_a_value_comes_about():
    row = [Bar("a", 0.9, "90%", "9/10 seats")]
    assert "9/10" in bars(row, "light")["data"][0]["text"][0]
    assert "9/10" not in bars(row, "light", narrow=True)["data"][0]["text"][0]


def test_every_part_of_a_bar_has_its_pattern_and_parts_add_up_to_all():
    parts = [Part("a", "At registration", "confirmed"), Part("b", "Someone cancelled", "admitted")]
    traces = stacked(["x"], parts, [(3, 1)], EN, "light")["data"]
    assert [trace["x"] for trace in traces] == [[0.75], [0.25]]
    assert [trace["marker"]["pattern"]["shape"] for trace in traces] == ["", "/"]


def test_parts_of_one_bar_print_apart_without_colour():
    """Beside the empty seats, whose bar is an outline."""
    found = {
        f"{file.stem}.{name}": parts
        for file in Path(charts.__file__).parent.glob("*.py")
        for name, parts in vars(import_module(f"analytics.{file.stem}")).items()
        if isinstance(parts, tuple) and parts and all(isinstance(part, Part) for part in parts)
    }
    assert len(found) >= 8
    alike = {
        name
        for name, parts in found.items()
        if len({pattern(LIGHT, p.tone)["shape"] for p in parts if p.tone != "free"})
        < sum(p.tone != "free" for p in parts)
    }
    assert alike == set()


def test_a_bar_of_nothing_is_no_division_by_zero():
    part = [Part("a", "At registration", "confirmed")]
    assert stacked(["x"], part, [(0,)], EN, "light")["data"][0]["x"] == [0]
    assert bars([], "light")["data"][0]["x"] == []
    assert lines(["a"], [Line("x", [None], main=True)], "light")["layout"]["annotations"] == []


def test_an_exception_is_outlined_and_a_missing_one_is_no_zero():
    drawn = heat(
        ["a"], ["1", "2", "3"], [[0.69, 0.70, None]], "light", low={(0, 0)}, nothing="none"
    )
    assert drawn["data"][0]["z"] == [[0, 3, None]]
    said = [note["text"] for note in drawn["layout"]["annotations"]]
    assert said == ["<b>▼69</b>", "<b>70</b>", "none"]
    assert [shape["x0"] for shape in drawn["layout"]["shapes"]] == [-0.48, 1.52]


def test_the_line_of_a_reference_runs_over_bars_that_pass_it_and_through_no_words_beside_others():
    rows = [Bar("full", 0.9, "90%"), Bar("half", 0.5, "50%"), Bar("less", 0.3, "30%")]
    shapes = bars(rows, "light", reference=(0.6, "All 60%"))["layout"]["shapes"]
    spans = [(shape["y0"], shape["y1"]) for shape in shapes]
    *between, over = spans
    assert (min(between)[0], max(between)[1]) == (-0.5, 2.5)  # from end to end
    assert over == (2 - HALF_WORD, 2 + HALF_WORD)  # the uppermost
    for n in (0, 1):
        assert all(y1 <= n - HALF_WORD or y0 >= n + HALF_WORD for y0, y1 in spans)


def test_the_name_of_a_reference_near_the_end_stands_before_its_line():
    def anchor(longest: float) -> str:
        figure = bars([Bar("x", longest, "x")], "light", reference=(7, "About 7 days"), narrow=True)
        return figure["layout"]["annotations"][0]["xanchor"]

    assert (anchor(5), anchor(12)) == ("right", "center")


def test_a_share_that_fits_in_its_part_is_written_on_a_phone_too():
    parts = [Part("a", "Yes", "confirmed"), Part("b", "No", "closed"), Part("c", "?", "problem")]
    written = [t["text"][0] for t in stacked(["x"], parts, [(85, 10, 5)], EN, "light")["data"]]
    assert written == ["85", "10", "5"]
    phone = [
        t["text"][0] for t in stacked(["x"], parts, [(85, 10, 5)], EN, "light", narrow=True)["data"]
    ]
    assert phone == ["85", "10", "5"]
    tiny = stacked(["x"], parts, [(95, 4, 1)], EN, "light", narrow=True)
    assert [t["text"][0] for t in tiny["data"]] == ["95", "", ""]
    assert tiny["layout"]["uniformtext"] == {"mode": "hide", "minsize": SIZE}  # never shrunk


def test_a_table_writes_each_kind_as_the_reader_reads_it():
    kinds = ("text", "number", "percent", "ratio", "days", "date")
    sheet = Sheet.of(
        [Column(kind, kind) for kind in kinds],
        [("a", 1234, 0.8432, 1.4, 4.25, date(2027, 3, 1)), ("b", *[None] * 5)],
    )
    assert sheet.texts(EN)[0] == ["a", "1,234", "84.3%", "1.40", "4.2", "Mon 1 Mar"]
    assert sheet.texts(EN)[1] == ["b", *["–"] * 5]
    assert [column.right for column in sheet.columns] == [False, True, True, True, True, False]


def test_an_empty_year_breaks_no_question(season, ask):
    season.a_class(date(2026, 3, 2))
    now = taipei(TODAY, 10)
    rows, carried = ask(demand_facts.extract, Filters(2027), now)
    assert demand.measure(rows, carried, 2027).total.persons == 0
    rows, soon = ask(qualification.extract, Filters(2027), TODAY)
    assert qualification.measure(rows, soon, 2027).total.rate is None
