"""Property test: whatever a person reads about a registration is what would happen."""

from collections import Counter
from collections.abc import Mapping

import pytest
from databases import SqliteFiles
from hypothesis import settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from machine import Queue
from machine_acts import RUN
from queue_start import Starts
from truth import CLAIMS, untrue
from walk import walk

from services.words import words_for

EXAMPLES, EXAMPLES_BY_SERVER = 8, 3
LONG, LONG_BY_SERVER = 400, 60
WALKS = 30  # a mutant that no walk of so many finds is not found
EVERY = 3  # of so many registrations one is asked about after each act, in turn


class Reader(Queue):
    """The machine of the queue, read by its people after each act."""

    turn = 0
    every = EVERY

    @invariant()
    def every_invariant_holds(self):
        super().every_invariant_holds()
        self.turn += 1
        seen: Counter[str] = Counter()
        faults = [
            fault
            for id_ in getattr(self, "ids", ())
            if (id_ + self.turn) % self.every == 0
            for fault in untrue(self.world, id_, seen)
        ]
        assert not faults, [*faults, self.facts]


def test_what_is_told_is_what_would_happen(databases, monkeypatch, long):
    monkeypatch.setattr(Reader, "starts", Starts(databases), raising=False)
    in_a_file = isinstance(databases, SqliteFiles)
    short, full = (EXAMPLES, LONG) if in_a_file else (EXAMPLES_BY_SERVER, LONG_BY_SERVER)
    examples = settings(RUN, max_examples=full if long else short)
    run_state_machine_as_test(Reader, settings=examples)


def test_every_sentence_put_to_the_test_is_one_that_is_said():
    words = words_for("zh-Hant-TW")
    assert [sentence for sentence in CLAIMS if words(sentence) == sentence] == []


NEVER = property(lambda _facts: False)
MUTANTS: Mapping[str, tuple[int, Mapping[str, object]]] = {  # the walk that finds it is tried first
    "people of the other track are not counted when seats are sold": (
        0, {"services.registration.seats.ClassFacts.one_line": NEVER},
    ),
    "a seat held in another class of the course keeps from nothing": (
        7, {"services.registration.own_choices.out_of_question": lambda *_: None},
    ),
    "a seat held in another course keeps from nothing": (
        0, {"services.registration.why.in_the_way": lambda *_: {}},
    ),
    "whoever has left may register again": (
        0, {
            "services.registration.afresh.refusal": lambda *_: None,
            "services.registration.afresh.by_own": lambda *_: None,
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_walk_finds_that(mutant, tmp_path, monkeypatch):
    seed, guards = MUTANTS[mutant]
    for target, guard in guards.items():
        monkeypatch.setattr(target, guard)
    monkeypatch.setattr(Reader, "every", 1)
    starts = Starts(SqliteFiles(tmp_path))
    for n in (seed, *range(WALKS)):
        try:
            walk(starts, n, Reader)
        except AssertionError as found:
            if "reads" in str(found):
                return
            raise
    pytest.fail(f"{WALKS} walks passed although {mutant}")
