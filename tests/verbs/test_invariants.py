"""Each invariant of rules.md 9: it holds in a sound world, and finds and names a planted fault."""

from datetime import date

import pytest
from databases import SqliteFiles
from planting import a_town, broken, plant
from world import PAPER_RULES

from services import promote
from services.cancel import cancel
from services.confirm import confirm
from services.invariants import SENTENCES, check_invariants
from services.registration import advance
from services.registration.lifecycle import Status
from services.registration.records import registration
from services.words import words_for


@pytest.fixture
def databases(tmp_path):
    """Plant faults in SQLite, whose checks can be switched off for a moment."""
    return SqliteFiles(tmp_path)


@pytest.fixture
def town(world):
    return a_town(world)


COPY = "INSERT INTO registration ({columns}) SELECT {values} FROM registration WHERE id = :of"


def copied(world, of, **changes):
    """Plant a second row like a registration, with a few things changed."""
    columns = [c.name for c in registration.c if c.name != "id"]
    values = [str(changes.get(name, name)) for name in columns]
    plant(
        world,
        COPY.format(columns=", ".join(columns), values=", ".join(values)),
        of=of.registration_id,
    )


def test_a_sound_world_breaks_none_and_every_one_looked_at_something(town):
    town.does(_person(town, town.first), confirm, town.first.registration_id)
    with town.office.look() as look:
        findings = check_invariants(look.connection)
    assert [finding.number for finding in findings] == list(range(1, 15))
    assert all(finding.holds for finding in findings)
    assert all(finding.looked_at > 0 for finding in findings)


def _person(world, receipt):
    return world.row(receipt.registration_id).person_id


def test_1_a_counter_that_differs_from_the_count(town):
    plant(town, "UPDATE training_class SET seats_held = 0 WHERE id = :id", id=town.town)
    assert broken(town)[1] == ("116-BST-01",)


def test_1_more_seats_than_the_cap(town):
    plant(
        town,
        "UPDATE registration SET status = 'admitted', seat = 'funded', seated_at = moved_at "
        "WHERE id = :id",
        "UPDATE training_class SET seats_held = 2 WHERE id = :town",
        id=town.second.registration_id, town=town.town,
    )  # fmt: skip
    assert broken(town)[1] == ("116-BST-01",)


def leaves(world, receipt):
    return world.does(_person(world, receipt), cancel, receipt.registration_id)


def test_2_a_queue_served_from_the_back(town, monkeypatch):
    backwards = promote._WAITING.order_by(None).order_by(registration.c.rank.desc())
    monkeypatch.setattr(promote, "_WAITING", backwards)
    assert leaves(town, town.first) == [town.third.registration_id]
    assert broken(town) == {2: (f"registration {town.second.registration_id}",)}


def test_2_a_reserved_seat_out_of_turn(world, monkeypatch):
    class_id = world.a_class(seats=1, rules=PAPER_RULES)
    first, second, third = (
        world.registers(person, class_id, declared=["letter"]) for person in world.people(3)
    )
    backwards = promote._WAITING.order_by(None).order_by(registration.c.rank.desc())
    monkeypatch.setattr(promote, "_WAITING", backwards)
    assert leaves(world, first) == [third.registration_id]
    assert broken(world) == {2: (f"registration {second.registration_id}",)}


def test_2_a_skip_excuses_while_it_stands_and_no_longer(world, monkeypatch):
    """Passed over for an overlap once; when that has ended, nobody may be seated past them."""
    town, elsewhere = world.a_class(seats=1), world.a_class(course_code="AFF")
    holder, busy, third, fourth = world.people(4)
    other = world.registers(busy, elsewhere)
    held, waits, next_one, last = world.registered(town, holder, busy, third, fourth)
    leaves(world, held)
    assert world.statuses([waits, next_one]) == ["waitlisted", "admitted"]
    assert world.broken() == []
    leaves(world, other)
    world.ticks()
    assert world.row(waits.registration_id).skip_reason is None
    monkeypatch.setattr(promote, "_WAITING", promote._WAITING.where(registration.c.number > 2))
    leaves(world, next_one)
    assert world.status(last) is Status.ADMITTED
    assert broken(world) == {2: (f"registration {waits.registration_id}",)}


