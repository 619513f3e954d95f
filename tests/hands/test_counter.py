"""The counter: whoever stands there is looked up, previewed, registered on behalf, and told."""

import json

import pytest
from deployed import Site
from sqlalchemy import func, select, update
from world import PAPER_RULES

from callbacks.counter import declare, enter, find, say_yes, send
from pages import counter, progress
from pages.visit import Visit
from services.catalogue.records import annual_plan
from services.counter import StandsElsewhere, register_visitor, visit_of
from services.identity.national_id import make_id
from services.identity.records import person
from services.kernel.errors import NotFound
from services.mtnet.gateway import put_records
from services.notices.records import notice
from services.registration.records import counter_visit, registration, registration_event
from services.words import words_for

CARD = {"name_zh": "葉海安", "name_latin": "YEH, HAI-AN", "birth_date": "1990-05-01", "email": "",
        "mobile": "0912-345-678", "region": "east", "locale": "zh-Hant-TW"}  # fmt: skip
STRANGER = make_id("B", "2", "7000001")


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path)


class AtCounter:
    """An officer's desk over the deployed keys, in English."""

    def __init__(self, site, who):
        self.site, self.who, self.office = site, who, site.world.office
        self.index, self.seal = site.desk.index, site.desk.seal

    def actor(self):
        return self.who

    def words(self):
        return words_for("en")

    def fetch(self, person_id):
        return self.site.desk.fetch(person_id)

    def sees(self, layout, **path):
        with self.office.look(self.who) as look:
            visit = Visit(self.words(), self.who, look, "light", "", {}, fetch=self.fetch)
            return text(layout(visit, **path))


def text(component):
    return json.dumps(component, default=lambda c: c.to_plotly_json(), ensure_ascii=False)


@pytest.fixture
def officer(world, site):
    return AtCounter(site, world.officer())


def known(world, site, **record):
    """A person whose number the portal knows; gives both."""
    person_id = world.a_person(**record)
    number = make_id("A", "1", f"{6_000_000 + person_id:07d}")
    with world.office.open() as work:
        mine = update(person).where(person.c.id == person_id)
        sealed = site.desk.seal(number, person_id)
        work.run(mine.values(id_index=site.desk.index(number), id_sealed=sealed))
    put_records(world.office, site.desk.index, [(number, world.records[person_id])])
    return person_id, number


def visited(answer):
    """Give the id of the visit a hand leads to."""
    return int(answer[1].split("?")[0].rsplit("/", 1)[1])


def count(world, table):
    with world.office.look() as look:
        return look.scalar(select(func.count()).select_from(table))


def test_a_known_person_is_previewed_registered_and_told_the_number(world, site, officer):
    class_id = world.a_class(seats=2)
    person_id, number = known(world, site)
    visit = visited(find(officer, class_id, f" {number.lower()} "))
    page = officer.sees(counter.one, visit_id=str(visit))
    assert "You would get a seat now" in page
    assert f"船員{person_id}" in page or "SEAFARER" in page
    assert number not in page
    _, went = send(officer, visit)
    assert went.endswith("?told=registered_for")
    receipt = officer.sees(counter.one, visit_id=str(visit))
    assert '"001"' in receipt
    assert "on behalf of the person" in receipt
    with world.office.look() as look:
        row = look.one_or_none(select(registration).where(registration.c.person_id == person_id))
        event = look.one_or_none(select(registration_event))
        told = look.one_or_none(select(notice))
    assert (row.on_behalf, row.status) == (True, "admitted")
    assert (event.role, event.event) == ("institution", "register")
    assert (told.person_id, told.kind) == (person_id, "receipt")
    assert world.broken() == []


