"""Every state a registration can be in is explained, in both languages, with the way to a seat."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from itertools import product

import pytest

from pages.components.journey import told
from services.kernel.clock import taipei
from services.lottery.standing import InDraw
from services.milestones import ORDER, Policy, schedule
from services.registration import explaining
from services.registration import next_step as steps
from services.registration.cards import Asked, Case, RegistrationCard
from services.registration.endings import WHY
from services.registration.fixpoint import Skip
from services.registration.lifecycle import CLOSED, OPEN, TRAITS, Reason, Seat, Status, Track
from services.registration.own_choices import Choices
from services.registration.seats import ClassFacts
from services.words import words_for

EN, ZH = words_for("en"), words_for("zh-Hant-TW")
STARTS, CODE, POLICY = date(2027, 4, 12), "116-AFF-03", Policy()
DUE = {kind.value: at for kind, at in schedule(POLICY, STARTS).items()}
NOW = taipei(date(2027, 3, 1), 10)
WHEN = {0: 40, 1: 27, 2: 20, 3: 13, 4: 10, 5: 6, 6: 4}  # stage: days before the class
SEATLESS = (Status.IN_REVIEW, Status.WAITLISTED, Status.OFFERED)


@dataclass(frozen=True)
class State:
    """One state: the card, its class, its people, its review."""

    card: RegistrationCard
    facts: ClassFacts
    around: explaining.Around
    case: Case | None
    others: int

    @property
    def ahead(self):
        reached = [kind.value for kind in ORDER[: self.facts.stage]]
        return steps.Milestones(DUE, {kind: DUE[kind] for kind in reached})


CARD = RegistrationCard(
    1, 1, 1, 1, "116-BST-01", "BST", "基本安全", "Basic safety", None, "NTOU", "海大", "NTOU", None,
    None, STARTS, STARTS + timedelta(days=4), "published", "funded", 12_000, 7, 7, 1,
    Status.WAITLISTED, Seat.NONE, Track.FUNDED, None, None, None, None, False, NOW, NOW, 3, None,
    None, None, called=False,
)  # fmt: skip
KNOWN = {
    "id": 1, "code": "116-BST-01", "cohort_id": 1, "year": 2027, "kind": "funded", "opens_at": NOW,
    "starts_on": STARTS, "ends_on": STARTS + timedelta(days=4), "cap": 24, "min_size": 8,
    "seats_held": 24, "numbers_given": 60, "state": "published", "schedule": 1, "stage": 0,
    "max_choices": 3, "policy": POLICY, "now": NOW,
}  # fmt: skip
FACTS = ClassFacts(**dict.fromkeys(ClassFacts.__dataclass_fields__) | KNOWN)
AROUND = explaining.Around(9, 2, 2, 1, 3, NOW, None, None, None, None, None, Choices(1))
CASE = Case(1, "open", date(2027, 3, 8), None, None, None, None)


def open_states() -> Iterator[State]:
    for status, stage, kind, track in product(OPEN, WHEN, ("funded", "self_funded"), Track):
        for seat in TRAITS[status].seats:
            if seat is Seat.FUNDED and (track is not Track.FUNDED or kind == "self_funded"):
                continue
            if status is Status.OFFERED and kind == "self_funded":
                continue
            now = taipei(STARTS - timedelta(days=WHEN[stage]), 10)
            card = replace(CARD, status=status, seat=seat, track=track, kind=kind, called=stage > 0)
            facts = replace(FACTS, kind=kind, stage=stage, now=now)
            yield from _with_details(State(card, facts, AROUND, None, 0))


def _with_details(state: State) -> Iterator[State]:
    card = state.card
    yield state
    yield replace(state, others=1)
    if card.seat is Seat.NONE:
        yield from (_passed_by(state, skip) for skip in Skip)
        yield replace(state, facts=replace(state.facts, seats_held=20))
    if card.status is Status.IN_REVIEW:
        for case in (CASE, replace(CASE, state="supplement", ask="paper", supplement_due_at=NOW),
                     replace(CASE, statement="please")):  # fmt: skip
            yield replace(state, case=case)
        yield replace(state, card=replace(card, rescreen_due=True))
    if card.status in (Status.ADMITTED, Status.OFFERED):
        kind = "confirm" if card.status is Status.ADMITTED else "claim"
        for deadline in (None, NOW):
            asked = Asked(1, kind, NOW, deadline, None, deadline, NOW)
            yield replace(state, card=replace(card, asked=asked), others=1)
    if card.status in (Status.OFFERED, Status.IN_REVIEW):
        yield replace(state, card=replace(card, claimed_at=NOW))
    if card.status is Status.WAITLISTED:
        yield replace(state, card=replace(card, standing_yes_at=NOW))
        elsewhere = Choices(2, Skip.LATE_CALL, CODE, standby_on=NOW)
        yield replace(state, around=replace(AROUND, choices=elsewhere, overridden=True))
    if card.seat is Seat.NONE and card.status is not Status.OFFERED and state.facts.stage == 0:
        for ticket in (None, "T-1"):
            for drawn in ("committed", "drawn"):
                draw = InDraw(1, drawn, NOW + timedelta(days=1), ticket)
                yield replace(state, card=replace(card, draw=draw))


def _passed_by(state: State, skip: Skip) -> State:
    card = replace(state.card, skip_reason=skip.value)
    if skip is Skip.OVERLAP:
        passed = explaining.Passed(NOW, CODE, STARTS, STARTS)
        return replace(state, card=card, around=replace(AROUND, passed=passed))
    choices = Choices(2, skip, CODE, skip=skip.value, skipped_on=NOW, skipped_for=CODE)
    return replace(state, card=card, around=replace(AROUND, choices=choices))


def closed_states() -> Iterator[State]:
    for status, reason, stage in product(CLOSED, Reason, (0, 6)):
        (seat,) = TRAITS[status].seats
        card = replace(CARD, status=status, seat=seat, reason=reason.value, place=None)
        around = replace(AROUND, ended_at=NOW, choices=Choices(1, won=CODE))
        now = taipei(STARTS - timedelta(days=WHEN[stage]), 10)
        yield State(card, replace(FACTS, stage=stage, now=now), around, None, 0)


def spoken(state: State) -> Iterator[tuple[str, object]]:
    """Give every sentence with the place it stands at."""
    step = steps.next_step(
        state.card, state.case, state.ahead, state.facts.now, state.around, others=state.others
    )
    for name in ("head", "then", "then_more", "by_more", "otherwise", "otherwise_more"):
        if getattr(step, name) is not None:
            yield name, getattr(step, name)
    found = explaining.explain(state.card, state.facts, state.around)
    yield from (("stands", say) for say in found.stands)
    yield from (("would", say) for say in found.would)


def faults(state: State) -> list[str]:
    """Say what is missing in the explanation of a state."""
    says = list(spoken(state))
    places = {place for place, _ in says}
    found = [f"nothing said: {place}" for place in ("head", "then", "otherwise", "stands", "would")
             if place not in places]  # fmt: skip
    for place, say in says:
        english, chinese = told(EN, say), told(ZH, say)
        ids = [v for v in say.facts.values() if v is None or isinstance(v, Enum)]
        if "{" in english + chinese or ids:
            found.append(f"{place}: a blank or an id is left in {english}")
        if ZH(say.sentence) == say.sentence or not any("\u4e00" <= c <= "\u9fff" for c in chinese):
            found.append(f"{place}: not in Chinese: {english}")
    return found + _not_passed_by(state, says)


def _not_passed_by(state: State, says) -> list[str]:
    """Whom seats go past reads that, and which class has to change for a seat."""
    if state.card.skip_reason is None:
        return []
    line = [say for place, say in says if place in ("stands", "would")]
    named = {place for place, say in says if say.facts.get("code") == CODE}
    told_next = steps.PASSED_BY.get(state.card.skip_reason) in [s.sentence for _, s in says]
    shown = told_next or (state.card.status is Status.OFFERED and not state.card.claimed_at)
    missing = [] if shown else ["the next step does not tell that seats go past"]
    if not line or named != ({"stands"} if state.facts.fixed else {"stands", "would"}):
        missing.append(f"the class in the way is named in {named}")
    return missing


OPEN_STATES, CLOSED_STATES = tuple(open_states()), tuple(closed_states())


def test_the_table_is_whole():
    assert len(OPEN_STATES) > 500
    assert {(s.card.status, s.card.seat) for s in OPEN_STATES + CLOSED_STATES} == {
        (status, seat) for status, trait in TRAITS.items() for seat in trait.seats
    }
    skipped = {(s.card.status, s.card.skip_reason) for s in OPEN_STATES if s.card.skip_reason}
    assert skipped == set(product(SEATLESS, (skip.value for skip in Skip)))
    assert set(WHY) == set(Reason)


@pytest.mark.parametrize("states", [OPEN_STATES, CLOSED_STATES], ids=["open", "closed"])
def test_every_state_is_explained_in_both_languages(states):
    missing = {
        f"{s.card.status} {s.card.seat} {s.card.skip_reason} stage {s.facts.stage} "
        f"{s.card.track} in {s.card.kind}: {fault}"
        for s in states
        for fault in faults(s)
    }
    assert missing == set()


@pytest.mark.parametrize("skip", list(Skip))
def test_a_reason_that_nobody_explains_is_found(monkeypatch, skip):
    monkeypatch.setitem(steps.PASSED_BY, skip, "You are on standby.")
    assert any(faults(state) for state in OPEN_STATES)


def test_a_seat_that_nobody_can_get_any_more_is_said():
    late = [s for s in OPEN_STATES if s.card.status is Status.WAITLISTED and s.facts.stage == 6]
    said = {told(EN, say) for s in late for place, say in spoken(s) if place == "would"}
    assert "No seat can be given here any more before the list is frozen." in said


@pytest.mark.parametrize("stage", [2, 3, 5, 6])
def test_under_review_it_is_your_turn_to_claim_while_self_funding_is_open(stage):
    turns = {
        steps.next_step(s.card, s.case, s.ahead, s.facts.now, s.around).turn
        for s in OPEN_STATES
        if s.card.status is Status.IN_REVIEW and s.card.seat is Seat.NONE
        and s.card.kind == "funded" and s.facts.stage == stage and s.card.claimed_at is None
        and (s.case is None or s.case.state == "open")
    }  # fmt: skip
    assert turns == {stage in (3, 5)}
