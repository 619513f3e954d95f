"""The public tables: nothing hidden that another table gives away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from attacker import found_out
from sqlalchemy import update

from analytics import freshness_numbers
from analytics.disclosure import LEAST, with_totals
from analytics.filters import Filters
from analytics.published import PUBLIC, Published
from services.catalogue.records import cohort
from services.kernel.actor import VISITOR, Actor, Role
from services.kernel.clock import taipei, taipei_day
from services.registration.standing import counts_of
from services.take_in import take_in
from services.words import words_for

YEAR, EN = Filters(2027), words_for("en")
IN_MARCH, MONTH_END = taipei(date(2027, 3, 1), 9), date(2027, 3, 31)
SEAT, WAITS, REFUSED = "admitted", "waitlisted", "ineligible"
TOWNS = {  # sex, region, what became of them, how many
    "nobody is few": [("F", "north", SEAT, 7), ("M", "south", WAITS, 6)],
    "few women got a seat, and no man waits": [
        ("F", "north", SEAT, 3), ("F", "north", WAITS, 6),
        ("M", "north", SEAT, 5), ("M", "south", SEAT, 7),
    ],
    "few wait at all": [("F", "north", SEAT, 6), ("M", "south", SEAT, 6), ("M", "north", WAITS, 3)],
    "few were refused": [
        ("F", "north", SEAT, 5), ("M", "south", SEAT, 3), ("M", "south", WAITS, 5),
        ("F", "south", WAITS, 6), ("F", "south", REFUSED, 2),
    ],
}  # fmt: skip
PEOPLE = [code for code in PUBLIC if code not in ("fill", "waiting")]


@pytest.fixture
def town(season, request):
    first, second = (season.a_class(date(2027, 6, n), seats=8) for n in (1, 8))
    steps = 0
    for sex, region, status, n in TOWNS[request.param]:
        for k in range(n):
            person = season.a_person(sex=sex, region=region)
            seated = IN_MARCH if status == SEAT else None
            row = season.a_row(
                (first, second)[k % 2], status, person, at=IN_MARCH, seated_at=seated
            )
            steps += 1
            season.an_event(row, "register", seq=steps)
    with season.office.open() as work:
        work.run(update(cohort).values(events=steps))
    take_in(season.office)
    return season


def asked(season):
    with season.office.look(VISITOR) as look:
        shown = {code: PUBLIC[code].ask(look, YEAR).value for code in PUBLIC}
        of = {True: replace(YEAR, as_of=MONTH_END), False: YEAR}
        rows = {t.code: list(t.rows(look, of[t.monthly]).value) for t in PUBLIC.values()}
    return shown, rows


def given_away(shown, rows):
    """Subtract: seats by any trait have the same totals, and as many people as qualified.

    Whatever is shown anywhere is known to the last person, not rounded. Small numbers are secret;
    a large one hidden with them may be known.
    """
    tables = {code: with_totals([counts for _, counts in rows[code]]) for code in PEOPLE}
    known = {(code, j) for code in PEOPLE for j, n in enumerate(shown[code].total) if n is not None}
    seats = [code for code in PEOPLE if code != "demand"]
    found = []
    for code in PEOPLE:
        mask = [[n is None for n in counts] for _, counts in shown[code].rows]
        last = [n is None for n in shown[code].total]
        for j in range(len(last)):
            alike = {(other, j) for other in seats} if code != "demand" else set()
            if (code, j) in {(seat, 2) for seat in seats}:
                alike.add(("demand", 0))
            if (code, j) == ("demand", 0):
                alike = {(other, 2) for other in seats}
            last[j] = last[j] and not alike & known
        found += [
            (code, [*(name for name, _ in rows[code]), "all"][i], j)
            for i, j in found_out(tables[code], [*mask, last])
            if tables[code][i][j] < LEAST
        ]
    return found


@pytest.mark.parametrize("town", TOWNS, indirect=True)
def test_no_table_gives_away_what_another_one_hides(town):
    shown, rows = asked(town)
    assert given_away(shown, rows) == []


@pytest.mark.parametrize("town", ["few women got a seat, and no man waits"], indirect=True)
def test_each_table_by_itself_would_be_subtracted_from_the_others(town):
    """The guard's twin: women with a seat are all with a seat less the men."""
    _, rows = asked(town)
    alone = {code: Published.of(rows[code]) for code in PUBLIC}
    assert ("seats-sex", "F", 0) in given_away(alone, rows)