def test_the_event_names_the_account_and_the_person_reads_who_registered_them(world, site):
    class_id = world.a_class()
    person_id, number = known(world, site)
    browser = site.officer()
    went = browser.clicks("counter-find", class_id, number).get_json()
    visit = int(went["response"]["where"]["href"].rsplit("/", 1)[1])
    assert browser.clicks("counter-send", visit).status_code == 200
    shown = browser.reads(f"/desk/counter/visit/{visit}")
    assert "臨櫃代為登錄" in shown
    assert "帳號" in shown
    with world.office.look(world.seafarer(person_id)) as look:
        event = look.one_or_none(select(registration_event))
        mine = Visit(words_for("en"), look.actor, look, "light", "", {})
        page = text(progress.layout(mine, registration_id=str(event.registration_id)))
    assert event.account_id is not None
    assert "Registered for you by the institution, number 1" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("A12", "has 3 characters"), ("A123456788", "last digit does not fit"),
     ("1234567890", "1 letter and 9 digits"), (None, "has 0 characters"),
     ("Ｘ" * 90, "has 40 characters")],
)  # fmt: skip
def test_a_wrong_number_says_what_is_wrong_and_keeps_what_was_typed(
    world, officer, typed, sentence
):
    class_id = world.a_class()
    form, went = find(officer, class_id, typed)
    assert sentence in text(form)
    assert f'"value": "{str(typed or "")[:40]}"' in text(form)
    assert not isinstance(went, str)
    form, _ = enter(officer, class_id, typed, CARD)
    assert sentence in text(form)
    assert "葉海安" in text(form)
    assert (count(world, person), count(world, counter_visit)) == (0, 0)


def test_whom_nobody_knows_is_entered_at_the_counter_and_screened(world, site, officer):
    class_id = world.a_class()
    form, _ = find(officer, class_id, STRANGER)
    assert "does not know this number yet" in text(form)
    assert STRANGER in text(form)
    (language,) = (p for p in form._traverse() if getattr(p, "id", "") == "counter-locale")
    assert language.value == "zh-Hant-TW"  # not the officer's, who reads English here
    visit = visited(enter(officer, class_id, STRANGER, CARD))
    with world.office.look() as look:
        row = look.one_or_none(select(person))
    assert (row.name_zh, row.sex, row.nationality, row.email) == ("葉海安", "F", "national", None)
    assert row.mobile == "+886912345678"
    assert STRANGER.encode() not in row.id_sealed
    assert site.desk.unseal(row.id, row.id_sealed) == STRANGER
    page = officer.sees(counter.one, visit_id=str(visit))
    assert "the person cannot log in" in page
    assert "You do not meet the rules" in page  # MTNet has no papers of theirs
    assert visited(find(officer, class_id, STRANGER)) != visit  # known from now on
    assert visited(enter(officer, class_id, STRANGER, CARD)) > visit
    assert count(world, person) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("name_zh", " ", "write the name"), ("birth_date", "soon", "date of birth"),
     ("birth_date", "2031-01-01", "date of birth"), ("birth_date", "1890-01-01", "date of birth"),
     ("mobile", "12", "10 digits"), ("email", "nobody", "has no @"), ("region", "", "region"),
     ("locale", "xx", "language"), ("name_latin", "X" * 81, "too long"),
     ("name_zh", "a\u0000b", "cannot be kept")],
)  # fmt: skip
def test_a_bad_field_of_the_card_is_named_and_the_rest_is_kept(
    world, officer, field, typed, sentence
):
    form, went = enter(officer, world.a_class(), STRANGER, {**CARD, field: typed})
    assert sentence in text(form)
    assert STRANGER in text(form)
    assert not isinstance(went, str)
    assert count(world, person) == 0


def test_declared_papers_are_judged_again_and_kept(world, site, officer):
    class_id = world.a_class(rules=PAPER_RULES)
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    assert "You do not meet the rules" in officer.sees(counter.one, visit_id=str(visit))
    assert "does not ask for that paper" in text(declare(officer, visit, ["x"])[0])
    assert declare(officer, visit, ["letter"])[1].startswith(counter.visit_href(visit))
    assert "the institution will review it" in officer.sees(counter.one, visit_id=str(visit))
    send(officer, visit)
    with world.office.look() as look:
        row = look.one_or_none(select(registration))
    assert (row.status, row.declared) == ("in_review", ["letter"])


def test_a_second_click_gives_the_same_number(world, site, officer):
    class_id = world.a_class()
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    assert send(officer, visit) == send(officer, visit)
    assert count(world, registration) == 1
    again = visited(find(officer, class_id, number))  # the receipt, not another number
    assert '"001"' in officer.sees(counter.one, visit_id=str(again))


def test_another_institution_looks_nobody_up_and_reads_no_visit(world, site, officer):
    class_id = world.a_class()
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    world.an_institution("NKUST")
    stranger = AtCounter(site, world.officer("NKUST"))
    before = site.everything()
    for answer in (find(stranger, class_id, number), enter(stranger, class_id, STRANGER, CARD),
                   declare(stranger, visit, []), send(stranger, visit),
                   say_yes(stranger, visit)):  # fmt: skip
        assert "could not find" in text(answer[0])
    with pytest.raises(NotFound):
        stranger.sees(counter.one, visit_id=str(visit))
    with pytest.raises(NotFound):
        stranger.sees(counter.layout, class_id=str(class_id))
    assert site.everything() == before


