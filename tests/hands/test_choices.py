"""Several classes of a course: chosen in order, sent in one go, told about and put in order."""

from datetime import date

import pytest
from deployed import Site, press_body
from reader import Reader, as_text
from sqlalchemy import func, select

from callbacks.apply import details, pick, send, step_done
from callbacks.progress import move, stand_by, stand_down
from pages import apply, class_page, my_registrations, progress
from pages.components.choosing import PICK
from pages.components.my_choices import ORDER
from services.cancel import cancel
from services.confirm import confirm
from services.drafts import draft_of
from services.register import register
from services.registration.lookup import progress as card_of
from services.registration.records import registration

GOOD = {"email": "a@example.com", "mobile": "0912345678", "region": "north", "locale": "en"}
DAYS = (date(2027, 5, 3), date(2027, 6, 7), date(2027, 7, 5), date(2027, 9, 6))


@pytest.fixture
def reader(world):
    world.a_plan(max_choices=3)
    return Reader(world, world.a_person())


def classes(world, n, *, full=0):
    """Enter n classes of a course; the first `full` have no seat left."""
    made = [world.a_class(seats=1, starts_on=day) for day in DAYS[:n]]
    for class_id in made[:full]:
        world.registers(world.a_person(), class_id)
    return made


def chosen(reader, class_id):
    with reader.office.look(reader.actor()) as look:
        return list(draft_of(look, class_id).classes)


def filled(reader, first, *others):
    """Choose classes in this order and go through the first three steps."""
    for other in others:
        pick(reader, first, "add", other)
    step_done(reader, first, 1)
    details(reader, first, GOOD)
    step_done(reader, first, 3)


def sent(reader, *class_ids):
    """Register for several classes; give the registrations by preference."""
    filled(reader, *class_ids)
    _, go = send(reader, class_ids[0])
    assert go, "refused"
    return own(reader)


def own(reader):
    with reader.office.look() as look:
        mine = registration.c.person_id == reader.person_id
        rows = look.all(select(registration.c.id).where(mine).order_by(registration.c.preference))
    return [row.id for row in rows]


def step(reader, class_id, number):
    return reader.sees(apply.layout, class_id=str(class_id), step=str(number))


def page(reader, registration_id):
    return reader.sees(progress.layout, registration_id=str(registration_id))


def test_choices_are_added_ordered_and_taken_out(world, reader):
    a, b, c = classes(world, 3)
    assert pick(reader, a, "add", b)[1] == f"/apply/{a}/1?moved={b}-2"
    pick(reader, a, "add", c)
    assert pick(reader, a, "up", c)[1] == f"/apply/{a}/1?moved={c}-2"
    assert chosen(reader, a) == [a, c, b]
    pick(reader, a, "down", a)
    assert chosen(reader, a) == [c, a, b]
    assert pick(reader, a, "drop", a)[1] == f"/apply/{c}/1?moved={a}-0"
    assert chosen(reader, c) == [c, b]


def test_no_more_choices_than_the_plan_allows(world, reader):
    a, b, c, d = classes(world, 4)
    for other in (b, c):
        pick(reader, a, "add", other)
    problem, _ = pick(reader, a, "add", d)
    assert "at most 3 classes" in as_text(problem)
    assert chosen(reader, a) == [a, b, c]
    assert "as many classes as the plan allows" in step(reader, a, 1)


@pytest.mark.parametrize("odd", [None, "7", 0, 4711, True, {"a": 1}])
def test_a_forged_choice_is_not_found_and_nothing_is_kept(world, reader, odd):
    a, b = classes(world, 2)
    pick(reader, a, "add", b)
    problem, _ = pick(reader, a, "add", odd)
    assert "could not find" in as_text(problem)
    assert chosen(reader, a) == [a, b]


def test_the_last_choice_cannot_be_taken_out(world, reader):
    (a,) = classes(world, 1)
    pick(reader, a, "drop", a)
    assert chosen(reader, a) == [a]


def test_a_draft_is_found_from_every_class_of_the_course_and_keeps_what_was_typed(world, reader):
    a, b = classes(world, 2)
    filled(reader, a)
    assert GOOD["email"] in step(reader, b, 2)
    assert "Choice 2" in step(reader, b, 1)
    with reader.office.look(reader.actor()) as look:
        assert draft_of(look, b).done == 2  # its first day has not been judged yet


def test_where_one_choice_is_all_nothing_is_said_of_choices(world):
    reader = Reader(world, world.a_person())
    a, b = classes(world, 2)
    text = step(reader, a, 1)
    assert "The class you chose" in text
    assert "Choice" not in text
    filled(reader, a)
    step_done(reader, b, 1)
    assert chosen(reader, b) == [b]