@pytest.mark.parametrize("town", ["nobody is few"], indirect=True)
def test_tables_of_the_same_people_have_the_same_totals(town):
    _, rows = asked(town)
    seats = {tuple(map(sum, zip(*[n for _, n in rows[code]], strict=True))) for code in PEOPLE[1:]}
    assert seats == {(7, 6)}
    assert [n for _, n in rows["demand"]] == [(13, 0)]
    assert None not in asked(town)[0]["seats-sex"].total


@pytest.mark.parametrize("town", ["few wait at all"], indirect=True)
def test_how_many_wait_is_told_as_every_class_page_tells_it(town):
    """Three wait, two in one class and one in the other: that is no secret, who they are is."""
    shown, _ = asked(town)
    with town.office.look(VISITOR) as look:
        queues = [counts.queue for counts in counts_of(look, (1, 2)).values()]
    assert sorted(queues) == [1, 2]
    assert shown["waiting"].total[0] == sum(queues) == 3
    assert {n for code in PEOPLE[1:] for _, row in shown[code].rows for n in row} == {None}


def test_no_table_claims_a_later_moment_than_its_numbers_have(world):
    """The clock is down since noon: people of 12:00 and 14:59 are in no number."""
    class_id = world.a_class()
    world.registers(world.a_person(), class_id)
    take_in(world.office)
    day = taipei_day(world.clock.now()) + timedelta(days=1)
    for hour, minute in ((12, 0), (14, 59)):
        world.clock.go_to(taipei(day, hour, minute))
        world.registers(world.a_person(), class_id)
    world.clock.go_to(taipei(day, 15))

    def claimed():
        with world.office.look(Actor(Role.PLANNER)) as look:
            filters = Filters(look.today.year)
            said = freshness_numbers.line(look, filters, EN)
            live = (table for table in PUBLIC.values() if not table.monthly)
            return {table.ask(look, filters).as_of for table in live}, said

    moments, said = claimed()
    assert moments == {taipei(day, 12)}
    assert "12:00" in said
    take_in(world.office)
    moments, said = claimed()
    assert moments == {taipei(day, 14, 59)}
    assert "14:59" in said


def monthly(world):
    """Ask what everybody is told of what persons are like: the tables and their moments."""
    with world.office.look(VISITOR) as look:
        found = {t.code: t.ask(look, YEAR) for t in PUBLIC.values() if t.monthly}
        said = {code: PUBLIC[code].finding(of.value, EN) for code, of in found.items()}
    moments = {of.as_of for of in found.values()}
    return {code: of.value for code, of in found.items()}, moments, said


@pytest.fixture
def twelve(world):
    """Twelve people of one kind hold a seat since January; a thirteenth makes their 10 a 15."""
    class_id = world.a_class(seats=20)
    world.registered(class_id, *world.people(12))
    take_in(world.office)
    world.clock.go_to(taipei(date(2027, 2, 10), 9))
    return world, class_id


def test_a_step_tells_nobody_what_its_person_is_like(twelve):
    """Number 13 registers at 10:03, alone between two looks; how many are told changes in March."""
    world, class_id = twelve
    before, _, _ = monthly(world)
    assert list(before) == PEOPLE
    assert {table.total[0] for table in before.values()} == {10}
    world.clock.go_to(taipei(date(2027, 2, 10), 10, 3))
    world.registers(world.a_person(), class_id)
    take_in(world.office)
    world.clock.pass_by(timedelta(minutes=2))
    assert monthly(world)[0] == before
    world.clock.go_to(taipei(date(2027, 3, 1), 9))
    after, moments, _ = monthly(world)
    assert {table.total[0] for table in after.values()} == {15}
    assert moments == {Filters(2027, as_of=date(2027, 2, 28)).end}


def test_a_step_of_the_last_minute_of_a_month_is_not_seen_coming_in(twelve):
    """February is told only once all its steps are in; until then January is."""
    world, class_id = twelve
    world.clock.go_to(taipei(date(2027, 2, 28), 23, 59))
    world.registers(world.a_person(), class_id)
    world.clock.go_to(taipei(date(2027, 3, 1), 0, 1))
    assert monthly(world)[1] == {Filters(2027, as_of=date(2027, 1, 31)).end}
    take_in(world.office)
    assert monthly(world)[1] == {Filters(2027, as_of=date(2027, 2, 28)).end}


def test_without_sums_nothing_is_told_of_what_persons_are_like(world):
    """The present is no substitute for a month's end that cannot be told."""
    world.registered(world.a_class(seats=20), *world.people(12))
    world.clock.go_to(taipei(date(2027, 2, 10), 9))
    tables, _, said = monthly(world)
    assert {table.rows for table in tables.values()} == {()}
    assert set(said.values()) == {"Not published until the sums are complete again"}
