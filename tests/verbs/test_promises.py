"""Property test of the queue: any order of acts, starting loaded, keeps every invariant."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from databases import Databases
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from world import PAPER_RULES, World

from services.cancel import cancel
from services.claim import claim, unclaim
from services.confirm import confirm, decline
from services.kernel.clock import StandingClock, taipei
from services.kernel.errors import DomainError
from services.kernel.work import Office
from services.promote import fill_free_seats
from services.review import approve, ask_supplement, reject

VERBS = (cancel, confirm, decline, claim, unclaim)
DECISIONS = (
    (approve, {}),
    (reject, {"reason": "paper_not_valid"}),
    (ask_supplement, {"ask": "證明"}),
)
PEOPLE = 8


class Queue(RuleBasedStateMachine):
    """Two overlapping classes of two courses, eight people of every kind, and the clock."""

    databases: Databases  # set by the fixture

    @initialize(seats=st.integers(1, 3), loaded=st.integers(2, PEOPLE))
    def start_loaded(self, seats, loaded):
        self.engine = engine = self.databases.fresh()
        self.world = World(Office(engine, StandingClock(taipei(date(2027, 1, 4), 10))),
                           StandingClock(taipei(date(2027, 1, 4), 10)))  # fmt: skip
        self.world.clock = self.world.office.clock
        self.classes = [
            self.world.a_class(seats=seats, min_size=1),
            self.world.a_class(
                seats=1, course_code="AFF", starts_on=date(2027, 4, 14), rules=PAPER_RULES
            ),
        ]
        kinds = ({}, {}, {"nationality": "foreigner"}, {"medical": None}, {"seamans_book": None})
        self.persons = [self.world.a_person(**kinds[n % len(kinds)]) for n in range(PEOPLE)]
        self.receipts = []
        for person in self.persons[:loaded]:
            self.register(person, 0, declared=True)

    def register(self, person, which, declared):
        papers = ["letter"] if declared else []
        with suppress(DomainError):
            receipt = self.world.registers(person, self.classes[which], declared=papers)
            self.receipts.append((person, receipt.registration_id))

    @rule(n=st.integers(0, PEOPLE - 1), which=st.integers(0, 1), declared=st.booleans())
    def somebody_registers(self, n, which, declared):
        self.register(self.persons[n], which, declared)

    @rule(data=st.data(), verb=st.sampled_from(VERBS))
    def somebody_acts(self, data, verb):
        if self.receipts:
            person, registration_id = data.draw(st.sampled_from(self.receipts))
            with suppress(DomainError):
                self.world.does(person, verb, registration_id)

    @rule(data=st.data(), decision=st.sampled_from(DECISIONS))
    def an_officer_decides(self, data, decision):
        if self.receipts:
            _, registration_id = data.draw(st.sampled_from(self.receipts))
            verb, more = decision
            with suppress(DomainError):
                self.world.decides(registration_id, verb, **more)

    @rule(hours=st.integers(1, 24 * 40))
    def time_passes(self, hours):
        self.world.clock.pass_by(timedelta(hours=hours))
        self.world.ticks()

    @rule()
    def a_sweep_finds_nothing_left_to_do(self):
        self.world.ticks()
        with self.world.office.open() as work:
            for class_id in self.classes:
                assert fill_free_seats(work, class_id) == []

    @invariant()
    def every_invariant_holds(self):
        if hasattr(self, "world"):
            assert self.world.broken() == []

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()


@pytest.fixture
def queue_databases(databases, monkeypatch):
    monkeypatch.setattr(Queue, "databases", databases, raising=False)


RUN = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.usefixtures("queue_databases")
class TestQueue(Queue.TestCase):
    settings = RUN


def broken_by(monkeypatch, databases, target, replacement):
    """Run the machine with a guard off; return whether it was found."""
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setattr(Queue, "databases", databases, raising=False)
    monkeypatch.setattr(target, replacement)
    quick = settings(RUN, phases=("generate",), max_examples=60, print_blob=False)
    try:
        run_state_machine_as_test(Queue, settings=quick)
    except Exception:
        return True
    return False


def test_the_machine_finds_a_queue_served_from_the_back(monkeypatch, databases):
    from services.promote import _WAITING
    from services.registration.records import registration

    backwards = _WAITING.order_by(None).order_by(registration.c.rank.desc())
    assert broken_by(monkeypatch, databases, "services.promote._WAITING", backwards)


def test_the_machine_finds_a_freed_seat_nobody_is_given(monkeypatch, databases):
    assert broken_by(monkeypatch, databases, "services.cancel.fill_free_seats", lambda *_: [])


def test_the_machine_finds_a_seat_given_without_counting(monkeypatch, databases):
    assert broken_by(monkeypatch, databases, "services.registration.advance._counts", lambda _: 0)


def test_the_machine_finds_overlaps_nobody_looks_at(monkeypatch, databases):
    def blind(*_args):
        return {}

    monkeypatch.setattr("services.register.overlapping", blind)
    assert broken_by(monkeypatch, databases, "services.promote.overlapping", blind)


def test_the_machine_finds_a_deadline_shorter_than_its_window(monkeypatch, databases):
    def hasty(calendar, reached, _hours, freeze):
        return min(max(calendar, reached), freeze)

    assert broken_by(monkeypatch, databases, "services.requests.personal_deadline", hasty)


def test_the_machine_finds_a_step_that_left_no_event(monkeypatch, databases):
    from services.registration import advance

    real = advance._append

    def forgetful(work, cohort_id, moves):
        kept = [move for move in moves if move.target.value != "cancelled"]
        return real(work, cohort_id, kept) if kept else 1

    assert broken_by(monkeypatch, databases, "services.registration.advance._append", forgetful)