def test_a_visit_belongs_to_who_opened_it_on_that_day(world, site, officer):
    class_id = world.a_class()
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    colleague = site.officer()
    assert "找不到" in colleague.reads(f"/desk/counter/visit/{visit}")
    world.clock.go_to(world.clock.now().replace(day=5))
    with pytest.raises(NotFound), world.office.look(officer.who) as look:
        visit_of(look, visit)


def test_a_class_that_takes_nobody_has_no_counter(world, site, officer):
    class_id = world.a_class()
    _, number = known(world, site)
    world.days_before(class_id, 5)
    assert "no longer takes" in officer.sees(counter.layout, class_id=str(class_id))
    for answer in (find(officer, class_id, number), enter(officer, class_id, STRANGER, CARD)):
        assert "no longer takes" in text(answer[0])
    assert count(world, counter_visit) == 0


def test_an_officer_is_not_told_which_class_of_another_institution_stands_in_the_way(
    world, site, officer
):
    here, there = world.a_class(), world.a_class(at="NKUST")
    person_id, number = known(world, site)
    world.registers(person_id, there)
    visit = visited(find(officer, here, number))
    code = "116-BST-02"
    for told in (officer.sees(counter.one, visit_id=str(visit)), text(send(officer, visit)[0])):
        assert "stands in the way" in told
        assert code not in told
    with pytest.raises(StandsElsewhere), world.office.open(officer.who) as work:
        register_visitor(work, world.fetched(person_id), visit)
    mpb = AtCounter(site, world.planner())
    visit = visited(find(mpb, here, number))
    assert code in mpb.sees(counter.one, visit_id=str(visit))


def test_with_several_choices_the_counter_adds_the_last_one(world, site, officer):
    world.a_plan()
    with world.office.open() as work:
        work.run(update(annual_plan).values(max_choices=3))
    full, here = world.a_class(), world.a_class()
    world.registers(world.a_person(), full)
    person_id, number = known(world, site)
    world.registers(person_id, full)
    send(officer, visited(find(officer, here, number)))
    with world.office.look() as look:
        rows = look.all(
            select(registration.c.preference, registration.c.on_behalf)
            .where(registration.c.person_id == person_id)
            .order_by(registration.c.id)
        )
    assert [tuple(row) for row in rows] == [(1, False), (2, True)]
    assert world.broken() == []


def after_the_self_funded_call(world, **how):
    """A class with free seats whose self-funded call has run, and nobody in its queue."""
    class_id = world.a_class(seats=2, **how)
    for days in (28, 21, 14):
        world.days_before(class_id, days)
        world.ticks()
    return class_id


@pytest.mark.parametrize("reviewed", [False, True], ids=["offered", "under review"])
def test_who_comes_after_the_self_funded_call_claims_a_seat_at_the_counter(
    world, site, officer, reviewed
):
    class_id = after_the_self_funded_call(world, **({"rules": PAPER_RULES} if reviewed else {}))
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    if reviewed:
        declare(officer, visit, ["letter"])
    assert "could not find" in text(say_yes(officer, visit)[0])  # nothing was sent yet
    send(officer, visit)
    assert "Yes, claim a seat for" in officer.sees(counter.one, visit_id=str(visit))
    assert say_yes(officer, visit)[1].endswith("?told=said_yes_for")
    with world.office.look() as look:
        row = look.one_or_none(select(registration))
    assert (row.status, row.seat) == (
        ("in_review", "reserved") if reviewed else ("self_funded", "self_funded")
    )
    assert row.claimed_at is not None
    assert "Yes, claim" not in officer.sees(counter.one, visit_id=str(visit))
    assert world.broken() == []


def test_who_is_given_a_seat_after_the_confirmation_call_may_say_yes_at_once(world, site, officer):
    class_id = world.a_class(seats=2)
    world.days_before(class_id, 28)
    world.ticks()
    _, number = known(world, site)
    visit = visited(find(officer, class_id, number))
    send(officer, visit)
    assert "Yes, I will come" in officer.sees(counter.one, visit_id=str(visit))
    assert say_yes(officer, visit) == say_yes(officer, visit)  # a second click changes nothing
    with world.office.look() as look:
        row = look.one_or_none(select(registration))
    assert row.status == "confirmed"
    assert world.broken() == []
