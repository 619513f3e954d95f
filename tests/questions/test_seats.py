"""How seats were filled, when they were confirmed, and which classes need somebody."""

from datetime import date, timedelta

import pytest
from season import fact
from sqlalchemy import update

from analytics import attention, checkpoints, class_facts, fill_spread, seat_source
from analytics.asking import ask_attention
from analytics.filters import Filters
from services.catalogue.records import milestone
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei
from services.registration.records import registration
from services.words import words_for

TODAY = date(2027, 4, 1)
PLANNER = Actor(Role.PLANNER)
EN = words_for("en")


def test_seats_are_told_by_how_they_were_got(season, ask):
    """12 seats: 4 at registration (one by review), 2 by a cancellation, 1 promoted, 1 paid."""
    held = season.a_class(date(2027, 3, 1), seats=12)
    for how in ("register", "register", "register", "review", "backfill", "backfill", "promoted"):
        season.a_row(held, "completed", how_seated=how)
    season.a_row(held, "failed", how_seated="self_funded")
    season.a_row(held, "absent", how_seated="register")
    found = seat_source.measure(ask(class_facts.extract, Filters(2027)), 2027, TODAY)
    assert found.counts == ((4, 2, 1, 1, 4),)
    assert sum(found.total) == 12
    assert (
        seat_source.finding(found, EN) == "About 1 used seat in 3 was filled from the waiting list"
    )


def test_more_people_than_planned_seats_leave_no_negative_emptiness():
    over = fact(attended=11, marked=11, by_register=11)
    assert seat_source.measure([over], 2027, TODAY).counts == ((11, 0, 0, 0, 0),)


def test_nobody_from_the_waiting_list_is_said_plainly():
    found = seat_source.measure([fact(attended=5, marked=5, by_register=5)], 2027, TODAY)
    assert seat_source.finding(found, EN) == "Nobody came through the waiting list"


def test_a_checkpoint_counts_who_had_confirmed_and_not_left(season, ask):
    """The class began on 1 March: checkpoints 8 February, 15 February, 24 February."""
    held = season.a_class(date(2027, 3, 1))
    season.a_row(held, "completed", confirmed_at=taipei(date(2027, 2, 5)))
    season.a_row(held, "absent", confirmed_at=taipei(date(2027, 2, 10)))
    gone = {"confirmed_at": taipei(date(2027, 2, 4)), "ended_at": taipei(date(2027, 2, 20))}
    season.a_row(held, "cancelled", **gone)
    season.a_row(held, "completed", confirmed_at=taipei(date(2027, 2, 8), 10))  # an hour late
    (only,) = ask(class_facts.extract, Filters(2027))
    assert (only.at_promotion, only.at_offer, only.at_freeze, only.at_start) == (2, 4, 3, 3)


def test_history_does_not_change_when_the_status_does(season, ask, office):
    """Trap: a person confirmed three weeks before stays so though the roll says absent today."""
    held = season.a_class(date(2027, 3, 1))
    confirmed = taipei(date(2027, 2, 1))
    came = season.a_row(held, "confirmed", confirmed_at=confirmed)
    before = ask(class_facts.extract, Filters(2027))[0]
    with office.open() as work:
        absent = {"status": "absent", "seat": "spent", "reason": "roll"}
        work.run(update(registration).where(registration.c.id == came).values(**absent))
    after = ask(class_facts.extract, Filters(2027))[0]
    assert (before.at_promotion, after.at_promotion) == (1, 1)
    assert (before.at_start, after.at_start) == (1, 1)
    assert (before.attended, after.attended) == (0, 0)


def test_only_classes_that_have_begun_are_on_the_line():
    begun = [fact(at_promotion=2, at_offer=4, at_freeze=5, at_start=6) for _ in range(5)]
    ahead = fact(starts_on=TODAY + timedelta(days=3), at_promotion=10)
    found = checkpoints.measure([*begun, ahead], 2027, TODAY)
    assert found.now == (0.2, 0.4, 0.5, 0.6)
    assert found.classes == 5
    said = checkpoints.finding(found, EN)
    assert said == "20 points come between 3 weeks and 2 weeks; classes start 60% confirmed"


def test_four_classes_say_nothing():
    found = checkpoints.measure([fact(at_start=5)] * 4, 2027, TODAY)
    assert found.now == ()
    assert checkpoints.sheet(found, EN).texts(EN)[0][1] == "–"


def ahead(days, **more):
    return fact(state="published", starts_on=TODAY + timedelta(days=days), **more)


def test_idle_seats_are_the_smaller_of_free_seats_and_people_waiting():
    facts = [ahead(10, id=1, held=8, waiting=5), ahead(20, id=2, held=5, waiting=1)]
    facts += [ahead(30, id=3, held=10, waiting=1), ahead(30, id=4, held=1)]
    assert attention.with_both(facts, 2027, TODAY) == [1, 2]
    found = attention.measure(facts, 2027, TODAY, {1: 5, 2: 1})
    assert found.idle_seats == 2 + 1
    assert found.idle == tuple(facts[:2])


def test_who_is_under_review_waits_for_no_free_seat(season, office):
    """One waits and one is offered a seat; one under review holds a reserved seat, one none."""
    on = TODAY + timedelta(days=10)
    class_id = season.a_class(on, state="published", seats_held=1)
    season.rows(class_id, waitlisted=1, offered=1, in_review=1)
    season.a_row(class_id, "in_review", seat="reserved")
    season.rows(season.a_class(on, state="published"), in_review=5)
    with office.look(PLANNER) as look:
        found = ask_attention(look, Filters(2027)).value
    assert [(f.waiting, f.reviewing, f.free) for f in found.idle] == [(2, 2, 9)]
    assert found.idle_seats == 2


