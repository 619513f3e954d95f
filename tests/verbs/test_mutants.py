"""Each guard of the queue switched off is found by the machine: the property test can fail."""

from collections.abc import Mapping

import pytest
from databases import SqliteFiles
from mutants import MUTANTS
from queue_start import Starts
from walk import walk

WALKS = 60  # a mutant that no walk of so many finds is not found
FINDS: Mapping[str, int] = {}  # the walk that finds it, tried first; the others by the walk 0


@pytest.fixture(scope="module")
def starts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutants")
    return Starts(SqliteFiles(folder), folder)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_walk_finds_that(mutant, starts, monkeypatch):
    for target, guard in MUTANTS[mutant].items():
        monkeypatch.setattr(target, guard)
    first = FINDS.get(mutant, 0)
    for seed in [first, *(n for n in range(WALKS) if n != first)]:
        try:
            walk(starts, seed)
        except Exception:  # whatever notices it first
            return
    pytest.fail(f"{WALKS} walks passed although {mutant}")


def test_with_every_guard_on_the_same_walks_hold(starts):
    for seed in sorted({0, *FINDS.values()}):
        walk(starts, seed)
