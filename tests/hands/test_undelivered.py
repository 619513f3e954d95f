"""The page of letters that came back: who, which, why; sent again, told, or asked by phone."""

import pytest
from at_desk import AtDesk, shown, text, went
from deployed import Site
from sqlalchemy import select

from callbacks import calls, undelivered
from pages import calls as calls_page
from pages import undelivered as page
from portal.demo.undelivered import Refusing
from services.deliver import deliver
from services.identity.records import person
from services.kernel.errors import NotFound, NotPermitted
from services.notices.gateway import Counting
from services.notices.records import notice, staff_task
from services.registration.records import phone_call
from services.sweep import sweep

URL = "http://127.0.0.1"
BACK = "/desk/calls?told="


def comes_back(office):
    deliver(office, Refusing(), base_url=URL)
    with office.look() as look:
        open_ones = select(staff_task).where(staff_task.c.closed_at.is_(None))
        return look.all(open_ones.order_by(staff_task.c.id))


def arrives(office):
    return deliver(office, Counting(), base_url=URL)


def kept(office, table):
    with office.look() as look:
        return [tuple(row) for row in look.all(select(table))]


@pytest.fixture
def desk(world, office):
    world.an_institution("NKUST")
    return AtDesk(office, world.officer())


@pytest.fixture
def stranger(world, office):
    world.an_institution("NKUST")
    return AtDesk(office, world.officer("NKUST"))


@pytest.fixture
def receipt(world, office):
    """Somebody with a telephone has registered."""
    receipt = world.registers(world.a_person(), world.a_class())
    with office.open() as work:
        work.run(person.update().values(mobile="+886912345678"))
    return receipt


@pytest.fixture
def task(office, receipt):
    """The receipt came back."""
    [task] = comes_back(office)
    return task.id


@pytest.fixture
def question(world, office, receipt):
    """The question whether the person will come came back; gives the task and the class."""
    arrives(office)
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    sweep(office)
    [task] = comes_back(office)
    return task.id, class_id


IN_ENGLISH = (
    "Receipt of your registration",
    "E-mail could not be delivered",
    "The mail server knows no such address: mistyped, or given up.",
    "1 letter goes to this address once more.",
    "SEAFARER",
    "Mon 4 January 2027, 10:00",
)
IN_CHINESE = (
    "報名收件通知",
    "電子郵件無法送達",
    "對方的郵件伺服器查無此信箱：地址可能打錯，或信箱已停用。",
    "1封信會再寄到這個信箱。",
    "船員",
    "116年1月4日（一）10:00",
)


@pytest.mark.parametrize(("locale", "said"), [("en", IN_ENGLISH), ("zh-Hant-TW", IN_CHINESE)])
def test_the_page_tells_who_which_letter_where_to_and_why(world, office, task, locale, said):
    told = shown(AtDesk(office, world.officer(), locale), page.layout, task_id=str(task))
    server = "Recipient address rejected: unknown"
    for each in (*said, "tel:+886912345678", "@mail.example", "116-BST-02", "001", server):
        assert each in told, each


def test_a_click_sends_the_letter_again_and_leads_back_with_a_note(office, desk, task):
    answer = undelivered.again(desk, task)
    assert answer[1] == f"{BACK}sent_again"
    told = shown(desk, page.layout, task_id=str(task))
    assert "Next try: " in told
    assert page.Ids.AGAIN not in told  # there is nothing more to send
    assert undelivered.again(desk, task)[1] == f"{BACK}sent_again"
    arrives(office)
    assert not went(undelivered.again(desk, task))
    assert "This task is closed already." in text(undelivered.again(desk, task)[0])
    done = shown(desk, page.layout, task_id=str(task))
    assert "Nothing is left to do here" in done
    assert "tel:" not in done
    assert "@mail.example" not in done


def test_a_click_keeps_that_the_person_was_told_and_leads_back(office, desk, task):
    assert undelivered.told(desk, task)[1] == f"{BACK}told_by_phone"
    assert not went(undelivered.told(desk, task))
    assert len(kept(office, phone_call)) == 1
    assert "Nothing is left to do here" in shown(desk, page.layout, task_id=str(task))


def test_where_an_answer_is_wanted_the_page_leads_to_the_call_list(desk, question, receipt):
    task, class_id = question
    told = shown(desk, page.layout, task_id=str(task))
    assert f"/desk/calls/{class_id}?person={receipt.registration_id}" in told
    assert page.Ids.TOLD not in told
    assert page.Ids.AGAIN in told
    assert "This person is being asked" in text(undelivered.told(desk, task)[0])
    query = {"person": str(receipt.registration_id)}
    assert calls_page.Ids.SAVE in shown(desk, calls_page.one, query, class_id=str(class_id))


