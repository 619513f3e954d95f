"""The window lottery: committed before, closed, revealed, drawn; the rank decides, nobody can."""

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from lottery_town import CLOSES, FIRST_DAY, OPENS, SPAN, YEAR, a_lottery_town
from sqlalchemy import select, text, update

from services.cancel import cancel
from services.catalogue.records import annual_plan, plan_window
from services.classes import create_class, publish_class
from services.commissions import PlanPublished, set_commission, set_windows
from services.commit_draw import ClosesTooLate, NoSource, OpensTooSoon
from services.kernel.clock import taipei
from services.kernel.errors import InvalidInput
from services.lottery.records import draw
from services.merge_classes import DrawAhead, merge_classes
from services.ordering import set_ordering
from services.plan import edit_plan, make_plan
from services.registration.lifecycle import Status
from services.registration.records import registration
from services.sweep import sweep


@pytest.fixture
def town(world):
    return a_lottery_town(world)


# -- the plan ------------------------------------------------------------------------------------


def test_publishing_commits_to_a_secret_seed_before_the_window_opens(town):
    [class_id] = town.has_classes()
    town.publishes()
    row = town.draw_of(class_id)
    assert (row.state, row.seed, row.tickets) == ("committed", None, None)
    assert row.committed_at < OPENS
    assert len(row.commitment) == 64


def test_every_course_and_window_has_a_seed_of_its_own(world):
    town = a_lottery_town(world, ("BST", "ECDIS"))
    town.publishes()
    with world.office.look() as look:
        rows = look.all(select(draw))
    assert len(rows) == len({row.commitment for row in rows}) == 2


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (update(annual_plan).values(draw_source_en=None), NoSource),
        (update(plan_window).values(closes_at=None), ClosesTooLate),
        (update(plan_window).values(opens_at=taipei(date(2027, 10, 1), 9)), OpensTooSoon),
    ],
)
def test_a_lottery_that_could_not_keep_its_promises_is_not_published(town, fault, refusal):
    with town.world.office.open() as work:
        work.run(fault)
    with pytest.raises(refusal):
        town.publishes()


def test_a_window_that_closes_within_a_week_of_the_first_call_is_refused(town):
    call = taipei(date(2028, 3, 1) - timedelta(days=28), 9)
    latest = call - timedelta(days=7)
    with town.world.office.open(town.planners[0]) as work:
        set_windows(work, YEAR, [replace(SPAN, closes_at=latest)])
        for wrong in (latest + timedelta(minutes=1), OPENS, None):
            with pytest.raises(InvalidInput) as refused:
                set_windows(work, YEAR, [replace(SPAN, closes_at=wrong)])
            assert list(refused.value.problems) == ["closes_0"]


def test_an_earlier_call_set_after_the_window_is_noticed_at_publishing(town):
    with town.world.office.open(town.planners[0]) as work:
        edit_plan(work, YEAR, version=2, confirm_days=75)
    with pytest.raises(ClosesTooLate):
        town.publishes()


def test_the_policy_of_a_published_plan_stands(town):
    town.publishes()
    with pytest.raises(PlanPublished), town.world.office.open(town.planners[0]) as work:
        set_ordering(work, YEAR, version=3, policy="first_come")


def test_a_lottery_names_its_public_value_in_advance(town):
    with pytest.raises(InvalidInput) as refused, town.world.office.open(town.planners[0]) as work:
        set_ordering(work, YEAR, version=2, policy="window_lottery", source_zh="今彩539")
    assert list(refused.value.problems) == ["source_en"]


def test_back_to_first_come_the_windows_no_longer_close_and_numbers_decide(town):
    with town.world.office.open(town.planners[0]) as work:
        set_ordering(work, YEAR, version=2, policy="first_come")
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    assert town.draw_of(class_id) is None
    receipt = town.world.registers(town.world.a_person(), class_id)
    assert (receipt.status, receipt.rank) == (Status.ADMITTED, 1)


def test_next_years_plan_takes_the_policy_and_the_closing_over(town):
    with town.world.office.open(town.planners[0]) as work:
        make_plan(work, year=YEAR + 1, copy_from=YEAR)
        windows = work.all(select(plan_window).where(plan_window.c.year == YEAR + 1))
        policy = work.scalar(
            select(annual_plan.c.ordering_policy).where(annual_plan.c.year == YEAR + 1)
        )
    assert policy == "window_lottery"
    assert [w.closes_at for w in windows] == [taipei(date(2028, 12, 15), 17)]


def test_a_course_added_while_the_window_is_open_waits_for_its_closing(town, world):
    """No draw was committed to in time: no third way into the queue."""
    town.publishes()
    town.opens()
    world.clock.pass_by(timedelta(days=1))
    with world.office.open(town.planners[0]) as work:
        work.connection.execute(
            text("INSERT INTO course SELECT 'NEW', name_zh, name_en, stcw_ref, category,"
                 " statutory_item, audience, hours, days, class_size, validity_years,"
                 " refresher_of, rules, auto_screenable, assumption FROM course")
        )  # fmt: skip
        caps = {"classes_cap": 5, "seats_cap": 50}
        set_commission(work, year=YEAR, course="NEW", institution="NTOU", **caps)
        late = create_class(
            work, year=YEAR, course="NEW", institution="NTOU",
            starts_on=FIRST_DAY, ends_on=FIRST_DAY, cap=1,
        )  # fmt: skip
    with pytest.raises(InvalidInput), world.office.open(town.planners[0]) as work:
        publish_class(work, late)
    town.closes()
    with world.office.open(town.planners[0]) as work:
        publish_class(work, late)
    assert world.registers(world.a_person(), late).status is Status.ADMITTED
    assert world.broken() == []


