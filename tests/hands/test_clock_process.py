"""The clock's process handles rows by the thousand and is not searched for garbage meanwhile."""

import gc

import pytest

from portal import clock


@pytest.fixture
def usual():
    """Search as often as Python does from the start; the tests themselves do so less often."""
    ours, usual = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*usual)
    yield usual
    gc.set_threshold(*ours)


def test_the_clock_ticks_with_few_searches_and_leaves_the_process_as_it_was(monkeypatch, usual):
    seen = []
    monkeypatch.setattr(clock, "_forever", lambda *_: seen.append(gc.get_threshold()[0]))
    clock.run_clock(None)
    assert seen[0] > 10 * usual[0]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)