def test_3_a_lower_choice_left_open_beside_a_seat(world, monkeypatch):
    world.a_plan(max_choices=3)
    first, second = world.a_class(seats=1), world.a_class(seats=1, starts_on=date(2027, 8, 2))
    holders = [world.registers(world.a_person(), class_id) for class_id in (first, second)]
    person = world.a_person()
    up, down = world.registered(first, person)[0], world.registered(second, person)[0]
    monkeypatch.setattr(advance, "_choices_left", lambda *_: [])
    leaves(world, holders[0])
    assert world.statuses([up, down]) == ["admitted", "waitlisted"]
    assert broken(world) == {
        3: (f"person {person}: {down.registration_id} beside {up.registration_id}",)
    }


@pytest.mark.parametrize("reason", ["overlap", "better_reserved", "late_call", "told_seat"])
def test_6_a_skip_that_nothing_explains(town, reason):
    key = town.second.registration_id
    plant(
        town,
        "UPDATE registration SET skip_reason = :reason WHERE id = :id",
        "INSERT INTO skip (registration_id, cohort_id, reason, code, since_seq) "
        "SELECT id, cohort_id, :reason, 'X', 1 FROM registration WHERE id = :id",
        id=key, reason=reason,
    )  # fmt: skip
    assert broken(town) == {6: (f"registration {key}: {reason}",)}


def test_6_a_skip_that_was_not_recorded(world):
    busy = world.a_person()
    world.registers(busy, world.a_class(course_code="AFF"))
    waits = world.registers(busy, world.a_class())
    plant(world, "DELETE FROM skip")
    assert broken(world) == {6: (f"registration {waits.registration_id}: skip not recorded",)}


def test_12_an_approval_that_no_review_gave(town):
    plant(town, "UPDATE review_case SET state = 'void'")
    key = town.reviewed.registration_id
    assert broken(town) == {12: (f"registration {key} approved by nobody",)}


def test_3_two_open_registrations_in_one_class(town):
    copied(town, town.second, number=4, rank=4, preference=2)
    row = town.row(town.second.registration_id)
    assert broken(town)[3] == (f"person {row.person_id} cohort {row.cohort_id}",)


def test_3_two_seats_in_one_course(town):
    other = town.a_class(seats=1, starts_on=date(2027, 8, 2))
    copied(town, town.first, class_id=other, number=1, rank=1, preference=2)
    row = town.row(town.first.registration_id)
    assert f"person {row.person_id} cohort {row.cohort_id}" in broken(town)[3]


def test_3_more_choices_than_the_plan_allows(town):
    plant(town, "UPDATE annual_plan SET max_choices = 1")
    other = town.a_class(seats=1, starts_on=date(2027, 8, 2))
    copied(town, town.second, class_id=other, number=1, rank=1, preference=2)
    assert len(broken(town)[3]) == 1


@pytest.mark.parametrize(
    "fault",
    ["UPDATE registration SET number = 7 WHERE id = :id",
     "UPDATE training_class SET numbers_given = 4 WHERE id = :town",
     "UPDATE training_class SET numbers_given = 2 WHERE id = :town"],
)  # fmt: skip
def test_4_a_hole_in_the_numbers(town, fault):
    plant(town, fault, id=town.third.registration_id, town=town.town)
    assert broken(town)[4] == ("116-BST-01",)


@pytest.mark.parametrize("salt", ["NULL", "''", "'few'"])
def test_4_a_number_without_a_receipt_code(town, salt):
    key = town.third.registration_id
    plant(town, f"UPDATE registration SET salt = {salt} WHERE id = :id", id=key)
    assert broken(town) == {4: (f"registration {key} has no salt",)}


def test_5_two_seats_on_overlapping_days(town):
    other = town.a_class(seats=1, course_code="AFF", starts_on=date(2027, 4, 16))
    cohort_id = town.a_cohort("AFF")
    copied(town, town.first, class_id=other, cohort_id=cohort_id, number=1, rank=1)
    person = _person(town, town.first)
    (fault,) = broken(town)[5]
    assert fault.startswith(f"person {person}: 116-BST-01 and 116-AFF-")


def test_6_an_idle_seat_while_somebody_waits(town):
    plant(town, "UPDATE training_class SET cap = 2 WHERE id = :id", id=town.town)
    assert broken(town) == {6: ("116-BST-01",)}


