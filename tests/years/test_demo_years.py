"""A tiny demo, really played: it keeps the rules, its log-ins work, it is whole or not there."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import StringIO

import pytest
from rich.console import Console
from sqlalchemy import func, select

from portal.app import build
from portal.demo import begun
from portal.demo.accounts import demo_accounts
from portal.demo.play import Stage, play
from portal.demo.situations import SITUATIONS
from portal.setting_up import last_day, play_demo, prepare, set_up
from portal.settings import Settings
from portal.wiring import desk_for, keys_for
from services.catalogue.records import milestone, training_class
from services.identity.national_id import validate
from services.identity.records import account, person
from services.invariants import check_invariants
from services.kernel.clock import taipei, taipei_day
from services.kernel.work import Office
from services.notices.records import notice, staff_task
from services.registration.lifecycle import OPEN, Status
from services.registration.records import registration, registration_event
from services.schema import metadata
from services.sweep import sweep

TODAY = date(2026, 3, 9)
TINY = {"seafarers": 150, "years": 1, "today": TODAY}


def settings_in(folder, **more):
    values = {"secret_key": "s" * 40, "index_key": "i" * 40, "seal_key": "k" * 40, **more}
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder}/portal.db"
    return Settings(var=folder, database_url=url, base_url="http://127.0.0.1", **values)


def played_in(folder, **size):
    settings = settings_in(folder)
    prepare(settings)
    play_demo(settings, Console(file=StringIO()), **{**TINY, **size})
    return settings


def office_of(settings) -> Office:
    return desk_for(settings).office


def dump(settings, *tables, apart=""):
    """Give every row of the tables as one hash, a column left apart."""
    digest = sha256()
    with office_of(settings).look() as look:
        for table in tables:
            columns = (column for column in table.columns if column.name != apart)
            for row in look.all(select(*columns).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return played_in(tmp_path_factory.mktemp("demo"))


def test_every_invariant_holds_and_has_something_to_look_at(demo):
    with office_of(demo).look() as look:
        findings = check_invariants(look.connection)
    assert [f"{f.number}: {f.faults}" for f in findings if not f.holds] == []
    assert [f.number for f in findings if not f.looked_at] == []


def test_every_national_id_has_a_valid_checksum(demo):
    seal = keys_for(demo).seal
    with office_of(demo).look() as look:
        rows = look.all(select(person.c.id, person.c.id_sealed))
    numbers = [seal.open(row.id_sealed, row.id) for row in rows]
    assert len(set(numbers)) == len(rows) == 150
    assert [validate(number) for number in numbers] == numbers


def test_the_season_has_classes_behind_classes_ahead_and_people_in_every_state(demo):
    with office_of(demo).look() as look:
        states = set(look.connection.scalars(select(training_class.c.state).distinct()))
        statuses = set(look.connection.scalars(select(registration.c.status).distinct()))
    assert {"published", "opened"} <= states
    assert {"admitted", "confirmed", "completed", "cancelled", "ineligible"} <= statuses


def test_the_mail_of_the_past_is_counted_not_written(demo):
    with office_of(demo).look() as look:
        ways = set(look.connection.scalars(select(notice.c.mail).distinct()))
    assert ways <= {"counted", "none", "dead"}
    assert not demo.mail_folder.exists()


def test_one_letter_came_back_and_its_desk_has_a_task(demo):
    with office_of(demo).look() as look:
        [lost] = look.all(select(notice).where(notice.c.mail == "dead"))
        [task] = look.all(select(staff_task).where(staff_task.c.key == f"dead_letter:{lost.id}"))
        address = look.scalar(select(person.c.email).where(person.c.id == lost.person_id))
    assert (task.registration_id, task.closed_at) == (lost.registration_id, None)
    assert address.endswith("@mial.example")
    assert address in lost.error


def test_the_printed_situations_exist(demo):
    titles = [a.title for a in demo_accounts(office_of(demo), keys_for(demo))]
    assert set(titles) & set(SITUATIONS) >= {
        "seafarer who has confirmed",
        "seafarer under review",
        "seafarer whose paper is asked for",
        "seafarer who is not eligible",
        "seafarer with nothing open",
    }
    assert len(titles) == len(set(titles))


def test_people_who_can_log_in_have_read_the_letters_whose_matter_is_over(demo):
    over = [status.value for status in Status if status not in OPEN]
    with office_of(demo).look() as look:
        rows = look.all(
            select(notice.c.made_at, notice.c.read_at, registration.c.status)
            .join(registration, registration.c.id == notice.c.registration_id)
            .join(account, account.c.person_id == notice.c.person_id)
        )
    last_week = taipei(TODAY, 9) - timedelta(days=7)
    old = [row for row in rows if row.status in over and row.made_at < last_week]
    assert old
    assert [row for row in old if row.read_at is None] == []
    assert [row for row in rows if row.read_at is not None and row.status not in over] == []


def test_every_printed_account_logs_in(demo):
    server = build(desk_for(demo), demo).server
    accounts = demo_accounts(office_of(demo), keys_for(demo))
    assert len(accounts) >= 12
    for each in accounts:
        client = server.test_client()
        client.get("/login")
        form = {
            "csrf_token": client.get_cookie("_csrf_token").value,
            "id_number": each.id_number,
            "password": each.password,
        }
        answer = client.post("/auth/login", data=form)
        assert answer.status_code == 303, each
        assert client.get_cookie("sid") is not None, each


def test_the_clock_finds_nothing_to_do_right_after_the_demo(demo):
    stage_end = taipei(TODAY, 9, 1)
    office = office_of(demo)
    clock = type("Then", (), {"now": lambda _self: stage_end})()
    assert +sweep(Office(office.engine, clock)) == {}


def test_a_second_start_changes_nothing(demo, monkeypatch):
    monkeypatch.setattr("portal.front_end.VENDOR", demo.var)
    monkeypatch.setattr("portal.setting_up.build", lambda: None)
    before = dump(demo, *metadata.sorted_tables)
    said = StringIO()
    set_up(demo, Console(file=said, width=120))
    assert dump(demo, *metadata.sorted_tables) == before
    assert "Playing" not in said.getvalue()
    assert "seafarer under review" in said.getvalue()
    assert "Mail is written to" in said.getvalue()


def test_the_clock_ticks_every_morning_also_while_next_years_plan_is_made(tmp_path):
    """From 15 September to 12 October MPB and the institutions plan; the running year goes on.

    Most steps wait for those who still have time to answer; the first and the last never do.
    """
    autumn = played_in(tmp_path / "autumn", seafarers=60, today=date(2026, 10, 20))
    with office_of(autumn).look() as look:
        steps = look.all(select(milestone).where(milestone.c.reached_at.is_not(None)))
        cancelled = look.all(select(training_class).where(training_class.c.state == "cancelled"))
    never_wait = [step for step in steps if step.kind in ("confirmation_call", "freeze")]
    planning = (taipei(date(2026, 9, 15), 12), taipei(date(2026, 10, 12)))
    assert [step for step in never_wait if planning[0] < step.due_at < planning[1]]
    assert max(step.reached_at - step.due_at for step in never_wait) <= timedelta(days=1)
    assert max(step.reached_at - step.due_at for step in steps) < timedelta(days=8)
    assert [c.code for c in cancelled if taipei_day(c.ended_at) >= c.starts_on] == []


@pytest.mark.parametrize("today", [date(2026, 10, 5), date(2026, 11, 9)])
def test_no_morning_is_left_out_up_to_the_end(tmp_path, monkeypatch, today):
    """Nor when the demo ends in the weeks of planning, before the next plan is out."""
    mornings = []
    monkeypatch.setattr(
        "portal.demo.play._tick", lambda stage, *_: mornings.append(stage.clock.now())
    )
    played_in(tmp_path / "mornings", seafarers=40, today=today)
    first = date(2025, 9, 2)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    assert mornings == [taipei(day, 9) for day in days]


def test_the_same_arguments_play_the_same_years(demo, tmp_path):
    """But for the salts: what hides whose line is whose is drawn by chance, in a demo too."""
    again = played_in(tmp_path / "again")
    tables = (training_class, registration, registration_event, notice)
    assert dump(again, *tables, apart="salt") == dump(demo, *tables, apart="salt")
    assert dump(again, registration) != dump(demo, registration)


def test_a_demo_broken_off_is_known_as_such_and_taken_back(tmp_path):
    settings = settings_in(tmp_path)
    prepare(settings)

    def interrupt(_name, share):
        if share > 0.02:
            raise KeyboardInterrupt

    desk = desk_for(settings)
    stage = Stage(
        desk, keys_for(settings), settings.uploads, 50, 1, 1, date(2025, 11, 10), interrupt
    )
    with pytest.raises(KeyboardInterrupt):
        play(stage)
    assert begun.begun(desk.office)
    begun.clear(desk.office, settings)
    assert not begun.begun(desk.office)
    with desk.office.look() as look:
        assert look.scalar(select(func.count()).select_from(person)) == 0


def test_a_production_database_gets_no_demo_people(tmp_path):
    settings = settings_in(tmp_path, environment="production")
    with pytest.raises(SystemExit, match="never"):
        play_demo(settings, Console(file=StringIO()))


def test_a_database_with_people_gets_no_second_demo(demo):
    with pytest.raises(SystemExit, match="already holds people"):
        play_demo(demo, Console(file=StringIO()))


@pytest.mark.parametrize(
    ("hour", "day"), [(0, date(2026, 11, 23)), (1, date(2026, 11, 23)), (2, date(2026, 11, 24))]
)
def test_the_demo_never_ends_in_the_future(hour, day):
    assert last_day(datetime(2026, 11, 24, hour, 0, 59, tzinfo=UTC)) == day
