"""The weekly report: wished for, sent once a week by real SMTP, ended by one click."""

from datetime import date, timedelta

import pytest
from post_office import post_office
from reader import Reader
from season import Season
from sqlalchemy import insert, select, text, update

from callbacks.desk import Desk
from portal.app import build
from portal.settings import Settings
from portal.weekly_report import bars, post_report, subscription_in, token_of
from services.catalogue.records import cohort
from services.checkpoints.kept import newest
from services.identity.records import account
from services.kernel.actor import VISITOR, Actor, Role
from services.kernel.clock import taipei
from services.kernel.errors import InvalidInput, NotPermitted
from services.make_checkpoint import make_checkpoint
from services.reports.records import report_letter, report_subscription
from services.send_reports import BACK_OFF, monday, send_reports
from services.subscribe import subscribe, subscription, unsubscribe
from services.tally.records import watermark

THURSDAY, MONDAY = taipei(date(2027, 4, 1), 10), taipei(date(2027, 4, 5), 7)


@pytest.fixture
def season(office, clock):
    clock.go_to(THURSDAY)
    season = Season(office)
    season.rows(season.a_class(date(2027, 3, 1)), completed=4)
    season.rows(season.a_class(date(2027, 3, 8), at="秘密"), completed=9)
    coming = season.a_class(date(2027, 4, 20), state="published")
    season.rows(coming, waitlisted=3)
    return season


def an_account(office, role, institution=None):
    with office.open() as work:
        row = {"role": role.value, "institution": institution, "login_index": f"{role}",
               "password_hash": "", "name": "某", "created_at": work.now}  # fmt: skip
        made = work.run(insert(account), row).inserted_primary_key[0]
    return Actor(role, int(made), institution=institution)


@pytest.fixture
def planner(office, season):
    return an_account(office, Role.PLANNER)


@pytest.fixture
def officer(office, season):
    return an_account(office, Role.INSTITUTION, "NTOU")


def wishes(office, actor, email="reader@mail.example", locale="en"):
    with office.open(actor) as work:
        return subscribe(work, email, locale)


def settings_for(server):
    return Settings(secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40,
                    base_url="https://portal.example", smtp_host="127.0.0.1",
                    smtp_port=server.port, smtp_tls=False)  # fmt: skip


def sent(office, server):
    settings = settings_for(server)
    return send_reports(office, lambda due: post_report(office, settings, due))


def letter_rows(office):
    with office.look() as look:
        return look.all(select(report_letter).order_by(report_letter.c.id))


def parts(letter):
    return {part.get_content_type(): part.get_payload(decode=True).decode()
            for part in letter.walk() if not part.is_multipart()}  # fmt: skip


def test_the_letter_tells_the_moment_its_sums_are_true_of(office, clock, season, planner):
    """The step of 06:20 on Monday is not taken in yet: at 07:00 the sums are true as of 06:20."""
    wishes(office, planner)
    ident = season.a_row(season.a_class(date(2027, 5, 3)), "waitlisted")
    season.an_event(ident, "register", seq=2, at=taipei(date(2027, 4, 5), 6, 20))
    with office.open() as work:
        [of] = work.all(select(cohort.c.id))
        work.run(update(cohort).values(events=2))
        taken = {"day": MONDAY.toordinal(), "at": THURSDAY, "taken_at": THURSDAY}
        work.run(insert(watermark), {"cohort_id": of.id, "seq": 1, **taken})
    clock.go_to(MONDAY)
    with post_office() as server:
        assert sent(office, server) == 1
    found = parts(server.letters[0])
    for kind in ("text/plain", "text/html"):
        assert "As of Mon 5 April 2027, 06:20" in found[kind]


def test_a_planner_gets_one_letter_on_monday_with_every_number_and_the_way_out(
    office, clock, planner
):
    ident = wishes(office, planner)
    with post_office() as server:
        assert sent(office, server) == 0  # nothing before Monday
        clock.go_to(MONDAY)
        assert sent(office, server) == 1
        assert sent(office, server) == 0
        clock.go_to(MONDAY + timedelta(days=6))
        assert sent(office, server) == 0
    (letter,) = server.letters
    assert letter["Message-ID"] == f"<report.{ident}.2027-04-05@portal.example>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = letter["List-Unsubscribe"].strip().strip("<>")
    assert leave.startswith("https://portal.example/reports/unsubscribe/")
    found = parts(letter)
    for kind in ("text/plain", "text/html"):
        assert "Fill rate" in found[kind]
        assert "65.0" in found[kind]  # 13 of 20 seats
        assert leave in found[kind]
        assert "As of Mon 5 April 2027, 07:00" in found[kind]
        assert "Registrations of each week, the latest 12" in found[kind]
    assert "Fill rate of each month, the latest 1: █ 65%" in found["text/plain"]
    assert '<span aria-hidden="true">█</span></td><td>65%</td>' in found["text/html"]
    assert "Waiting now: 3 persons" in found["text/plain"]
    assert "BST-" in found["text/csv"]
    head, row, *_ = found["text/csv"].splitlines()
    assert head.endswith("As of,Definition,Filters,Terms of use")
    internal = "For the work of MPB and the institutions only; not for publication."
    assert row.endswith(f"/definitions#below-minimum,year=2027,{internal}")
    assert "船員" not in str(found)