# -- the window ----------------------------------------------------------------------------------


def test_in_the_window_everybody_gets_a_number_and_nobody_a_seat(town, world):
    [class_id] = town.has_classes(seats=2)
    town.publishes()
    town.opens()
    receipts = world.registered(class_id, *world.people(3))
    world.ticks()
    assert [receipt.number for receipt in receipts] == [1, 2, 3]
    assert world.statuses(receipts) == ["waitlisted"] * 3
    assert world.broken() == []


def test_a_person_has_one_ticket_for_all_classes_of_the_course(town, world):
    one, two = town.has_classes(2)
    town.publishes()
    town.opens()
    person = world.a_person()
    first = world.registers(person, one)
    world.does(person, cancel, first.registration_id)
    second = world.registers(person, two)
    assert town.ticket(first.registration_id) == town.ticket(second.registration_id)
    town.draws()
    assert town.ranks([first, second]) == [1, 1]
    assert world.broken() == []


def test_who_cancels_and_registers_again_in_the_window_keeps_the_ticket(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    person = world.a_person()
    first = world.registers(person, class_id)
    world.does(person, cancel, first.registration_id)
    again = world.registers(person, class_id)
    assert again.number == 2
    assert town.ticket(again.registration_id) == town.ticket(first.registration_id)


def test_the_closing_freezes_the_list_and_reveals_the_seed_committed_to(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.opens()
    world.registered(class_id, *world.people(3))
    world.clock.go_to(CLOSES - timedelta(seconds=1))
    world.ticks()
    assert town.draw_of(class_id).state == "committed"
    town.closes()
    row = town.draw_of(class_id)
    assert (row.state, row.tickets) == ("revealed", 3)
    assert sha256(row.seed.encode()).hexdigest() == row.commitment
    late = world.registers(world.a_person(), class_id)
    assert town.ticket(late.registration_id) is None
    assert town.draw_of(class_id).tickets == 3
    assert world.broken() == []


def test_a_late_clock_lets_nobody_into_a_closed_window(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    world.clock.go_to(CLOSES)
    late = world.registers(world.a_person(), class_id)
    assert town.ticket(late.registration_id) is None


def test_a_draw_nobody_took_part_in_is_over_at_the_closing(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    town.closes()
    assert town.draw_of(class_id).state == "drawn"
    receipt = world.registers(world.a_person(), class_id)
    assert (receipt.status, receipt.rank) == (Status.ADMITTED, 1)
    assert world.broken() == []


def test_who_came_too_late_for_a_draw_without_tickets_is_seated_when_it_is_over(town, world):
    [class_id] = town.has_classes()
    town.publishes()
    world.clock.go_to(CLOSES)
    early, later = world.registered(class_id, *world.people(2))  # the clock has not noticed yet
    assert world.statuses([early, later]) == ["waitlisted", "waitlisted"]
    town.closes()
    assert world.statuses([early, later]) == ["admitted", "waitlisted"]
    assert town.ranks([early, later]) == [1, 2]
    assert world.broken() == []


def test_a_changed_seed_is_refused_and_nothing_is_drawn_with_it(town, world, office, caplog):
    [class_id] = town.has_classes()
    town.publishes()
    row = town.draw_of(class_id)
    other = office.vault.seal("f" * 64, f"draw:{row.cohort_id}:{row.window_id}")
    with office.open() as work:
        work.run(update(draw).values(sealed_seed=other))
    world.clock.go_to(CLOSES)
    assert sweep(office)["failed"] == 1
    assert town.draw_of(class_id).state == "committed"
    assert "SeedChanged" in caplog.text
    assert "f" * 64 not in caplog.text


def test_a_seed_sealed_for_another_draw_does_not_open(world):
    town = a_lottery_town(world, ("BST", "ECDIS"))
    town.publishes()
    with world.office.open() as work:
        first, second = work.all(select(draw).order_by(draw.c.id))
        for row, other in ((first, second), (second, first)):
            work.run(
                update(draw).where(draw.c.id == row.id).values(
                    sealed_seed=other.sealed_seed, commitment=other.commitment
                )
            )  # fmt: skip
    world.clock.go_to(CLOSES)
    assert sweep(world.office)["failed"] == 2


def test_classes_are_merged_only_after_the_draw_and_who_comes_ranks_behind_it(town, world):
    one, two = town.has_classes(2, seats=2)
    town.publishes()
    town.opens()
    coming = world.registers(world.a_person(), one)
    world.registered(two, world.a_person())
    with pytest.raises(DrawAhead), world.office.open(world.officer()) as work:
        merge_classes(work, one, into=two)
    town.draws()
    with world.office.open(world.officer()) as work:
        merge_classes(work, one, into=two)
        person = world.row(coming.registration_id).person_id
        there = work.one_or_none(
            select(registration.c.rank, registration.c.status).where(
                registration.c.class_id == two, registration.c.person_id == person
            )
        )
    assert tuple(there) == (4, "admitted")  # two tickets, number 2
    assert world.broken() == []
