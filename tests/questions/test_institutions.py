"""Institutions between limits: adjusted for courses, widened for classes, named where allowed."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from analytics import institution_numbers, institutions, limits, overturned
from analytics.filters import Filters
from analytics.theme import LIGHT
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.words import words_for

EN, ZH = words_for("en"), words_for("zh-Hant-TW")


def unit(code, course, count, of):
    return code, code, code, course, count, of


def even(*codes, rate=0.5):
    """Give institutions that fill every class of BST alike."""
    return [unit(code, "BST", int(10 * rate), 10) for code in codes]


def test_whoever_gives_the_hard_courses_does_not_look_bad():
    """Simpson: A fills 0.52 and B 0.70 of all seats, yet in every course they fill the same."""
    rows = [unit("A", "HARD", 32, 80), unit("A", "EASY", 20, 20),
            unit("B", "HARD", 32, 80), unit("B", "EASY", 80, 80)]  # fmt: skip
    found = institutions.measure(rows, None, None)
    a, b = sorted(found.places, key=lambda p: p.short_en)
    assert (a.count / a.of, b.count / b.of) == (0.52, 0.7)
    assert found.overall == 164 / 260
    assert a.adjusted(found.overall) == pytest.approx(found.overall)
    assert b.adjusted(found.overall) == pytest.approx(found.overall)


def test_the_limits_are_those_of_a_binomial():
    """Rate 0.5 of 100: one standard error is 0.05."""
    assert limits.half_width(0.5, 100, 1.0, limits.Z95) == pytest.approx(0.05 * 1.959964)
    assert limits.half_width(0.5, 100, 4.0, limits.Z95) == pytest.approx(0.1 * 1.959964)
    assert limits.half_width(0.5, 100, 0.2, limits.Z95) == limits.half_width(0.5, 100, 1, 1.959964)


@pytest.mark.parametrize(
    ("rate", "where"), [(0.5, 0), (0.59, 0), (0.62, 1), (0.67, 2), (0.38, -1), (0.33, -2)]
)
def test_a_rate_lies_within_between_or_outside(rate, where):
    assert limits.side(rate, 0.5, 100, 1.0) == where


def shifts_of(points, rate, **more):
    """Draw a funnel plot; give how far above or below its dot each name stands."""
    zh = words_for("zh-Hant-TW")
    figure = limits.funnel_plot(points, rate, 1.0, zh, "light", volume="", **more)
    return {note["text"]: note.get("yshift") for note in figure["layout"]["annotations"]}


def test_of_two_names_that_would_stand_on_each_other_one_goes_below():
    points = [
        limits.Point("海大", 1100, 0.041, main=False),
        limits.Point("中華航訓", 460, 0.038, main=False),
        limits.Point("台北海大", 450, 0.0382, main=False),
        limits.Point("高科大", 1300, 0.029, main=False),
    ]
    shifts = shifts_of(points, 0.036)
    assert (shifts["台北海大"], shifts["中華航訓"]) == (16, -16)
    assert (shifts["海大"], shifts["高科大"]) == (16, -16)


def test_on_a_phone_two_names_take_more_of_the_width():
    points = [
        limits.Point("長榮船訓", 220, 0.63, main=False),
        limits.Point("台北海大", 720, 0.64, main=False),
        limits.Point("高科大", 2018, 0.72, main=False),
    ]
    assert shifts_of(points, 0.73)["台北海大"] == -16
    assert shifts_of(points, 0.73, narrow=True)["台北海大"] == 16


def test_names_are_kept_apart_by_the_height_of_the_figure_not_of_its_points():
    points = [
        limits.Point("中華航訓", 493, 0.035, main=False),
        limits.Point("台北海大", 495, 0.038, main=False),
        limits.Point("高科大", 1342, 0.031, main=False),
    ]
    shifts = shifts_of(points, 0.034)
    assert (shifts["台北海大"], shifts["中華航訓"]) == (16, -16)


def test_classes_that_fill_as_a_whole_widen_the_limits():
    """Four classes of ten, all or none, rate 0.5: each term is 25/2.5 = 10; 40 over 3 degrees."""
    units = [(10, 10, 0.5), (0, 10, 0.5), (10, 10, 0.5), (0, 10, 0.5)]
    assert limits.dispersion(units, 1) == pytest.approx(40 / 3)


def test_limits_are_never_narrower_than_binomial():
    assert limits.dispersion([(5, 10, 0.5)] * 4, 1) == 1.0
    assert limits.dispersion([(5, 10, 0.5)], 1) == 1.0
    assert limits.dispersion([], 0) == 1.0


def test_the_planner_sees_every_name_in_the_order_of_volume_never_of_rate():
    rows = [*even("A", "B", "C"), unit("D", "BST", 1, 10), unit("D", "BST", 9, 10)]
    found = institutions.measure(rows, None, None)
    assert [p.short_en for p in found.places] == ["D", "A", "B", "C"]
    sheet = institutions.FILL.sheet(found, EN)
    assert [row[0] for row in sheet.rows] == ["D", "A", "B", "C"]


def test_an_institution_sees_itself_named_and_the_others_without_names():
    found = institutions.measure(even("A", "B", "C", "D"), "B", None)
    assert [p.short_en for p in found.places] == ["B", "", "", ""]
    assert [p.main for p in found.places] == [True, False, False, False]
    drawn = str(institutions.FILL.figure(found, EN, "light"))
    assert "<b>B</b>" in drawn
    assert not {"'A'", "'C'", "'D'"} & set(drawn.replace(",", " ").split())
    assert institutions.FILL.finding(found, EN) == (
        "Fill rate: you lie within what chance explains"
    )


VOLUMES = {"A": 300, "B": 420, "C": 500, "D": 530, "E": 1210, "F": 1340, "G": 2018, "H": 2300}


def seen_by(own):
    """Give what is measured of eight institutions, each with a volume and a rate of its own."""
    rows = [unit(at, course, n * (3 + "ABCDEFGH".index(at)) // 26, n // 2)
            for at, n in VOLUMES.items() for course in ("BST", "GOC")]  # fmt: skip
    return institutions.measure(rows, own, None)


def test_the_caps_that_everybody_may_add_up_name_no_unnamed_institution():
    """C's officer adds up what is public: 7 others, all unlike; the smaller 4 and larger 3 stand
    at their means, 615 and 1886, and no sum tells one of them from its neighbours."""
    found = seen_by("C")
    assert [p.of for p in found.places] == [500, 1886, 1886, 1886, 615, 615, 615, 615]
    assert found.of == sum(VOLUMES.values())
    rates = [p.adjusted(found.overall) for p in found.places if not p.code]
    assert rates == [pytest.approx(round(rate, 2)) for rate in rates]
    assert rates[:3] == sorted(rates[:3])  # in the order of rates: that of volumes would name them
    truly = {p.code: p.adjusted(found.overall) for p in seen_by(None).places}
    assert found.me.adjusted(found.overall) == pytest.approx(truly["C"])


def test_neither_figure_nor_table_tells_an_unnamed_institutions_own_numbers():
    """Nor its rate or what its courses let expect: whoever knows its courses could compute it."""
    found = seen_by("C")
    own, *others = institutions.FILL.sheet(found, EN).rows
    assert None not in own
    assert {row[:3] for row in others} == {("Another institution", None, None)}
    dots = institutions.FILL.figure(found, EN, "light")["data"][-1]
    assert set(dots["x"]) == {500, 615, 1886}
    assert not set(VOLUMES.values()) - {500} & {row[4] for row in others}


@pytest.mark.parametrize("others", range(3, 14))
def test_at_least_three_unnamed_institutions_share_a_volume(others):
    rows = [unit(f"I{n:02}", "BST", n, 100 * (n + 1)) for n in range(others + 1)]
    found = institutions.measure(rows, "I00", None)
    shared = Counter(p.of for p in found.places if not p.code)
    assert sum(shared.values()) == others
    assert min(shared.values()) >= 3


def test_among_three_institutions_nobody_can_be_unnamed():
    found = institutions.measure(even("A", "B", "C"), "B", None)
    assert (found.places, found.overall) == ((), None)
    assert institutions.FILL.figure(found, EN, "light")["data"] == []
    assert "Too few institutions" in institutions.FILL.finding(found, EN)
    assert institutions.measure(even("A", "B", "C"), None, None).overall == 0.5


def test_an_institution_is_not_told_of_others_outside_the_limits():
    """C uses 5 of 400 seats where the others use half: far outside, and its own business."""
    rows = [unit(c, "BST", 100, 200) for c in "ABD" for _ in range(9)] + [unit("C", "BST", 5, 400)]
    planner = institutions.measure(rows, None, None)
    assert institutions.FILL.finding(planner, EN) == "Fill rate: C low"
    officer = institutions.measure(rows, "A", None)
    assert officer.outside == []
    assert "you lie within" in institutions.FILL.finding(officer, EN)
    own = institutions.measure(rows, "C", None)
    assert institutions.FILL.finding(own, EN) == "Fill rate: you lie below what chance explains"


def test_an_institution_without_a_begun_class_is_not_told_that_it_lies_anywhere(season, office):
    for at in "ABCD":
        season.rows(season.a_class(date(2027, 3, 1), at=at), completed=5)
    nothing = "Your institution has nothing to compare in this selection yet"
    none_yet = institutions.measure(even("A", "B", "C", "D"), "E", None)
    assert institutions.FILL.finding(none_yet, EN) == nothing
    actor = Actor(Role.INSTITUTION, institution="E")
    with office.look(actor) as look:
        _, mine, *_ = institution_numbers.numbers(look, Filters(2027).locked_to(actor), EN)
    assert (mine.name, mine.value, mine.unit, mine.note, mine.alarm) == (
        "Adjusted for courses", "–", "", nothing, False,
    )  # fmt: skip


def test_a_chosen_institution_stands_out_for_the_planner_and_nobody_disappears():
    found = institutions.measure(even("A", "B"), None, "B")
    assert [(p.short_en, p.main) for p in found.places] == [("B", True), ("A", False)]


def test_a_decision_is_overturned_by_an_appeal_that_was_granted(season, ask, office):
    """Three reviews rejected: one appealed and eligible now, one appealed in vain, one quiet."""
    held = season.a_class(date(2027, 3, 1))
    cases = [("in_review", "eligible", True), ("ineligible", "ineligible", True),
             ("ineligible", "ineligible", False)]  # fmt: skip
    for status, verdict, appealed in cases:
        row = season.a_row(held, status, verdict=verdict)
        opened = season.office.clock.now().replace(month=1)
        season.a_case(row, "rejected", opened, 2)
        if appealed:
            season.an_event(row, "appeal")
    found = ask(overturned.extract, Filters(2027), taipei(date(2027, 4, 1), 10))
    assert found == (("NTOU", "NTOU", "NTOU", "BST", 1, 3),)


def test_no_overturned_decision_is_a_sentence_and_no_empty_chart():
    found = institutions.measure([unit(c, "BST", 0, 9) for c in "ABCD"], None, None)
    assert institutions.OVERTURN.finding(found, EN).startswith("No decided review")
    assert institutions.OVERTURN.figure(found, EN, "light")["data"] == []


def test_of_many_institutions_a_sentence_names_three_or_two_and_the_number_of_the_rest():
    """Half of the seats everywhere, but none at so many small ones: each is far outside."""
    many = [unit(c, "BST", 100, 200) for c in "ABCD" for _ in range(20)]

    def said(*codes):
        rows = [*many, *(unit(code, "BST", 0, 60) for code in codes)]
        found = institutions.measure(rows, None, None)
        assert {p.short_en for p in found.outside} == set(codes)
        return institutions.FILL.finding(found, EN)

    assert said("E", "F", "G") == "Fill rate: E, F and G low"
    assert said("E", "F", "G", "H", "I") == "Fill rate: E, F and 3 more low"


def test_who_is_a_little_low_and_who_a_little_high_is_told_with_the_way_and_drawn_in_outline():
    """Half of 400 at each of three; D's 172 and E's 228 of 400 are 2.8 standard errors off."""
    rows = [unit(c, "BST", 200, 400) for c in "ABC"]
    rows += [unit("D", "BST", 172, 400), unit("E", "BST", 228, 400)]
    found = replace(institutions.measure(rows, None, None), wider=1.0)
    said = "Fill rate: D low, E high, but not far enough to ask"
    assert institutions.FILL.finding(found, EN) == said
    assert [p.code for p in found.below] == ["D"]
    assert institutions.FILL.finding(found, ZH) == "招滿率：D偏低、E偏高，但未到需要詢問"
    for code, lies in (("D", "low"), ("E", "high")):
        own = replace(institutions.measure(rows, code, None), wider=1.0)
        said = f"Fill rate: you lie {lies}, but not far enough to ask"
        assert institutions.FILL.finding(own, EN) == said
    figure = institutions.FILL.figure(found, EN, "light")
    dots = next(trace for trace in figure["data"] if trace["mode"] == "markers")
    outlined = [colour == LIGHT.surface for colour in dots["marker"]["color"]]
    assert sorted(n for n, out in zip(dots["customdata"], outlined, strict=True) if out) == [
        "D",
        "E",
    ]


def test_the_planners_cards_stand_beside_the_same_days_of_the_year_before(season, office):
    """Last year A lay outside by 1 April, with 3 of 30 where 5 others had 24; May is not told yet.

    By hand: 123 of 180 seats; Pearson's terms add up to 56.6 over 17 degrees, 1.8 times wider.
    """
    for n, at in enumerate("ABCDEF"):
        for month in (1, 2, 3):
            season.rows(season.a_class(date(2026, month, 2), at=at), completed=8 if n else 1)
            season.rows(season.a_class(date(2027, month, 1), at=at), completed=5)
    season.rows(season.a_class(date(2026, 5, 4), at="A"), completed=10)
    with office.look(Actor(Role.PLANNER)) as look:
        _, outside, below, away = institution_numbers.numbers(look, Filters(2027), EN)
    assert outside.value == "0"
    assert outside.note.endswith("; same days of 2026: 1 institution")
    assert (below.value, below.note) == ("0", "nobody lies below; same days of 2026: 1 institution")
    assert (away.note, away.trend) == ("same days of 2026: 0.0%", None)


def test_an_institution_is_told_no_months_of_all_for_they_would_tell_of_others(season, office):
    for at in ("A", "B", "C", "D"):
        for year in (2026, 2027):
            for month in range(1, 13) if year == 2026 else (1, 2, 3):
                season.rows(season.a_class(date(year, month, 2), at=at), completed=5, absent=1)

    def cards(actor, filters):
        with office.look(actor) as look:
            return institution_numbers.numbers(look, filters.locked_to(actor), EN)

    *_, seen = cards(Actor(Role.PLANNER), Filters(2027))
    assert seen.trend is not None
    _, me, wider, away = cards(Actor(Role.INSTITUTION, institution="B"), Filters(2027))
    assert (away.trend, away.delta, away.note) == (
        None, "", "of all institutions, by the written rolls",
    )  # fmt: skip
    assert not any("2026" in card.note for card in (me, wider, away))
