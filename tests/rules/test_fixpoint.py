"""The fixpoint of a cohort: one result in whatever order the classes are looked at (pure)."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.registration import fixpoint
from services.registration.fixpoint import Place, Skip, serve

FEW, MANY = 300, 20_000


@dataclass
class Town:
    """Queues in memory."""

    lines: dict[int, list[Place]]
    holds: dict[int, Place]

    def line(self, class_id, last, most):
        line = self.lines.get(class_id, [])
        start = line.index(last) + 1 if last else 0
        return line[start : start + most]

    def held(self, places):
        return {p.person_id: self.holds[p.person_id] for p in places if p.person_id in self.holds}

    def gives(self, class_id):
        return class_id in self.lines


@st.composite
def towns(draw):
    """Up to four classes and eight people with one to three choices, some holding a seat."""
    classes = range(1, draw(st.integers(2, 4)) + 1)
    late = {c for c in classes if draw(st.booleans())}
    lines, holds, serial = {c: [] for c in classes}, {}, 0
    for person in range(1, draw(st.integers(1, 8)) + 1):
        wishes = draw(st.permutations(list(classes)))[: draw(st.integers(1, 3))]
        held = draw(st.sampled_from([None, *range(len(wishes))]))
        for preference, class_id in enumerate(wishes, start=1):
            serial += 1
            reviewed, yes = draw(st.booleans()), draw(st.booleans())
            place = Place(
                serial, class_id, person, draw(st.integers(1, 9)) * 100 + serial, preference,
                reviewed=reviewed, late=class_id in late and not (yes and not reviewed),
                busy="X" if draw(st.integers(0, 7)) == 0 else None,
            )  # fmt: skip
            if held is not None and preference == held + 1:
                holds[person] = replace(place, busy=None)
            elif held is None or holds.get(person) is None or holds[person].reviewed:
                lines[class_id].append(place)
    for line in lines.values():
        line.sort(key=lambda place: place.rank)
    return Town(lines, holds), {c: draw(st.integers(0, 3)) for c in classes}


def told(served):
    return (
        [p.id for p in served.taken],
        [p.id for p in served.given_up],
        [(s.place.id, s.reason, s.in_favour_of and s.in_favour_of.id) for s in served.passed],
    )


def check(town, free, order):
    one = serve(free, town)
    other = serve({c: free[c] for c in order}, town)
    assert told(one) == told(other)
    return one


def promises(town, free, served):
    """Nobody is passed for a worse rank, nobody gets two seats, no class gives more than it has."""
    taken = {p.person_id: p for p in served.taken}
    assert len(taken) == len(served.taken)
    offered = {s.place.id for s in served.passed} | {p.id for p in served.taken}
    for class_id, line in town.lines.items():
        seats = free[class_id] + sum(p.class_id == class_id for p in served.given_up)
        mine = [n for n, p in enumerate(line) if taken.get(p.person_id) is p]
        assert len(mine) <= seats
        reached = line[: max(mine) + 1] if mine else []
        for place in line if len(mine) < seats else reached:
            won = taken.get(place.person_id)
            superseded = won and not won.reviewed and won.preference < place.preference
            assert place.id in offered or superseded, (class_id, place)
    for place in served.taken:
        held = town.holds.get(place.person_id)
        assert place.busy is None
        assert held is None or (place.preference < held.preference and not place.late)
        assert held is None or held.reviewed or not place.reviewed


def play(examples):
    """Many towns, each served in two orders: one result, and every promise kept."""

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None,
              phases=(Phase.generate,))  # fmt: skip
    @given(towns(), st.randoms())
    def holds(made, chance):
        town, free = made
        order = list(free)
        chance.shuffle(order)
        promises(town, free, check(town, free, order))

    holds()


def test_the_result_does_not_depend_on_the_order_of_the_classes(long):
    play(MANY if long else FEW)


@pytest.mark.parametrize("skip", Skip)
def test_without_a_reason_to_decline_a_promise_is_broken(monkeypatch, skip):
    real = fixpoint._declines

    def declines(place, person):
        reason = real(place, person)
        return None if reason is skip else reason

    monkeypatch.setattr(fixpoint, "_declines", declines)
    with pytest.raises(AssertionError):
        play(FEW)


def test_keeping_the_first_offer_would_depend_on_it(monkeypatch):
    """The twin: who keeps the first offer gets what was looked at first."""
    monkeypatch.setattr(fixpoint, "_better", lambda _place, than: than is None)
    first, second = Place(1, 1, 7, 1, 1), Place(2, 2, 7, 1, 2)
    with pytest.raises(AssertionError):
        check(Town({1: [first], 2: [second]}, {}), {1: 1, 2: 1}, [2, 1])


def test_a_better_choice_of_the_same_run_wins_and_the_other_seat_goes_on():
    anna, berta = 1, 2
    town = Town(
        {1: [Place(1, 1, anna, 1, 1)], 2: [Place(2, 2, anna, 1, 2), Place(3, 2, berta, 2, 1)]}, {}
    )
    served = serve({2: 1, 1: 1}, town)
    assert told(served) == ([1, 3], [], [])


def test_a_chain_of_three_moves_up_through_one_free_seat():
    """Anna leaves B for A, Berta leaves C for B, Carla gets C."""
    holds = {1: Place(11, 2, 1, 1, 2), 2: Place(12, 3, 2, 1, 2)}
    lines = {1: [Place(1, 1, 1, 5, 1)], 2: [Place(2, 2, 2, 5, 1)], 3: [Place(3, 3, 3, 5, 1)]}
    served = serve({1: 1, 2: 0, 3: 0}, Town(lines, holds))
    assert told(served) == ([1, 2, 3], [11, 12], [])


def test_a_certain_seat_is_not_given_up_for_a_reserved_one_but_one_of_the_same_run_is():
    wish, other = Place(1, 1, 7, 1, 1, reviewed=True), Place(2, 2, 7, 1, 2)
    held = serve({1: 1}, Town({1: [wish]}, {7: other}))
    assert [(s.place.id, s.reason) for s in held.passed] == [(1, Skip.TOLD_SEAT)]
    same_run = serve({1: 1, 2: 1}, Town({1: [wish], 2: [other]}, {}))
    assert [p.id for p in same_run.taken] == [1]
    assert [(s.place.id, s.reason) for s in same_run.passed] == [(2, Skip.BETTER_RESERVED)]


def test_within_one_run_a_late_class_is_worse_than_every_class_before_its_call():
    late, early = Place(1, 1, 7, 1, 1, late=True), Place(2, 2, 7, 1, 2)
    served = serve({1: 1, 2: 1}, Town({1: [late], 2: [early]}, {}))
    assert [p.id for p in served.taken] == [2]
    assert [(s.place.id, s.reason) for s in served.passed] == [(1, Skip.LATE_CALL)]
    alone = serve({1: 1}, Town({1: [late], 2: [early]}, {}))
    assert [p.id for p in alone.taken] == [1]


def test_whom_an_override_puts_first_is_seated_first():
    line = [Place(1, 1, 1, 9, 1, first=True), Place(2, 1, 2, 1, 1)]
    assert [p.id for p in serve({1: 1}, Town({1: line}, {})).taken] == [1]