def test_a_call_that_only_told_is_no_outcome_of_a_question(desk, question, receipt):
    query = {"person": str(receipt.registration_id)}
    form = shown(desk, calls_page.one, query, class_id=str(question[1]))
    assert '"spoken"' in form
    assert '"told"' not in form
    assert "outcome-problem" in text(calls.call(desk, receipt.registration_id, "told", "")[0])


def test_the_call_list_says_that_somebody_was_told_a_letter(world, office, desk, task, receipt):
    undelivered.told(desk, task)
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    world.ticks()
    assert "Told what a letter says" in shown(desk, calls_page.one, class_id=str(class_id))


def test_the_list_of_tasks_names_the_person_once_and_leads_to_the_page(
    world, office, desk, task, receipt
):
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    sweep(office)
    assert len(comes_back(office)) == 2  # the receipt's and the question's
    listed = shown(desk, calls_page.layout)
    assert listed.count("SEAFARER") == 1
    assert f"/desk/undelivered/{task}" in listed
    assert "Nobody could be reached by mail: please phone." in listed
    undelivered.again(desk, task)
    assert "A letter has been sent again and is on its way." in shown(desk, calls_page.layout)


def test_a_letter_that_asks_nothing_is_listed_with_what_can_be_done(desk, stranger, task):
    sentence = "A letter came back: send it again, or tell by phone."
    assert sentence in shown(desk, calls_page.layout)
    assert "SEAFARER" not in shown(stranger, calls_page.layout)


def test_a_question_that_no_letter_carried_leads_to_its_call(world, office, desk, receipt, clock):
    """Whoever has no address is asked in the portal only; after a day somebody phones."""
    with office.open() as work:
        work.run(person.update().values(email=None))
    class_id = world.row(receipt.registration_id).class_id
    world.days_before(class_id, 28)
    world.ticks()
    world.days_before(class_id, 26)
    world.ticks()
    listed = shown(desk, calls_page.layout)
    assert f'"/desk/calls/{class_id}?person={receipt.registration_id}"' in listed


def test_a_class_that_is_too_small_leads_to_where_it_is_changed(world, desk):
    world.registers(world.a_person(), class_id := world.a_class(seats=5, min_size=2))
    for days in (28, 21, 14, 11, 7):
        world.days_before(class_id, days)
        world.ticks()
    listed = shown(desk, calls_page.layout)
    assert f'"/desk/classes/{class_id}"' in listed
    assert "Too few people" in listed


def test_another_institution_and_a_seafarer_find_no_page_and_do_nothing(
    world, office, stranger, task
):
    before = kept(office, notice), kept(office, staff_task)
    with pytest.raises(NotFound):
        shown(stranger, page.layout, task_id=str(task))
    with pytest.raises(NotPermitted):
        shown(AtDesk(office, world.seafarer(1)), page.layout, task_id=str(task))
    for act in (undelivered.again, undelivered.told):
        assert not went(act(stranger, task))
        for odd in (None, "1", 0, 99, True):
            assert not went(act(AtDesk(office, world.officer()), odd))
    assert (kept(office, notice), kept(office, staff_task)) == before
    assert kept(office, phone_call) == []


@pytest.mark.parametrize("path", ["0", "x", "99999", "-1", "１"])
def test_a_task_that_is_none_is_not_found(desk, task, path):
    with pytest.raises(NotFound):
        shown(desk, page.layout, task_id=path)


def test_the_buttons_work_in_the_portal_as_deployed_and_only_for_the_own_desk(
    world, office, task, tmp_path
):
    site = Site(world, tmp_path)
    before = kept(office, notice)
    stranger = site.officer("NKUST")
    for button in (page.Ids.AGAIN, page.Ids.TOLD):
        assert site.visitor().clicks(button, task).status_code == 401
        assert "where" not in stranger.clicks(button, task).get_json()["response"]
    assert "船員" not in stranger.reads(f"/desk/undelivered/{task}").replace(
        "船員訓練", ""
    ).replace("船員服務", "")
    assert kept(office, notice) == before
    answer = site.planner().clicks(page.Ids.AGAIN, task).get_json()["response"]
    assert answer["where"]["href"] == f"{BACK}sent_again"
    mine = site.officer()
    assert mine.clicks(page.Ids.TOLD, task).get_json()["response"]["where"]["href"] == (
        f"{BACK}told_by_phone"
    )
    assert "已登錄電話告知" in mine.reads("/desk/calls", "?told=told_by_phone")