@pytest.mark.parametrize("sold", [False, True])
def test_who_can_only_pay_is_next_in_line_once_seats_are_sold(season, office, sold):
    """Of two who wait one is on the funded track; two weeks before, the free seats are offered."""
    class_id = season.a_class(
        TODAY + timedelta(days=10 if sold else 40), state="published", seats_held=1
    )
    season.rows(class_id, waitlisted=1)
    season.a_row(class_id, "waitlisted", track="self_funded")
    if sold:
        call = milestone.c.class_id == class_id, milestone.c.kind == "self_funded_call"
        with office.open() as work:
            work.run(update(milestone).where(*call).values(reached_at=work.now))
    with office.look(PLANNER) as look:
        found = ask_attention(look, Filters(2027)).value
    assert found.idle_seats == (2 if sold else 1)


def test_nobody_is_next_in_line_whom_a_seat_goes_past(season, office):
    """Three wait beside nine free seats; another seat stands in the way of two of them."""
    class_id = season.a_class(TODAY + timedelta(days=40), state="published", seats_held=1)
    season.rows(class_id, waitlisted=1)
    for _ in range(2):
        season.a_row(class_id, "waitlisted", skip_reason="overlap")
    with office.look(PLANNER) as look:
        assert ask_attention(look, Filters(2027)).value.idle_seats == 1


@pytest.mark.parametrize(("drawn", "idle"), [(None, 0), (taipei(TODAY), 3)])
def test_before_its_draw_a_queue_gives_no_seat(season, office, drawn, idle):
    class_id = season.a_class(TODAY + timedelta(days=40), state="published")
    season.a_draw(class_id, drawn)
    season.rows(class_id, waitlisted=3)
    with office.look(PLANNER) as look:
        assert ask_attention(look, Filters(2027)).value.idle_seats == idle


def test_a_class_is_small_if_even_everybody_would_not_be_enough():
    small = ahead(28, held=3)
    enough, far, off = ahead(28, held=4), ahead(29, held=0), fact(held=0, state="cancelled")
    assert attention.measure([small, enough, far, off], 2027, TODAY, {}).small == (small,)


def test_classes_are_told_by_how_full_they_were():
    """Of ten seats 0, 4, 5, 7, 8, 9, 10 and 11 came; one was cancelled, one has no whole roll."""
    facts = [fact(attended=n, marked=n) for n in (0, 4, 5, 7, 8, 9, 10, 11)]
    facts += [fact(state="cancelled"), fact(attended=9, coming=1), fact(planned=0)]
    facts += [fact(year=2026, attended=1), fact(starts_on=TODAY, attended=1)]
    found = fill_spread.measure(facts, 2027, TODAY)
    assert (found.bands, found.cancelled, found.classes) == ((2, 1, 2, 1, 2), 1, 9)
    assert fill_spread.finding(found, EN) == (
        "2 of 9 classes were less than half full, 1 more cancelled"
    )
    assert fill_spread.sheet(found, EN).texts(EN)[:2] == [
        ["cancelled class", "1"],
        ["under 50%", "2"],
    ]


def test_nothing_begun_has_no_spread():
    found = fill_spread.measure([], 2027, TODAY)
    assert fill_spread.sheet(found, EN).rows == ()
    assert fill_spread.finding(found, EN) == "No class with a written roll in this selection yet"


def test_a_class_that_needs_somebody_twice_is_listed_once():
    both = ahead(5, id=7, held=2, waiting=1)
    found = attention.measure([both, ahead(2, id=8, held=1)], 2027, TODAY, {7: 1})
    assert [f.id for f in found.all] == [8, 7]
    said = [text for text, *_ in attention.reasons(found, both, EN)]
    assert said == ["2 people below the minimum", "People wait, seats are free"]


def test_people_who_wait_hold_no_seat(season, ask):
    """Waiting: waitlisted, offered; under review is not, with a reserved seat or without."""
    coming = season.a_class(date(2027, 4, 20), state="published", seats_held=2)
    season.rows(coming, waitlisted=2, offered=1, in_review=1, admitted=1, cancelled=3)
    season.a_row(coming, "in_review", seat="reserved")
    (only,) = ask(class_facts.extract, Filters(2027))
    assert only.waiting == 3
    assert only.free == 8


@pytest.mark.parametrize(
    ("rates", "ticks"),
    [
        ((0.79, 0.81, 0.84, 0.83), ["70", "80", "90%"]),
        ((0.96, 0.97, 0.97, 1.0), ["80", "90", "100%"]),
        ((0.3, 0.72, 0.95, 0.97), ["20", "40", "60", "80", "100%"]),
        ((0.0, 0.0, 0.0, 0.0), ["0", "10", "20%"]),
    ],
)
def test_the_axis_of_shares_spans_the_tenths_around_them_and_at_least_twenty_points(rates, ticks):
    drawn = checkpoints.figure(checkpoints.Checkpoints(2027, rates, (), 9), EN, "light")["layout"]
    assert drawn["yaxis"]["ticktext"] == ticks
    low, high = drawn["yaxis"]["range"]
    assert low <= min(rates)
    assert max(rates) <= high
