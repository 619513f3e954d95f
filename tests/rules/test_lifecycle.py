"""The table of a registration's life obeys its own laws."""

from collections import defaultdict
from itertools import product

import pytest

from services.kernel.actor import Role
from services.registration.lifecycle import (
    CLOSED,
    HELD,
    OPEN,
    SEATED,
    STEPS,
    TRAITS,
    Event,
    Seat,
    Status,
    actions,
    find,
    mermaid,
)


def test_every_status_has_a_trait_and_can_be_reached():
    assert set(TRAITS) == set(Status)
    assert {step.target for step in STEPS} == set(Status)


def test_every_step_leads_to_a_seat_its_status_may_hold():
    for step in STEPS:
        assert step.takes in TRAITS[step.target].seats, step
        assert step.source is None or step.held in TRAITS[step.source].seats, step


def test_no_arrow_is_drawn_twice():
    arrows = [(s.event, s.source, s.held, s.target, s.takes) for s in STEPS]
    assert len(arrows) == len(set(arrows))


@pytest.mark.parametrize("event", [e for e in Event if e not in (Event.REGISTER, Event.MERGE)])
def test_an_event_from_one_place_leads_to_one_status_unless_rules_say_so(event):
    """Approve and promote choose between seats and the waiting list, reopen between waiting and
    review; nothing else chooses."""
    targets = defaultdict(set)
    for step in STEPS:
        if step.event is event:
            targets[step.source, step.held].add(step.target)
    most = {Event.APPROVE: 3, Event.PROMOTE: 3, Event.REOPEN: 2}.get(event, 1)
    assert all(len(found) <= most for found in targets.values())


def test_closed_statuses_lead_nowhere_but_by_appeal_reopening_or_an_audited_correction():
    leaving = {(s.source, s.event) for s in STEPS if s.source in CLOSED}
    corrections = {Event.COMPLETE, Event.FAIL, Event.MISS}
    assert all(
        (source is Status.INELIGIBLE and event is Event.APPEAL)
        or (source is Status.CANCELLED and event is Event.REOPEN)
        or event in corrections
        for source, event in leaving
    )


@pytest.mark.parametrize(("status", "seat", "role"), list(product(Status, Seat, Role)))
def test_buttons_are_exactly_the_steps_of_the_table(status, seat, role):
    offered = actions(status, seat, role)
    for event in Event:
        steps = [s for s in STEPS if s.event is event and s.source is status and s.held is seat]
        assert (event in offered) == any(role in step.by for step in steps)


def test_an_unknown_arrow_is_not_found():
    assert find(Event.CONFIRM, Status.WAITLISTED, Seat.NONE, Status.CONFIRMED, Seat.FUNDED) is None


def test_visitors_and_administrators_move_nobody():
    assert not any({Role.VISITOR, Role.ADMINISTRATOR} & step.by for step in STEPS)


def test_only_the_clock_lets_a_confirmation_lapse():
    assert {role for s in STEPS if s.event is Event.LAPSE for role in s.by} == {Role.SYSTEM}


def test_a_seat_given_counts_and_a_seat_lost_does_not():
    assert set(SEATED) < set(HELD)
    for status in CLOSED:
        assert not set(TRAITS[status].seats) & set(HELD)
    assert set(OPEN) | set(CLOSED) == set(Status)


def test_the_diagram_names_every_status():
    drawing = mermaid()
    assert all(status.value in drawing for status in Status)
