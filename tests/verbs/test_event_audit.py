"""What events and notices must tell (invariants 7, 8, 9): a planted fault is found and named."""

import pytest
from databases import SqliteFiles
from planting import a_town, broken, plant


@pytest.fixture
def databases(tmp_path):
    """Plant faults in SQLite, whose checks can be switched off for a moment."""
    return SqliteFiles(tmp_path)


@pytest.fixture
def town(world):
    return a_town(world)


def test_7_a_state_that_no_event_explains(town):
    key = town.second.registration_id
    plant(town, "UPDATE registration SET status = 'offered' WHERE id = :id", id=key)
    assert broken(town)[7] == (f"registration {key}",)


def test_7_a_registration_without_events(town):
    key = town.third.registration_id
    plant(town, "DELETE FROM registration_event WHERE registration_id = :id", id=key)
    found = broken(town)
    assert f"registration {key}" in found[7]
    assert 8 in found


@pytest.mark.parametrize(
    "fault",
    ["UPDATE registration_event SET target = 'admitted' WHERE registration_id = :id",
     "UPDATE registration_event SET at = '2026-01-01 00:00:00' WHERE registration_id = :id",
     "UPDATE registration_event SET hash = 'x' WHERE registration_id = :id",
     "DELETE FROM registration_event WHERE registration_id = :id"],
)  # fmt: skip
def test_8_an_event_changed_or_taken_out(town, fault):
    plant(town, fault, id=town.second.registration_id)
    assert broken(town)[8]


@pytest.mark.parametrize(
    "fault", ["UPDATE cohort SET head = 'x' WHERE id = :id",
              "UPDATE cohort SET events = events + 1 WHERE id = :id"]
)  # fmt: skip
def test_8_a_head_that_is_not_the_last_event(town, fault):
    key = town.a_cohort("BST")
    plant(town, fault, id=key)
    assert broken(town) == {8: (f"cohort {key}: head",)}


def test_9_a_notice_that_was_never_written(town):
    key = town.first.registration_id
    plant(town, "DELETE FROM notice WHERE registration_id = :id AND kind = 'receipt'", id=key)
    assert broken(town)[9][0].startswith(f"registration {key} event")


def test_9_a_notice_nobody_owed(town):
    key = town.first.registration_id
    plant(
        town,
        "UPDATE notice SET key = :key WHERE registration_id = :id AND kind = 'receipt'",
        id=key, key=f"{key}:receipt:999",
    )  # fmt: skip
    assert f"notice {key}:receipt:999" in broken(town)[9]


def test_9_somebody_who_was_never_asked(town):
    key = town.first.registration_id
    plant(
        town,
        "DELETE FROM request WHERE registration_id = :id",
        "UPDATE notice SET asks = 0 WHERE registration_id = :id",
        id=key,
    )
    assert broken(town) == {9: (f"registration {key} was never asked to confirm",)}
