"""The draw: ranks by the public order, seats by rank, and every tampering found."""

import json
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from lottery_town import FIRST_DAY, VALUE, YEAR, a_lottery_town
from sqlalchemy import select, text, update
from world import PAPER_RULES

from services.cancel import cancel
from services.catalogue.records import annual_plan, training_class
from services.lottery import check_draw
from services.lottery.check_draw import order
from services.lottery.records import draw_event, draw_ticket
from services.registration.lifecycle import Seat, Status
from services.review import approve, reject
from services.sweep import sweep


@pytest.fixture
def town(world):
    return a_lottery_town(world)


def drawn_order(town, class_id):
    """Recompute the order of a class's draw from what is public, without the portal's code."""
    row = town.draw_of(class_id)
    with town.world.office.look() as look:
        codes = look.connection.scalars(
            select(draw_ticket.c.code).where(draw_ticket.c.draw_id == row.id)
        ).all()
    return sorted(
        codes, key=lambda code: sha256(f"{row.seed}|{row.value}|{code}".encode()).digest()
    )


def test_the_draw_gives_ranks_by_the_public_order_and_seats_by_rank(town, world):
    [class_id] = town.has_classes(seats=3)
    town.publishes()
    town.opens()
    receipts = world.registered(class_id, *world.people(8))
    town.draws()
    ranked = drawn_order(town, class_id)
    tickets = [town.ticket(receipt.registration_id) for receipt in receipts]
    assert town.ranks(receipts) == [ranked.index(ticket.code) + 1 for ticket in tickets]
    assert [ticket.rank for ticket in tickets] == town.ranks(receipts)
    seated = [world.status(receipt) is Status.ADMITTED for receipt in receipts]
    assert seated == [rank <= 3 for rank in town.ranks(receipts)]
    assert [world.row(r.registration_id).number for r in receipts] == list(range(1, 9))
    assert world.broken() == []


def test_one_rank_serves_all_choices_of_a_person_and_seats_go_to_the_fixpoint(town, world):
    one, two = town.has_classes(2)
    with world.office.open() as work:
        work.run(update(annual_plan).where(annual_plan.c.year == YEAR).values(max_choices=2))
    town.publishes()
    town.opens()
    people = world.people(4)
    chosen = [(world.registers(p, one), world.registers(p, two)) for p in people]
    town.draws()
    for first, second in chosen:
        assert town.ticket(first.registration_id) == town.ticket(second.registration_id)
        assert town.ranks([first]) == town.ranks([second])
    by_rank = sorted(chosen, key=lambda pair: town.ranks(pair)[0])
    assert [world.statuses(pair) for pair in by_rank] == [
        ["admitted", "cancelled"],  # the best rank has the better choice, the other falls
        ["waitlisted", "admitted"],  # the next has the second class and waits for the better one
        ["waitlisted", "waitlisted"],
        ["waitlisted", "waitlisted"],
    ]
    assert world.broken() == []