def test_all_choices_are_judged_and_sent_together_and_their_numbers_shown(world, reader):
    a, b, c = classes(world, 3, full=3)
    filled(reader, a, b, c)
    assert "You would get numbers in 3 queues" in step(reader, a, 3)
    assert "Send 3 registrations" in step(reader, a, 4)
    _, go = send(reader, a)
    assert go.endswith("?told=registered_several")
    text = page(reader, own(reader)[0])
    assert "Your choices for this course" in text
    assert text.count('"rank 2"') == 3


def test_after_a_choice_with_a_seat_the_rest_is_not_sent(world, reader):
    a, b, c = classes(world, 3, full=1)
    filled(reader, a, b, c)
    text = step(reader, a, 4)
    assert "Choice 2 would give you a seat now" in text
    assert "Send 2 registrations" in text
    assert "in the queue of each class" in text
    _, go = send(reader, a)
    first, second = own(reader)
    assert go == f"/registrations/{second}?told=registered_seat"
    assert world.status(first).value == "waitlisted"
    assert world.status(second).value == "admitted"


def test_where_the_first_choice_gives_the_seat_one_number_is_promised(world, reader):
    a, b = classes(world, 2)
    filled(reader, a, b)
    text = step(reader, a, 4)
    assert "in the queue of this class" in text
    assert "in the queue of each class" not in text


def test_a_choice_that_is_refused_stops_all_of_them(world, reader):
    a, b = classes(world, 2, full=2)
    filled(reader, b, a)
    world.days_before(a, 1)
    problem, _ = send(reader, b)
    assert "no longer takes registrations" in as_text(problem)
    assert own(reader) == []
    assert chosen(reader, b) == [b, a]


def test_a_rule_that_only_one_choice_fails_says_which(world):
    world.a_plan(max_choices=3)
    medical = {"issued_on": "2025-06-20", "expires_on": "2027-06-20"}
    reader = Reader(world, world.a_person(medical=medical))
    a, b, c = classes(world, 3, full=3)
    filled(reader, a, b, c)
    text = step(reader, a, 3)
    assert '"Choice 3"' in text
    assert '"Choice 1 and 2"' in text
    assert "Not eligible" in text


def test_a_class_may_be_added_later_while_no_seat_is_held(world, reader):
    a, b, _ = classes(world, 3, full=2)
    (mine,) = sent(reader, a)
    text = reader.sees(class_page.layout, class_id=str(b))
    assert "Add as choice 2" in text
    assert "You are registered already" in step(reader, b, 1)
    _, added = sent(reader, b)
    assert world.row(added).preference == 2
    assert world.row(mine).preference == 1


def test_no_lower_choice_while_a_seat_is_held_and_the_page_says_why(world, reader):
    a, b = classes(world, 2)
    sent(reader, a)
    text = reader.sees(class_page.layout, class_id=str(b))
    assert "so no further choice can be added" in text
    assert "Add as choice" not in text
    first = step(reader, b, 1)
    assert "so a further choice would not count" in first
    assert apply.Ids.CHOOSE not in first


def test_no_further_choice_after_a_yes_and_the_page_says_why(world, reader):
    a, b = classes(world, 2)
    (mine,) = sent(reader, a)
    world.days_before(a, 28)
    world.ticks()
    world.does(reader.person_id, confirm, mine)
    assert "You have confirmed class" in reader.sees(class_page.layout, class_id=str(b))
    filled(reader, b)
    problem, _ = send(reader, b)
    assert "no further choice can be added" in as_text(problem)


def test_the_order_may_be_changed_until_a_seat_is_held(world, reader):
    a, b = classes(world, 2, full=2)
    first, second = sent(reader, a, b)
    problem, go = move(reader, first, "up", second)
    assert problem is None
    assert go == f"/registrations/{first}?told=reordered&order={second}-{first}"
    assert own(reader) == [second, first]
    (other,) = (each for each in holders(world, b))
    world.does(other.person_id, cancel, other.id)
    assert world.status(second).value == "admitted"
    problem, _ = move(reader, first, "up", first)
    assert "the order of your choices stands" in as_text(problem)


def holders(world, class_id):
    with world.office.look() as look:
        held = registration.c.class_id == class_id, registration.c.seat != "none"
        return look.all(select(registration).where(*held))


def test_nobody_orders_the_choices_of_another(world, reader):
    a, b = classes(world, 2, full=2)
    first, second = sent(reader, a, b)
    problem, _ = move(Reader(world, world.a_person()), first, "up", second)
    assert "could not find" in as_text(problem)
    assert own(reader) == [first, second]


def test_moving_up_is_told_on_both_pages(world, reader):
    a, b = classes(world, 2, full=1)
    first, second = sent(reader, a, b)
    text = page(reader, first)
    assert "If it comes up, you move here and the seat in" in text
    assert "unless a better choice comes up" in text
    (holder,) = holders(world, a)
    world.does(holder.person_id, cancel, holder.id)
    assert world.status(second).value == "cancelled"
    text = page(reader, second)
    assert "This choice ended: a better choice got you a seat" in text
    assert "waits again with its old number" in text
    assert "A better choice got you a seat." in page(reader, first)


