"""Each guard of the queue switched off is found by the machine: the property test can fail."""

from collections.abc import Mapping

import pytest
from databases import SqliteFiles
from mutants import MUTANTS
from queue_start import Starts
from walk import walk

WALKS = 60  # a mutant that no walk of so many finds is not found
FINDS: Mapping[str, int] = {  # the walk that finds it, tried first; the others by the walk 0
    "the queue is served from the back": 1,
    "people under review are not served in their turn": 1,
    "the other track is served too": 7,
    "a cancelled seat is given to nobody": 1,
    "a refused seat is given to nobody": 4,
    "a lapsed seat is given to nobody": 1,
    "an added seat is given to nobody": 1,
    "a certain overlap is not refused": 1,
    "a conflict that ended is forgotten": 3,
    "the response window is not kept": 5,
    "the freeze caps no deadline": 1,
    "people whom nothing reached lapse": 34,
    "an early deadline lapses before its milestone": 6,
    "every claim is settled at once": 7,
    "no claim is settled before settlement": 5,
    "a late settlement is lost at the freeze": 11,
    "people are asked on the last day": 9,
    "a paper that is late costs nothing": 82,
    "a refusal takes a number each click": 26,
    "a seat leaves the lower choices open": 1,
    "a yes leaves the other choices open": 2,
    "people are moved after the call without a yes": 7,
    "a late lapsed seat is given to nobody": 63,
    "what a lost seat stood in the way of is forgotten": 7,
    "the order changes under a held seat": 7,
    "a new order is not looked at again": 34,
    "nobody stands by": 6,
    "what a cancelled class had ended stays closed": 21,
    "a standing yes counts before the call": 6,
    "nobody under review claims": 5,
    "a review decides one choice only": 3,
}


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