def test_late_numbers_follow_the_drawn_ones_whenever_they_came(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    world.registered(class_id, *world.people(4))
    town.closes()
    between = world.registers(world.a_person(), class_id)
    town.reads_the_value()
    world.ticks()
    after = world.registers(world.a_person(), class_id)
    assert town.ranks([between, after]) == [9, 10]  # four tickets, numbers 5 and 6
    assert after.rank == 10
    assert world.broken() == []


def test_whoever_registers_again_after_the_window_goes_to_the_end(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    people = world.people(3)
    receipts = world.registered(class_id, *people)
    town.draws()
    best = min(range(3), key=lambda i: town.ranks(receipts)[i])
    world.does(people[best], cancel, receipts[best].registration_id)
    again = world.registers(people[best], class_id)
    assert town.ranks([again]) == [7]  # three tickets, number 4
    assert sorted(world.statuses([*receipts, again])) == [
        "admitted", "cancelled", "waitlisted", "waitlisted",
    ]  # fmt: skip
    assert world.broken() == []


def test_people_under_review_are_drawn_too_and_get_a_reserved_seat(world):
    town = a_lottery_town(world)
    with world.office.open() as work:
        work.connection.execute(
            text("UPDATE cohort SET rules = :rules"), {"rules": json.dumps(PAPER_RULES)}
        )
    [class_id] = town.has_classes(seats=1)
    town.publishes()
    town.opens()
    people = world.people(2)
    receipts = [world.registers(p, class_id, declared=["letter"]) for p in people]
    assert world.statuses(receipts) == ["in_review", "in_review"]
    town.draws()
    first, second = sorted(receipts, key=lambda r: world.row(r.registration_id).rank)
    assert world.row(first.registration_id).seat == Seat.RESERVED.value
    assert world.row(second.registration_id).seat == Seat.NONE.value
    world.decides(second.registration_id, approve)
    world.decides(first.registration_id, reject, reason="not_entitled")
    assert world.status(second) is Status.ADMITTED
    assert world.broken() == []


def test_a_second_draw_changes_nothing(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    receipts = world.registered(class_id, *world.people(3))
    town.draws()
    before = town.ranks(receipts)
    assert "drawn" not in +sweep(world.office)
    assert town.ranks(receipts) == before


def test_no_call_is_made_before_the_draw_and_the_freeze_ends_what_was_never_drawn(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    receipt = world.registers(world.a_person(), class_id)
    town.closes()
    world.days_before(class_id, 20)
    world.ticks()
    with world.office.look() as look:
        reached = look.scalar(text("SELECT COUNT(*) FROM milestone WHERE reached_at IS NOT NULL"))
    assert (reached, world.status(receipt)) == (0, Status.WAITLISTED)
    world.days_before(class_id, 5)
    world.ticks()
    assert world.status(receipt) is Status.CANCELLED
    assert world.broken() == []


def test_a_draw_after_the_call_was_due_asks_with_the_full_time_to_answer(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    receipt = world.registers(world.a_person(), class_id)
    town.closes()
    world.days_before(class_id, 20)
    town.reads_the_value()
    world.ticks()
    asked = world.request_of(receipt.registration_id)
    assert asked.deadline >= asked.reached_at + timedelta(hours=72)
    assert world.broken() == []


def test_both_draws_of_two_courses_use_the_one_value_of_the_window(world):
    town = a_lottery_town(world, ("BST", "ECDIS"))
    [bst], [ecdis] = town.has_classes(), town.has_classes(course_code="ECDIS")
    town.publishes()
    town.opens()
    people = world.people(6)
    world.registered(bst, *people)
    with world.office.open() as work:
        moved = {"starts_on": FIRST_DAY + timedelta(21), "ends_on": FIRST_DAY + timedelta(25)}
        work.run(update(training_class).where(training_class.c.id == ecdis).values(**moved))
    world.registered(ecdis, *people)
    town.draws()
    one, two = town.draw_of(bst), town.draw_of(ecdis)
    assert one.value == two.value == VALUE
    assert one.seed != two.seed


# -- anyone can check ----------------------------------------------------------------------------


def faults(world):
    return {line.split(":")[0]: line for line in world.broken()}


@pytest.mark.parametrize(
    ("statement", "number", "named"),
    [
        ("UPDATE registration SET rank = 99 WHERE number = 1", "2", "registration"),
        ("UPDATE draw_ticket SET rank = rank + 10", "2", "ticket"),
        (
            "UPDATE draw_ticket SET person_id = (SELECT MAX(id) FROM person) WHERE rank = 2",
            "2",
            "registration",
        ),
        ("UPDATE draw SET value = '1 2 3'", "8", "not what its log says"),
        ("UPDATE draw SET commitment = '0'", "8", "not what its log says"),
        ("DELETE FROM draw_event WHERE seq = 3", "8", "not what its log says"),
        ("UPDATE draw_event SET facts = '{}' WHERE seq = 2", "8", "log"),
        ("UPDATE draw_ticket SET code = 'AAA-AAA-AAA' WHERE rank = 1", "8", "not what"),
    ],
)
def test_a_draw_tampered_with_is_found_and_named(town, world, statement, number, named):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    world.registered(class_id, *world.people(2))
    world.a_person()
    town.draws()
    assert world.broken() == []
    with world.office.open() as work:
        assert work.connection.execute(text(statement)).rowcount
    assert named in faults(world)[number]


def test_a_rank_that_is_not_the_number_is_found_under_first_come_too(world):
    class_id = world.a_class()
    world.registered(class_id, *world.people(2))
    with world.office.open() as work:
        work.connection.execute(text("UPDATE registration SET rank = 9 WHERE number = 2"))
    assert "registration 2: rank" in faults(world)["2"]


def test_the_log_stands_on_the_chain_of_its_cohort(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    world.registered(class_id, *world.people(2))
    town.draws()
    with world.office.look() as look:
        entries = look.all(select(draw_event).order_by(draw_event.c.seq))
    assert [entry.event for entry in entries] == ["committed", "closed", "drawn"]
    assert [entry.facts["cohort_events"] for entry in entries] == [0, 2, 2]


# -- is it fair? ---------------------------------------------------------------------------------


def test_every_ticket_is_equally_often_at_every_rank():
    """Chi-square of 6 tickets over 6,000 draws with fixed seeds: it cannot flake."""
    tickets, draws = [f"T{n}" for n in range(6)], 6_000
    counts = {(ticket, rank): 0 for ticket in tickets for rank in range(6)}
    for n in range(draws):
        for rank, ticket in enumerate(order(sha256(b"%d" % n).hexdigest(), VALUE, tickets)):
            counts[ticket, rank] += 1
    expected = draws / 6
    chi = sum((count - expected) ** 2 / expected for count in counts.values())
    assert chi < 44.3  # 25 degrees of freedom, 1 in 100
    biased = [sorted(tickets)] * draws  # the twin: an order that looks at the tickets is found
    first = sum(row[0] == "T0" for row in biased)
    assert (first - expected) ** 2 / expected > 44.3


def test_the_order_does_not_depend_on_when_somebody_registered():
    """Rank and order of registration do not correlate over 500 draws of 20 people."""
    n, total = 20, 0.0
    for seed in range(500):
        codes = [sha256(b"%d-%d" % (seed, i)).hexdigest()[:9] for i in range(n)]
        ranked = order(str(seed), VALUE, codes)
        assert ranked == order(str(seed), VALUE, codes[::-1])
        squares = sum((ranked.index(code) - i) ** 2 for i, code in enumerate(codes))
        total += 1 - 6 * squares / (n * (n * n - 1))
    assert abs(total / 500) < 3 / (500 * (n - 1)) ** 0.5


def test_the_script_stands_alone(tmp_path):
    """Without the portal's code or any package: isolated Python in an empty folder."""
    (tmp_path / "check_draw.py").write_bytes(Path(check_draw.__file__).read_bytes())
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check_draw.py"], cwd=tmp_path, text=True,
        input=json.dumps({"state": "committed"}), capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "This draw has not been made yet.\n")