def test_a_yes_ends_the_other_choices_and_says_so_before(world, reader):
    may, june = classes(world, 2)
    world.registers(world.a_person(), june)
    better, mine = sent(reader, june, may)
    world.days_before(may, 28)
    world.ticks()
    text = page(reader, mine)
    assert "Your other choices end at the same time." in text
    assert "Your other choices stay." in text
    world.does(reader.person_id, confirm, mine)
    assert "you confirmed another class of the course" in page(reader, better)


@pytest.fixture
def waiting(world, reader):
    """A person who waits for the one seat of a class, which is taken; the class is being called."""
    (a,) = classes(world, 1, full=1)
    (mine,) = sent(reader, a)
    return a, mine


def test_a_yes_ahead_is_offered_between_the_calls_only(world, reader, waiting):
    a, mine = waiting
    assert "progress-stand-by" not in page(reader, mine)
    problem, _ = stand_by(reader, mine)
    assert "Nothing was changed" in as_text(problem)
    world.days_before(a, 28)
    world.ticks()
    text = page(reader, mine)
    assert "progress-stand-by" in text
    assert "It never buys a self-funded seat." in text
    assert stand_by(reader, mine) == (None, f"/registrations/{mine}?told=standing_yes")
    assert "progress-stand-down" in page(reader, mine)
    assert stand_down(reader, mine) == (None, f"/registrations/{mine}?told=stood_down")
    assert world.row(mine).standing_yes_at is None


def test_with_a_yes_ahead_a_seat_is_confirmed_at_once(world, reader, waiting):
    a, mine = waiting
    world.days_before(a, 28)
    world.ticks()
    stand_by(reader, mine)
    (holder,) = holders(world, a)
    world.does(holder.person_id, cancel, holder.id)
    assert world.status(mine).value == "confirmed"
    problem, _ = stand_down(reader, mine)
    assert "Nothing was changed" in as_text(problem)


def test_the_place_told_before_and_after_registering_is_the_same(world, reader):
    """Also where seats have passed somebody by: they keep their place, so they are counted."""
    busy = world.a_person()
    other = world.a_class(course_code="SAT", starts_on=DAYS[0])
    world.registers(busy, other)
    (a,) = classes(world, 1)
    world.registers(busy, a)
    world.registers(world.a_person(), a)
    filled(reader, a)
    assert "You would be number 2 on the waiting list" in step(reader, a, 4)
    _, go = send(reader, a)
    mine = int(go.split("/")[2].split("?")[0])
    with reader.office.look(reader.actor()) as look:
        assert card_of(look, mine).card.place == 2


def test_staff_register_one_class_at_the_counter_below_the_persons_own_choice(world, reader):
    a, b = classes(world, 2, full=2)
    (mine,) = sent(reader, a)
    with world.office.open(world.officer()) as work:
        receipt = register(
            work,
            world.fetched(reader.person_id),
            class_id=b,
            person_id=reader.person_id,
            on_behalf=True,
        )
    assert own(reader) == [mine, receipt.registration_id]
    assert "Your choices for this course" in page(reader, mine)


def test_my_registrations_say_which_choice_each_is(world, reader):
    a, b = classes(world, 2, full=2)
    sent(reader, a, b)
    text = reader.sees(my_registrations.layout)
    assert "Choice 1 of 2" in text
    assert "We tell you when a seat comes up." in text
    with world.office.look() as look:
        assert look.scalar(select(func.count()).select_from(registration)) == 4


def test_the_arrows_work_over_the_wire_for_their_owner_only(world, reader, tmp_path):
    a, b = classes(world, 2, full=2)
    site = Site(world, tmp_path)
    me = site.seafarer(reader.person_id)
    for act in ({"act": "add", "n": b}, {"act": "up", "n": b}):
        answer = me.sends(press_body(site.app, {**act, "type": PICK}, a))
        went = answer.get_json()["response"]["where"]["href"]
        assert went.startswith(f"/apply/{a}/1?moved={b}-")
    assert chosen(reader, a) == [b, a]
    filled(reader, a)
    send(reader, a)
    best, second = own(reader)
    press = press_body(site.app, {"type": ORDER, "act": "down", "n": best}, best)
    for stranger, code in ((site.visitor(), 401), (site.officer(), 403), (site.seafarer(), 200)):
        assert stranger.sends(press).status_code == code
    assert own(reader) == [best, second]
    assert me.sends(press, token="").status_code == 400
    went = me.sends(press).get_json()["response"]["where"]["href"]
    assert went == f"/registrations/{best}?told=reordered&order={second}-{best}"
    assert own(reader) == [second, best]
