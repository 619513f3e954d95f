"""The four steps: drafts kept, steps in order, bad fields named, one registration at the end."""

import pytest
from reader import Reader, as_text
from sqlalchemy import func, select
from world import PAPER_RULES

from callbacks.apply import declare, details, keep_typed, send, step_done
from pages import apply
from services.contact import person_of
from services.drafts import draft_of
from services.kernel.errors import NotFound
from services.registration.records import registration

GOOD = {"email": "a@example.com", "mobile": "0912345678", "region": "north", "locale": "en"}


@pytest.fixture
def reader(world):
    return Reader(world, world.a_person())


def filled(reader, class_id):
    """Go through the first three steps."""
    step_done(reader, class_id, 1)
    details(reader, class_id, GOOD)
    step_done(reader, class_id, 3)


def registered(world):
    with world.office.look() as look:
        return look.scalar(select(func.count()).select_from(registration))


def test_the_four_steps_lead_to_a_receipt(world, reader):
    class_id = world.a_class()
    assert step_done(reader, class_id, 1)[1] == f"/apply/{class_id}/2"
    assert details(reader, class_id, GOOD)[1] == f"/apply/{class_id}/3"
    assert step_done(reader, class_id, 3)[1] == f"/apply/{class_id}/4"
    _, go = send(reader, class_id)
    assert go.startswith("/registrations/")
    assert go.endswith("?told=registered")
    with world.office.look(reader.actor()) as look:
        assert person_of(look, reader.person_id)[1].mobile == "+886912345678"
        assert draft_of(look, class_id) is None


def test_a_second_click_gets_the_same_receipt(world, reader):
    class_id = world.a_class()
    filled(reader, class_id)
    assert send(reader, class_id) == send(reader, class_id)
    assert registered(world) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "", "Enter an e-mail address"),
        ("email", "kuanyu", "has no @"),
        ("mobile", "12", "Enter 10 digits"),
        ("region", "mars", "Choose the region"),
        ("locale", None, "Choose the language"),
    ],
)
def test_a_bad_field_keeps_what_was_typed_and_names_the_problem(
    world, reader, field, typed, sentence
):
    class_id = world.a_class()
    step_done(reader, class_id, 1)
    form, _ = details(reader, class_id, {**GOOD, field: typed})
    text = as_text(form)
    assert sentence in text
    assert f'"id": "{field}-problem"' in text
    assert GOOD["email" if field != "email" else "mobile"] in text
    with world.office.look(reader.actor()) as look:
        assert draft_of(look, class_id).contact is None


def test_the_refusal_is_in_the_readers_language(world, reader):
    class_id = world.a_class()
    step_done(reader, class_id, 1)
    reader.locale = "zh-Hant-TW"
    form, _ = details(reader, class_id, {**GOOD, "email": "x"})
    assert "電子郵件少了@" in as_text(form)


def test_going_back_keeps_even_a_half_typed_field(world, reader):
    class_id = world.a_class()
    step_done(reader, class_id, 1)
    _, go = keep_typed(reader, class_id, {**GOOD, "mobile": "0912"})
    assert go == f"/apply/{class_id}/1"
    assert "0912" in reader.sees(apply.layout, class_id=str(class_id), step="2")


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_skipped_step_is_refused(world, reader, step):
    class_id = world.a_class()
    text = reader.sees(apply.layout, class_id=str(class_id), step=str(step))
    assert "Please finish the steps in their order." in text
    assert apply.Ids.SEND not in text


def test_who_comes_back_to_the_last_step_after_sending_is_led_to_what_was_sent(world, reader):
    class_id = world.a_class()
    filled(reader, class_id)
    send(reader, class_id)
    text = reader.sees(apply.layout, class_id=str(class_id), step="4")
    assert "Your registration has been sent" in text
    assert '"href": "/me"' in text
    assert "Please finish the steps" not in text


def test_sending_without_the_steps_changes_nothing(world, reader):
    class_id = world.a_class()
    problem, _ = send(reader, class_id)
    assert "Please finish the steps" in as_text(problem)
    assert registered(world) == 0


@pytest.mark.parametrize("odd", [None, "7", 0, -1, 2**40, True, [1], {"a": 1}, 4711])
def test_a_forged_class_is_not_found(reader, odd):
    for hand in (lambda: step_done(reader, odd, 1), lambda: send(reader, odd)):
        problem, _ = hand()
        assert "could not find" in as_text(problem) or "finish the steps" in as_text(problem)


@pytest.mark.parametrize("step", ["0", "5", "x", ""])
def test_there_is_no_other_step(world, reader, step):
    class_id = world.a_class()
    with pytest.raises(NotFound):
        reader.sees(apply.layout, class_id=str(class_id), step=step)


def test_the_third_step_shows_every_rule_and_its_verdict(world, reader):
    class_id = world.a_class()
    step_done(reader, class_id, 1)
    details(reader, class_id, GOOD)
    text = reader.sees(apply.layout, class_id=str(class_id), step="3")
    assert "Valid medical certificate" in text
    assert "You would get a seat now" in text


def test_a_missing_paper_can_be_declared_and_then_is_reviewed(world, reader):
    class_id = world.a_class(course_code="ECDIS", rules=PAPER_RULES)
    step_done(reader, class_id, 1)
    details(reader, class_id, GOOD)
    before = reader.sees(apply.layout, class_id=str(class_id), step="3")
    assert "You do not meet the rules" in before
    _, go = declare(reader, class_id, ["letter"])
    assert go.startswith(f"/apply/{class_id}/3?checked=")
    after = reader.sees(apply.layout, class_id=str(class_id), step="3")
    assert "the institution will review it" in after
    problem, _ = declare(reader, class_id, ["crown"])
    assert "does not ask for that paper" in as_text(problem)


def test_when_mtnet_is_silent_the_registration_is_taken_for_review(world, reader):
    class_id = world.a_class()
    filled(reader, class_id)
    reader.silent = True
    text = reader.sees(apply.layout, class_id=str(class_id), step="4")
    assert "the institution will review it" in text
    _, go = send(reader, class_id)
    assert world.status(int(go.split("/")[2].split("?")[0])).value == "in_review"


def test_a_refused_registration_says_so_before_it_is_sent(world):
    reader = Reader(world, world.a_person(medical=None))
    class_id = world.a_class()
    filled(reader, class_id)
    assert "it will be refused" in reader.sees(apply.layout, class_id=str(class_id), step="4")


def test_a_class_that_is_not_open_cannot_be_sent(world, reader):
    class_id = world.a_class()
    filled(reader, class_id)
    world.days_before(class_id, 1)
    text = reader.sees(apply.layout, class_id=str(class_id), step="4")
    assert "no longer takes registrations" in text
    assert apply.Ids.SEND not in text
    problem, _ = send(reader, class_id)
    assert "no longer takes registrations" in as_text(problem)
    assert registered(world) == 0