@pytest.mark.parametrize("locale", ["en", "zh-Hant-TW"])
def test_a_report_carries_the_newest_checkpoint_once_there_is_one(
    office, clock, season, planner, locale
):
    wishes(office, planner, locale=locale)
    said = []
    with post_office() as server:
        for monday in (MONDAY, MONDAY + timedelta(days=7)):
            clock.go_to(monday)
            sent(office, server)
            with office.open() as work:
                work.connection.execute(text("UPDATE cohort SET events = 1, head = 'x'"))
            make_checkpoint(office)
            with office.look() as look:
                root = newest(look).root
            said.append([root in found for found in map(parts, server.letters)
                         for found in (found["text/plain"], found["text/html"])])  # fmt: skip
    assert said == [[False, False], [False, False, True, True]]


def test_bars_in_a_letter_begin_at_zero_and_end_at_the_highest():
    assert bars([0, 5, 10]) == "▁▅█"
    assert bars([0, 0]) == "▁▁"
    assert bars([]) == ""


def test_an_institution_gets_its_own_numbers(office, clock, officer):
    wishes(office, officer)
    clock.go_to(MONDAY)
    with post_office() as server:
        assert sent(office, server) == 1
    text = str(parts(server.letters[0]))
    assert "40.0" in text
    assert "65.0" not in text
    assert "秘密" not in text


def test_a_letter_that_was_not_taken_is_tried_again_under_the_same_id_and_then_given_up(
    office, clock, planner
):
    wishes(office, planner)
    clock.go_to(MONDAY)
    with post_office(DOT="451 later") as server:
        for minutes in (0, *BACK_OFF):
            clock.go_to(clock.now() + timedelta(minutes=minutes))
            assert sent(office, server) == 0
            assert sent(office, server) == 0  # not before its time
        assert len({letter["Message-ID"] for letter in server.letters}) == 1
        assert len(server.letters) == len(BACK_OFF) + 1
    assert [row.mail for row in letter_rows(office)] == ["dead"]


def test_a_letter_that_cannot_be_written_stops_no_other(office, clock, planner, officer):
    wishes(office, planner)
    wishes(office, officer, "second@mail.example")
    clock.go_to(MONDAY)
    with post_office() as server:
        settings = settings_for(server)

        def breaks(due):
            if due.email.startswith("reader"):
                raise ValueError("broken")
            return post_report(office, settings, due)

        assert send_reports(office, breaks) == 1
    assert [row.mail for row in letter_rows(office)] == ["due", "sent"]
    assert "broken" in letter_rows(office)[0].error


def test_two_mailers_at_once_send_one_letter(office, clock, planner):
    wishes(office, planner)
    clock.go_to(MONDAY)
    with post_office() as server:
        settings = settings_for(server)

        def meanwhile(due):
            assert send_reports(office, lambda d: post_report(office, settings, d)) == 0
            return post_report(office, settings, due)

        assert send_reports(office, meanwhile) == 1
    assert len(server.letters) == 1


def test_who_begins_on_monday_afternoon_waits_a_week_and_a_new_address_counts_from_then(
    office, clock, planner
):
    clock.go_to(MONDAY + timedelta(hours=5))
    wishes(office, planner)
    wishes(office, planner, "new@mail.example")
    with post_office() as server:
        assert sent(office, server) == 0
        clock.go_to(MONDAY + timedelta(days=7))
        assert sent(office, server) == 1
    assert server.letters[0]["To"] == "new@mail.example"


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a b@mail.example", "a@mail..example"])
def test_an_address_that_is_none_is_refused(office, planner, email):
    with pytest.raises(InvalidInput):
        wishes(office, planner, email)


@pytest.mark.parametrize(
    "actor", [VISITOR, Actor(Role.SEAFARER, 1, 1), Actor(Role.ADMINISTRATOR, 1)]
)
def test_the_report_is_for_planners_and_institutions(office, actor):
    with pytest.raises(NotPermitted):
        wishes(office, actor)


