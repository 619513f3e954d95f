"""The rollup follows the event chains exactly, however it is advanced, and says how far it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from played import SUMS, emptied, live_through
from sqlalchemy import insert, select, update
from world import SIMPLE_RULES

from analytics.asking import ask_demand
from analytics.filters import Filters
from analytics.freshness import freshness
from services import take_in as verb
from services.cancel import cancel
from services.catalogue.records import cohort
from services.kernel.clock import taipei, taipei_day
from services.kernel.db import metadata
from services.reconcile import reconcile, reconcile_if_due
from services.take_in import take_in
from services.tally.records import reconciliation, several, standing, tally

WHEN = {"watermark": ("taken_at",)}


def rows_of(office, names=SUMS):
    """Give every row of the rollup but zeros and the moments at which it was advanced."""
    with office.look() as look:
        found = {}
        for name in names:
            table = metadata.tables[name]
            kept = [c for c in table.c if c.name not in WHEN.get(name, ())]
            rows = [tuple(row) for row in look.all(select(*kept))]
            found[name] = sorted((row for row in rows if row[-1] != 0), key=str)
    return found


@pytest.mark.parametrize("seed", [1, 3])
def test_every_evening_the_sums_are_what_a_recount_gives(world, seed):
    for n, _ in enumerate(live_through(world, seed)):
        if n % 3 == 0:
            take_in(world.office)
            found = checked(world)
            assert found.named == ()
    assert found.compared > 50
    assert len(rows_of(world.office, ("several",))["several"]) > 5


def checked(world):
    """Recount what is kept: events are taken in by Python, counted anew by the database."""
    reconcile(world.office)
    with world.office.look() as look:
        return freshness(look).checked


def test_it_does_not_matter_when_or_in_how_small_pieces_events_are_taken_in(world, monkeypatch):
    """Every evening; at the end, all at once; at the end, three events at a time."""
    for _ in live_through(world, 4):
        take_in(world.office)
    daily = rows_of(world.office)
    assert len(daily["standing"]) > 40
    for at_once in (verb.AT_ONCE, 3):
        monkeypatch.setattr(verb, "AT_ONCE", at_once)
        emptied(world.office)
        take_in(world.office)
        assert rows_of(world.office) == daily


def test_taking_in_again_changes_nothing(world):
    world.registered(world.a_class(seats=1), *world.people(3))
    assert take_in(world.office) == 3
    before = rows_of(world.office)
    assert take_in(world.office) == 0
    assert rows_of(world.office) == before


def test_two_clocks_at_once_count_nothing_twice(world):
    world.registered(world.a_class(seats=2), *world.people(6))
    with ThreadPoolExecutor(4) as clocks:
        taken = list(clocks.map(lambda _: take_in(world.office), range(8)))
    assert sum(taken) == 6
    assert reconcile(world.office) == 0


def test_freshness_says_how_far_behind_the_sums_are(world, clock):
    people = world.people(2)
    receipts = world.registered(world.a_class(seats=2), *people)
    with world.office.look() as look:
        nothing = freshness(look)
    assert (nothing.missing, nothing.behind, nothing.checked) == (clock.now(), 2, None)
    take_in(world.office)
    clock.pass_by(timedelta(minutes=5))
    left = clock.now()
    world.does(people[1], cancel, receipts[1].registration_id)
    clock.pass_by(timedelta(seconds=40))
    with world.office.look() as look:
        found = freshness(look)
    assert (found.newest, found.missing, found.behind) == (left, left, 1)
    take_in(world.office)
    with world.office.look() as look:
        assert (freshness(look).behind, freshness(look).missing) == (0, None)


def test_a_sum_that_was_tampered_with_is_named_by_the_next_reconciliation(world):
    world.registered(world.a_class(seats=1), *world.people(3))
    take_in(world.office)
    with world.office.open() as work:
        work.run(update(tally).where(tally.c.kind == "since", tally.c.place == "").values(n=7))
    assert reconcile(world.office) == 1
    with world.office.look() as look:
        checked = freshness(look).checked
    assert checked.differences == 1
    assert checked.named[0].endswith("7 kept, 3 counted")


def test_what_somebody_with_several_counts_as_is_recounted_too(world):
    """Waits in two classes whose only seats somebody else has."""
    world.a_plan(max_choices=2)
    both = world.a_class(seats=1), world.a_class(seats=1, starts_on=date(2027, 5, 10))
    waits = world.a_person()
    for class_id in both:
        world.registered(class_id, world.a_person(), waits)
    take_in(world.office)
    assert reconcile(world.office) == 0
    with world.office.open() as work:
        work.run(update(several).where(several.c.class_id == both[1]).values(said=0))
    assert reconcile(world.office) > 0
    with world.office.look() as look:
        assert f"class {both[1]} several" in freshness(look).checked.named[0]


def test_a_cohort_that_is_behind_is_not_compared(world):
    """Otherwise every registration during the recount would be reported as a fault."""
    class_id = world.a_class(seats=1)
    world.registered(class_id, *world.people(2))
    take_in(world.office)
    world.registered(class_id, *world.people(1))
    assert reconcile(world.office) == 0
    with world.office.look() as look:
        assert freshness(look).checked.compared == 0


def test_the_night_is_reconciled_once(world, clock):
    world.registered(world.a_class(seats=1), *world.people(1))
    take_in(world.office)
    for hour, rows in ((2, 1), (3, 2), (4, 2)):
        clock.go_to(taipei(date(2027, 1, 5), hour))
        reconcile_if_due(world.office)
        with world.office.look() as look:
            assert len(look.all(select(reconciliation))) == rows


def test_a_day_keeps_only_its_last_state(world, clock):
    """Registered and cancelled on one day, waiting person promoted: one row each for that day."""
    class_id = world.a_class(seats=1)
    (one, two) = people = world.people(2)
    receipts = world.registered(class_id, *people)
    take_in(world.office)
    clock.pass_by(timedelta(days=1))
    world.does(one, cancel, receipts[0].registration_id)
    take_in(world.office)
    with world.office.look() as look:
        rows = look.all(select(standing).where(standing.c.person_id == two))
    assert [(row.status, row.how_seated) for row in sorted(rows, key=lambda r: r.from_day)] == [
        ("waitlisted", None),
        ("admitted", "backfill"),
    ]
    assert rows[0].until_day == taipei_day(clock.now()).toordinal()


def test_who_is_carried_over_follows_both_years(world, clock):
    """Waits in 2027 and registers for 2028: carried over, until a seat of 2027 comes free."""
    seated, waits = people = world.people(2)
    receipts = world.registered(world.a_class(seats=1), *people)
    world.year = world.a_plan(2028)
    with world.office.open() as work:
        made = work.run(
            insert(cohort), {"year": 2028, "course": "BST", "rules": SIMPLE_RULES, "fee": 1}
        )
    world._courses["BST"] = made.inserted_primary_key[0]
    world.records[waits] |= {"medical": {"issued_on": "2027-01-01", "expires_on": "2029-01-01"}}
    world.registers(waits, world.a_class(seats=1, starts_on=date(2028, 4, 10)))
    take_in(world.office)
    assert (carried(world), reconcile(world.office)) == (1, 0)
    world.does(seated, cancel, receipts[0].registration_id)
    take_in(world.office)
    assert (carried(world), reconcile(world.office)) == (0, 0)


def carried(world):
    with world.office.look() as look:
        found = ask_demand(look, Filters(2028)).value
    return found.carried