def test_6_but_nobody_is_asked_so_near_to_the_freeze(town):
    plant(town, "UPDATE training_class SET cap = 2 WHERE id = :id", id=town.town)
    town.days_before(town.town, 5)
    with town.office.look() as look:
        sixth = check_invariants(look.connection, look.now)[5]
    assert sixth.number == 6
    assert sixth.holds


def test_10_a_closed_registration_without_a_reason(town):
    plant(
        town,
        "UPDATE registration SET status = 'cancelled', reason = NULL WHERE id = :id",
        id=town.third.registration_id,
    )
    assert broken(town)[10] == ("116-BST-01",)


def test_10_somebody_who_disappeared(town):
    key = town.third.registration_id
    plant(
        town,
        "DELETE FROM notice WHERE registration_id = :id",
        "DELETE FROM registration_event WHERE registration_id = :id",
        "DELETE FROM registration WHERE id = :id",
        id=key,
    )
    found = broken(town)
    assert found[10] == ("116-BST-01",)
    assert found[4] == ("116-BST-01",)


def test_11_a_milestone_that_ran_early(town):
    plant(
        town,
        "UPDATE milestone SET reached_at = '2027-01-01 00:00:00' "
        "WHERE class_id = :id AND kind = 'confirmation_call'",
        id=town.town,
    )
    assert broken(town)[11][0] == f"class {town.town} confirmation_call"


def test_11_a_milestone_that_ran_before_an_earlier_one(town):
    plant(
        town,
        "UPDATE milestone SET reached_at = due_at WHERE class_id = :id AND kind = 'freeze'",
        id=town.town,
    )
    assert f"class {town.town} freeze" in broken(town)[11]


@pytest.mark.parametrize(
    "fault", ["qualified_at = NULL", "verdict = 'review'", "verdict = 'ineligible'"]
)
def test_12_somebody_seated_before_the_screening_had_passed(town, fault):
    key = town.first.registration_id
    plant(town, f"UPDATE registration SET {fault} WHERE id = :id", id=key)
    assert broken(town)[12] == (f"registration {key}",)


def test_12_a_seat_that_the_chain_gives_before_any_verdict(town):
    key = town.first.registration_id
    plant(
        town,
        "UPDATE registration_event SET target = 'in_review' "
        "WHERE registration_id = :id AND source IS NULL",
        id=key,
    )
    assert broken(town)[12] == (f"registration {key}",)


def test_13_a_deadline_shorter_than_its_window(town):
    asked = town.request_of(town.first.registration_id)
    assert asked.reached_at is not None
    plant(
        town,
        "UPDATE request SET deadline = reached_at, calendar_deadline = reached_at WHERE id = :id",
        id=asked.id,
    )
    assert broken(town) == {13: (f"request {asked.id}",)}


def test_13_a_deadline_before_the_calendar_tells(town):
    asked = town.request_of(town.first.registration_id)
    plant(
        town,
        "UPDATE request SET calendar_deadline = '2027-04-01 00:00:00' WHERE id = :id",
        id=asked.id,
    )
    assert broken(town) == {13: (f"request {asked.id}",)}


def test_14_a_review_decided_by_another_institution(town):
    town.an_institution("NKUST")
    plant(
        town,
        "INSERT INTO account (id, role, institution, login_index, password_hash, name, created_at)"
        " VALUES (9, 'institution', 'NKUST', 'x', 'x', 'x', '2027-01-01 00:00:00')",
        "UPDATE review_case SET decided_by = 9",
    )
    assert broken(town) == {14: ("case 1",)}


def test_14_a_review_of_another_institutions_class(town):
    town.an_institution("NKUST")
    plant(town, "UPDATE review_case SET institution = 'NKUST'")
    assert broken(town) == {14: ("case 1",)}


def test_only_the_first_faults_are_named(town):
    big = town.a_class(seats=40, course_code="AFF", starts_on=date(2027, 11, 1))
    town.registered(big, *town.people(25))
    plant(town, "UPDATE registration SET verdict = 'review'")
    assert len(broken(town)[12]) == 20


@pytest.mark.parametrize("number", SENTENCES)
def test_every_invariant_is_said_in_chinese_too(number):
    assert words_for("zh-Hant-TW")(SENTENCES[number]) != SENTENCES[number]