@pytest.mark.parametrize(
    ("at", "week"),
    [(taipei(date(2027, 4, 5), 6, 59), "2027-03-29"), (MONDAY, "2027-04-05"),
     (taipei(date(2027, 4, 11), 23), "2027-04-05")],
)  # fmt: skip
def test_the_week_turns_on_monday_at_seven_in_taipei(at, week):
    assert monday(at) == week


@pytest.fixture
def client(office, tmp_path, world):
    settings = Settings(secret_key="s" * 40, index_key="i" * 40, seal_key="k" * 40)
    who = {"actor": VISITOR}
    desk = Desk(office=office, mtnet=None, unseal=lambda *_: "", uploads=tmp_path,
                actor=lambda: who["actor"], words=Reader(world, 0).words)  # fmt: skip
    return build(desk, settings).server.test_client(), settings, who


def stands(office, actor):
    with office.look(actor) as look:
        return subscription(look) is not None


def test_one_click_in_the_mail_program_ends_it_without_logging_in(office, planner, client):
    browser, settings, _ = client
    address = f"/reports/unsubscribe/{token_of(settings, wishes(office, planner))}"
    page = browser.get(address)
    assert (page.status_code, stands(office, planner)) == (200, True)  # looking ends nothing
    assert b'<form method="post">' in page.data
    for _ in range(2):
        answer = browser.post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    assert not stands(office, planner)


def test_no_letter_leaves_after_the_click(office, clock, planner):
    ident = wishes(office, planner)
    clock.go_to(MONDAY)
    with post_office(BANNER="421 busy") as server:
        assert sent(office, server) == 0
    with office.open() as work:
        unsubscribe(work, ident)
    clock.go_to(MONDAY + timedelta(hours=2))
    with post_office() as server:
        assert sent(office, server) == 0
        assert server.letters == []


def test_a_token_of_somebody_else_or_of_another_kind_ends_nothing(office, planner, client):
    browser, settings, _ = client
    ident = wishes(office, planner)
    good = token_of(settings, ident)
    other = Settings(secret_key="t" * 40, index_key="i" * 40, seal_key="k" * 40)
    for bad in (token_of(other, ident), good[:-2], f"{ident}", "x", good.replace(".", ".A")):
        assert subscription_in(settings, bad) is None
        assert browser.post(f"/reports/unsubscribe/{bad}").status_code == 404
    assert stands(office, planner)


def test_a_planner_begins_and_ends_it_on_the_page(office, planner, client):
    browser, _, who = client
    who["actor"] = planner
    browser.get("/definitions")
    token = browser.get_cookie("_csrf_token").value
    form = {"email": "reader@mail.example", "csrf_token": token}
    answer = browser.post("/reports/subscribe", data=form)
    assert answer.headers["Location"] == "/reports?told=report_begun"
    assert stands(office, planner)
    bad = browser.post("/reports/subscribe", data=form | {"email": "nobody"})
    assert bad.headers["Location"] == "/reports?told=report_address"
    assert stands(office, planner)
    browser.post("/reports/end", data={"csrf_token": token})
    assert not stands(office, planner)
    assert browser.post("/reports/subscribe", data={"email": "a@b.example"}).status_code == 400


@pytest.mark.parametrize(("actor", "code"), [(VISITOR, 401), (Actor(Role.SEAFARER, 1, 1), 403)])
def test_nobody_else_begins_it_on_the_page(client, actor, code):
    browser, _, who = client
    who["actor"] = actor
    browser.get("/definitions")
    token = browser.get_cookie("_csrf_token").value
    form = {"email": "reader@mail.example", "csrf_token": token}
    assert browser.post("/reports/subscribe", data=form).status_code == code


def test_a_letter_that_is_tried_again_no_longer_goes_to_an_account_closed_meanwhile(
    office, clock, planner
):
    wishes(office, planner)
    clock.go_to(MONDAY)
    with post_office(BANNER="421 busy") as server:
        assert sent(office, server) == 0
    with office.open() as work:
        work.run(account.update().values(disabled_at=work.now))
    clock.go_to(MONDAY + timedelta(hours=2))
    with post_office() as server:
        assert sent(office, server) == 0
        assert server.letters == []


def test_an_account_that_was_closed_gets_no_letter(office, clock, planner):
    wishes(office, planner)
    with office.open() as work:
        work.run(account.update().values(disabled_at=work.now))
    clock.go_to(MONDAY)
    with post_office() as server:
        assert sent(office, server) == 0
    with office.look() as look:
        assert len(look.all(select(report_subscription))) == 1
