"""Property test: whatever a person reads about a registration is what would happen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import pytest
import truth_of_draws
from databases import SqliteFiles
from hypothesis.stateful import invariant, run_state_machine_as_test
from lottery_machine import Lottery, lottery_starts
from machine import Queue
from machine_acts import examples
from queue_start import Starts
from truth import CLAIMS, untrue
from walk import walk

from services.registration.explaining import _drawn
from services.words import words_for

EXAMPLES, EXAMPLES_BY_SERVER = 8, 3
LONG, LONG_BY_SERVER = 400, 60
WALKS = 30  # a mutant that no walk of so many finds is not found
WALKED = (8, 22)  # together they read every sentence about a draw
EVERY = 3  # of so many registrations one is asked about after each act, in turn


class Read:
    """A machine of the queue, read by its people after each act."""

    turn = 0
    every = EVERY
    said: ClassVar[Counter[str]] = Counter()  # how often each sentence was read

    @invariant()
    def every_invariant_holds(self):
        super().every_invariant_holds()
        self.turn += 1
        faults = [
            fault
            for id_ in getattr(self, "ids", ())
            if (id_ + self.turn) % self.every == 0
            for fault in untrue(self.world, id_, self.said)
        ]
        assert not faults, [*faults, self.facts]


class Reader(Read, Queue):
    """The machine of first come, first served, with readers."""


class LotteryReader(Read, Lottery):
    """The machine of the window lottery, with readers."""

    every = 5


def test_what_is_told_is_what_would_happen(databases, monkeypatch, long):
    monkeypatch.setattr(Reader, "starts", Starts(databases), raising=False)
    in_a_file = isinstance(databases, SqliteFiles)
    short, full = (EXAMPLES, LONG) if in_a_file else (EXAMPLES_BY_SERVER, LONG_BY_SERVER)
    asked = examples(full if long else short, long=long)
    run_state_machine_as_test(Reader, settings=asked)


def test_what_is_told_around_a_draw_is_what_would_happen(databases, monkeypatch, long):
    monkeypatch.setattr(LotteryReader, "starts", lottery_starts(databases, monkeypatch), False)
    in_a_file = isinstance(databases, SqliteFiles)
    full = LONG if in_a_file else LONG_BY_SERVER
    asked = examples(full if long else EXAMPLES_BY_SERVER, long=long)
    run_state_machine_as_test(LotteryReader, settings=asked)


def test_walks_read_every_sentence_about_a_draw(tmp_path, monkeypatch):
    starts = lottery_starts(SqliteFiles(tmp_path), monkeypatch)
    monkeypatch.setattr(LotteryReader, "said", Counter())
    for seed in WALKED:
        walk(starts, seed, LotteryReader)
    assert [each for each in truth_of_draws.CLAIMS if not LotteryReader.said[each]] == []


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


LOTTERY: Mapping[str, tuple[int, Mapping[str, object]]] = {
    "the number is told for the rank drawn": (
        0, {
            "services.registration.explaining._drawn": lambda card, draw: _drawn(
                replace(card, rank=card.number), draw
            )
        },
    ),
    "whoever came after the window is told a ticket": (
        0, {
            "services.registration.explaining._drawn": lambda card, draw: _drawn(
                card, replace(draw, ticket=draw.ticket or "222-222-222")
            )
        },
    ),
    "the draw is told for the day of the closing": (
        0, {"services.lottery.standing.value_from": lambda closes_at: closes_at},
    ),
    "a seat by the draw is held out to whom none can be given": (
        0, {"services.registration.explaining._draw_reaches": lambda card, _facts: card.in_line},
    ),
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_walk_finds_that(mutant, tmp_path, monkeypatch):
    finds(Starts(SqliteFiles(tmp_path)), Reader, mutant, *MUTANTS[mutant], monkeypatch)


@pytest.mark.parametrize("mutant", LOTTERY)
def test_a_walk_around_a_draw_finds_that(mutant, tmp_path, monkeypatch):
    starts = lottery_starts(SqliteFiles(tmp_path), monkeypatch)
    finds(starts, LotteryReader, mutant, *LOTTERY[mutant], monkeypatch)


def finds(starts, reader, mutant, seed, guards, monkeypatch):
    """Walk with these guards off until somebody reads what is not true."""
    for target, guard in guards.items():
        monkeypatch.setattr(target, guard)
    monkeypatch.setattr(reader, "every", 1)
    for n in (seed, *range(WALKS)):
        try:
            walk(starts, n, reader)
        except AssertionError as found:
            if "reads" in str(found):
                return
            raise
    pytest.fail(f"{WALKS} walks passed although {mutant}")
