"""Property test of the window lottery: any order of acts on both sides of a draw."""

from collections import Counter
from collections.abc import Mapping

import pytest
from databases import SqliteFiles
from hypothesis.stateful import run_state_machine_as_test
from lottery_machine import Lottery, lottery_starts
from machine_acts import examples
from mutants import LOTTERY
from walk import walk

EXAMPLES, EXAMPLES_BY_SERVER = 10, 3
LONG, LONG_BY_SERVER = 300, 60
WALKS = 40  # a mutant that no walk of so many finds is not found
FINDS: Mapping[str, int] = {  # the walk that finds it, tried first; the others by the walk 0
    "who comes before the draw is ranked among the drawn": 3,
    "who comes after the draw is ranked among the drawn": 1,
}
WALKED = (0, 41, 53)  # together they get to all of this, the ticks and the calls not counted
REACHED = (
    "drawn", "drawn empty", "seated at the draw", "past a lower number", "late", "late and seated",
    "enter_value", "take_back_value", "confirm_value", "register", "choose", "reorder", "cancel",
    "confirm", "decline", "claim", "stand_by", "approve", "reject", "set_cap", "override", "appeal",
    "move_class", "merge", "cancel_class",
)  # fmt: skip


def test_any_order_of_acts_around_a_draw_keeps_every_promise(databases, monkeypatch, long):
    monkeypatch.setattr(Lottery, "starts", lottery_starts(databases, monkeypatch), False)
    in_a_file = isinstance(databases, SqliteFiles)
    short, full = (EXAMPLES, LONG) if in_a_file else (EXAMPLES_BY_SERVER, LONG_BY_SERVER)
    asked = examples(full if long else short, long=long)
    run_state_machine_as_test(Lottery, settings=asked)


@pytest.mark.parametrize("mutant", LOTTERY)
def test_a_walk_finds_that(mutant, tmp_path, monkeypatch):
    starts = lottery_starts(SqliteFiles(tmp_path), monkeypatch)
    for target, guard in LOTTERY[mutant].items():
        monkeypatch.setattr(target, guard)
    first = FINDS.get(mutant, 0)
    for seed in [first, *(n for n in range(WALKS) if n != first)]:
        try:
            walk(starts, seed, Lottery)
        except AssertionError:
            return
    pytest.fail(f"{WALKS} walks passed although {mutant}")


def test_with_every_guard_on_walks_hold_and_get_to_everything(tmp_path, monkeypatch):
    starts = lottery_starts(SqliteFiles(tmp_path), monkeypatch)
    monkeypatch.setattr(Lottery, "seen", Counter())
    for seed in sorted({*WALKED, *FINDS.values()}):
        walk(starts, seed, Lottery)
    assert [each for each in REACHED if not Lottery.seen[each]] == []
