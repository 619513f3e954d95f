"""The clock's process handles rows by the thousand and is not searched for garbage meanwhile."""

import gc

from portal import clock


def test_the_clock_ticks_with_few_searches_and_leaves_the_process_as_it_was(monkeypatch):
    usual, seen = gc.get_threshold(), []
    monkeypatch.setattr(clock, "_forever", lambda *_: seen.append(gc.get_threshold()[0]))
    clock.run_clock(None)
    assert seen[0] > 10 * usual[0]
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)
