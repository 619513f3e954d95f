"""A history rewritten so that it is whole again: only its checkpoints tell (invariant 8)."""

import sqlite3
from datetime import timedelta

import pytest
from databases import SqliteFiles
from planting import a_town, broken, plant
from rewriting import relink, rewrite

from services.make_checkpoint import make_checkpoint


@pytest.fixture
def databases(tmp_path):
    """Plant faults in SQLite, whose checks can be switched off for a moment."""
    return SqliteFiles(tmp_path)


@pytest.fixture
def town(world):
    return a_town(world)


@pytest.fixture
def kept(town):
    """A town with three checkpoints; the first saw one cohort less."""
    make_checkpoint(town.office)
    for days in (20, 13):
        town.days_before(town.town, days)
        town.registers(town.a_person(), town.town)
        assert make_checkpoint(town.office) == 1
    assert broken(town) == {}
    return town


def test_a_rewritten_history_is_whole_without_checkpoints(town):
    """The twin: nothing else in the house sees it."""
    rewrite(town, town.a_cohort("BST"), 2, account_id=77, role="planner")
    assert broken(town) == {}


def test_a_rewritten_history_is_found_by_its_checkpoints(kept):
    key = kept.a_cohort("BST")
    rewrite(kept, key, 2, account_id=77, role="planner")
    found = broken(kept)
    assert list(found) == [8]
    assert len(found[8]) == 3  # every checkpoint of this cohort says so, none of the other
    assert all(f": cohort {key} event " in fault for fault in found[8])


def test_only_checkpoints_made_after_the_event_find_it(kept):
    key = kept.a_cohort("BST")
    with kept.office.look() as look:
        last = look.connection.exec_driver_sql(f"SELECT events FROM cohort WHERE id={key}").scalar()
    rewrite(kept, key, last, account_id=77)
    assert broken(kept) == {8: (f"checkpoint 3: cohort {key} event {last}",)}


def test_the_rewriter_makes_no_peace_by_the_next_checkpoint(kept):
    rewrite(kept, kept.a_cohort("BST"), 2, account_id=77)
    kept.clock.pass_by(timedelta(hours=1))
    assert make_checkpoint(kept.office) == 1  # what is different has moved
    assert len(broken(kept)[8]) == 3


def test_events_cut_off_the_end(kept):
    key = kept.a_cohort("BST")
    plant(kept, "DELETE FROM registration_event WHERE cohort_id = :id AND seq > 3", id=key)
    relink(kept, key)
    assert any(fault.startswith("checkpoint 3: cohort") for fault in broken(kept)[8])


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("UPDATE checkpoint SET root = 'x' WHERE number = 2", "checkpoint 2: root"),
        ("UPDATE checkpoint SET previous = 'x' WHERE number = 2", "checkpoint 2: root"),
        ("UPDATE checkpoint SET events = 1 WHERE number = 2", "checkpoint 2: root"),
        ("UPDATE checkpoint SET made_at = '2027-01-01' WHERE number = 2", "checkpoint 2: root"),
        (
            "UPDATE checkpoint SET signature = public_key WHERE number = 2",
            "checkpoint 2: signature",
        ),
        (
            "UPDATE checkpoint SET public_key = signature WHERE number = 2",
            "checkpoint 2: signature",
        ),
        ("DELETE FROM checkpoint WHERE number = 2", "checkpoint 2 is missing"),
        ("DELETE FROM checkpoint_head WHERE number = 2", "checkpoint 2: root"),
        ("UPDATE checkpoint_head SET head = 'x' WHERE number = 3", "checkpoint 3: root"),
    ],
)
def test_a_checkpoint_that_was_tampered_with(kept, fault, named):
    with sqlite3.connect(kept.office.engine.url.database) as past_every_guard:
        past_every_guard.execute(fault)
    past_every_guard.close()
    assert named in broken(kept)[8]
