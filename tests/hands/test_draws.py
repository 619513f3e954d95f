"""The draws over the wire: what everybody may read and when, the script, the planners' hands."""

import base64
import json
import logging
import re
import subprocess
import sys
from datetime import date

import pytest
from lottery_town import CLOSES, SOURCE, VALUE, YEAR, a_lottery_town
from onlooker import Onlooker
from sqlalchemy import select

from callbacks import draws as hands
from callbacks import plan as plan_hands
from pages.directory import ROOMS
from services.kernel.actor import VISITOR, Role
from services.kernel.clock import taipei
from services.lottery.check_draw import order
from services.lottery.records import draw_ticket
from services.notices.letters import letter
from services.notices.records import notice
from services.registration.lifecycle import Status
from services.registration.listing import listing
from services.registration.wanted import Possible, Wanted
from services.words import ENGLISH, ZH_HANT, words_for


@pytest.fixture
def town(world):
    """A published lottery year with one class of two seats; the window is open, five registered."""
    town = a_lottery_town(world)
    [town.class_id] = town.has_classes(seats=2)
    town.publishes()
    town.opens()
    town.people = world.people(5)
    town.receipts = world.registered(town.class_id, *town.people)
    town.draw = town.draw_of(town.class_id).id
    town.portal = Onlooker(world)
    return town


def ticket_of(town, n):
    return town.ticket(town.receipts[n].registration_id).code


def as_person(town, n):
    town.portal.who = town.world.seafarer(town.people[n])
    return town.portal


def ticket_cells(text):
    """The number ticket of a page: what it tells, by its words."""
    before, _ = text.split('"className": "ticket"')
    cell = r'"children": "([^"]+)"\}, "type": "Small".*?"children": "([^"]+)"'
    return dict(re.findall(cell, before[before.rindex('"Number"') - 40 :]))


def told(town, path, n=None, search=""):
    town.portal.who = VISITOR if n is None else town.world.seafarer(town.people[n])
    return town.portal.reads(path, search)


def page_file(town):
    town.portal.who = VISITOR
    return town.portal.client.get(f"/draws/{town.draw}.json").get_json()


def run_script(town, folder, page, *, by_pipe=False):
    """Run the script as it is downloaded, in an empty folder, isolated from everything of ours."""
    script = town.portal.client.get("/draws/check_draw.py")
    (folder / "check_draw.py").write_bytes(script.data)
    (folder / "draw.json").write_text(json.dumps(page), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "check_draw.py"]
    text = json.dumps(page) if by_pipe else None
    command += [] if by_pipe else ["draw.json"]
    return subprocess.run(
        command, cwd=folder, text=True, input=text, capture_output=True, check=False
    )


@pytest.mark.parametrize("by_pipe", [False, True])
def test_the_script_recomputes_the_order_from_the_public_page(town, tmp_path, by_pipe):
    town.draws()
    done = run_script(town, tmp_path, page_file(town), by_pipe=by_pipe)
    assert done.returncode == 0, done.stderr
    ranked = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line[0].isdigit())
    with town.world.office.look() as look:
        kept = {str(t.rank): t.code for t in look.all(select(draw_ticket))}
    assert ranked == kept
    assert done.stdout.count("OK:") == 3


def ranked(page):
    return [one["ticket"] for one in sorted(page["tickets"], key=lambda one: one["rank"])]


def drawn_by(page, value):
    return order(page["seed"], value, ranked(page))


@pytest.mark.parametrize("part", ["seed", "value", "rank", "ticket", "ranks later", "ranks twice"])
def test_the_script_says_so_when_the_page_was_tampered_with(town, tmp_path, part):
    town.draws()
    page = page_file(town)
    if part == "seed":
        page[part] = "0"
    elif part == "value":  # few tickets: another value may give the same order by chance
        page[part] = next(v for v in map(str, range(1000)) if drawn_by(page, v) != ranked(page))
    elif part == "ticket":
        page["tickets"][0]["ticket"] = "AAA-AAA-AAA"
    elif part.startswith("ranks"):
        for one in page["tickets"]:
            one["rank"] = one["rank"] + 7 if part == "ranks later" else (one["rank"] + 1) // 2
    else:
        page["tickets"][0]["rank"], page["tickets"][1]["rank"] = 2, 1
    done = run_script(town, tmp_path, page)
    assert done.returncode == 1
    assert "WRONG:" in done.stdout


def test_the_list_as_csv_has_a_line_for_every_ticket(town):
    town.draws()
    lines = town.portal.client.get(f"/draws/{town.draw}.csv").get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffRank,Ticket"
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_everybody_reads_a_draw_at_every_stage(town, locale):
    town.portal.locale = locale
    say, seen = words_for(locale), []
    for step in (lambda: None, town.closes, town.reads_the_value, town.world.ticks):
        step()
        text = told(town, "/draws") + told(town, f"/draws/{town.draw}")
        assert town.draw_of(town.class_id).commitment in text
        seen.append(town.draw_of(town.class_id).state)
    assert seen == ["committed", "revealed", "revealed", "drawn"]
    assert say("Drawn") in text
    assert VALUE in text
    assert SOURCE["source_en" if locale == ENGLISH else "source_zh"] in text


def test_the_list_is_published_at_the_closing_and_a_ticket_can_be_looked_for(town):
    assert ticket_of(town, 0) not in told(town, f"/draws/{town.draw}")
    assert page_file(town)["tickets"] == []
    town.closes()
    typed = ticket_of(town, 0).replace("-", "").lower()
    assert ticket_of(town, 0) in told(town, f"/draws/{town.draw}", search=f"?ticket={typed}")
    assert "no such ticket" in told(town, f"/draws/{town.draw}", search="?ticket=zzz")


def test_nobody_but_the_owner_learns_whose_a_ticket_is(town):
    mine = ticket_of(town, 0)
    assert mine in told(town, f"/draws/{town.draw}", 0)
    assert mine in told(town, f"/registrations/{town.receipts[0].registration_id}", 0)
    for path in (f"/draws/{town.draw}", f"/classes/{town.class_id}", "/draws"):
        for reader in (1, None):
            assert mine not in told(town, path, reader)
    town.closes()
    assert "your ticket" in told(town, f"/draws/{town.draw}", 0)
    assert "your ticket" not in told(town, f"/draws/{town.draw}")


def everything_anybody_reads(town):
    """Open every room in every role, every file and every CSV, and collect what is answered."""
    actors = (VISITOR, town.world.seafarer(town.people[0]), town.world.officer(), *town.planners)
    for actor in actors:
        town.portal.who = actor
        for room in ROOMS:
            names = {"<draw_id>": str(town.draw), "<year>": str(YEAR)}
            parts = room.path.split("/")
            path = "/".join(names.get(p, "1") if p.startswith("<") else p for p in parts)
            yield town.portal.reads(path)
        files = [f"/draws/{town.draw}.json", f"/draws/{town.draw}.csv", "/readyz"]
        for file in (*files, "/export/fill_rate.csv", "/export/demand.csv", "/export/queues.csv"):
            yield town.portal.client.get(file).get_data(as_text=True)


def test_the_seed_is_nowhere_to_be_read_before_the_closing(town, office, caplog):
    caplog.set_level(logging.DEBUG)
    row = town.draw_of(town.class_id)
    seed = office.vault.open(row.sealed_seed, f"draw:{row.cohort_id}:{row.window_id}")
    sealed = row.sealed_seed
    secrets = (seed, sealed.hex(), base64.b64encode(sealed).decode(), repr(sealed)[2:-1])
    town.world.ticks()
    answers = "".join(everything_anybody_reads(town))
    assert not [secret for secret in secrets if secret in answers + caplog.text]
    with office.look() as look:
        rows = str(look.connection.exec_driver_sql("SELECT * FROM draw_event").fetchall())
        rows += str(look.connection.exec_driver_sql("SELECT * FROM draw").fetchall())
    assert seed not in rows
    town.closes()
    assert seed in told(town, f"/draws/{town.draw}")  # the twin: the same look finds it when shown


def test_the_pages_say_that_being_early_gains_nothing(town):
    for path in (f"/classes/{town.class_id}", f"/registrations/{town.receipts[0].registration_id}"):
        text = told(town, path, 0)
        assert "has the same chance" in text
        assert "Wed 15 December 2027, 17:00" in text
    assert "Draws of this course" in told(town, "/courses/BST")
    assert "Where ranks are drawn" in told(town, "/how")
    other = town.world.a_person()
    town.portal.who = town.world.seafarer(other)
    assert "Seats are drawn" in town.portal.reads(f"/classes/{town.class_id}")


def test_the_progress_page_tells_the_ticket_then_the_rank(town):
    path = f"/registrations/{town.receipts[0].registration_id}"
    before = told(town, path, 0)
    assert f"Your ticket {ticket_of(town, 0)} waits for the draw" in before
    assert "Number 001 is given up" in before  # there is no seat yet to give up
    assert "to be drawn" in told(town, path, 0)
    town.draws()
    rank = town.ranks(town.receipts)[0]
    assert f"Your rank {rank} was drawn with ticket {ticket_of(town, 0)}" in told(town, path, 0)


def test_whom_the_draw_can_give_no_seat_reads_why_and_is_promised_none(town):
    foreigner = town.world.a_person(nationality="foreigner")
    receipt = town.world.registers(foreigner, town.class_id)
    by_rank = "has to give you a rank that reaches a seat"
    assert by_rank in told(town, f"/registrations/{town.receipts[0].registration_id}", 0)
    town.portal.who = town.world.seafarer(foreigner)
    text = town.portal.reads(f"/registrations/{receipt.registration_id}")
    assert "You are on the self-funded track: funded seats go to the funded track only." in text
    assert by_rank not in text
    assert "are offered at one's own cost" in text


def test_who_comes_after_the_window_reads_the_waiting_place_and_no_rank(town):
    """Five drew; number 006 is served as the eleventh of the draw, and is the fourth to wait."""
    town.closes()
    late = town.world.a_person()
    receipt = town.world.registers(late, town.class_id)
    town.portal.who = town.world.seafarer(late)
    page = f"/registrations/{receipt.registration_id}"
    before = town.portal.reads(page)
    assert "you come after everybody drawn" in before
    assert "We write to you when there is a seat for you." in before  # none tells a rank
    town.reads_the_value()
    town.world.ticks()
    assert town.ranks([receipt]) == [11]
    after = town.portal.reads(page)
    assert "Your number was given after the window: you come after everybody drawn." in after
    assert "Waiting on this track: 4; before you: 3." in after
    assert ticket_cells(after) == {"Number": "006", "Waiting place": "4"}
    assert "ank 11" not in after
    assert "ank 11" not in town.portal.reads(f"/classes/{town.class_id}")
    for person, number in zip(town.people, range(1, 6), strict=True):
        town.portal.who = town.world.seafarer(person)
        cells = ticket_cells(town.portal.reads(f"/registrations/{number}"))
        assert cells["Rank"] == str(town.ranks(town.receipts)[number - 1])


def test_who_is_refused_before_the_draw_reads_no_rank(town):
    refused = town.world.a_person(medical=None)
    receipt = town.world.registers(refused, town.class_id)
    assert receipt.status is Status.INELIGIBLE
    town.portal.who = town.world.seafarer(refused)
    page = f"/registrations/{receipt.registration_id}"
    assert ticket_cells(town.portal.reads(page)) == {"Number": "006"}
    town.draws()
    [rank] = town.ranks([receipt])
    assert ticket_cells(town.portal.reads(page)) == {"Number": "006", "Rank": str(rank)}


def test_the_public_queue_shows_ranks_only_once_they_are_drawn(town):
    path = f"/classes/{town.class_id}"
    assert '"rank ' not in told(town, path)
    assert "the ranks are still to be drawn" in told(town, path)
    town.draws()
    text = told(town, path)
    assert all(f'"rank {rank}"' in text for rank in range(1, 6))


def letters_of(town, kind, locale=ENGLISH):
    with town.world.office.look() as look:
        ids = look.connection.scalars(select(notice.c.id).where(notice.c.kind == kind)).all()
        return [letter(look, key, words_for(locale)).body for key in ids]


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_receipts_tell_the_ticket_and_everybody_hears_of_the_draw(town, locale):
    first = letters_of(town, "receipt", locale)[0]
    assert ticket_of(town, 0) in first
    assert words_for(locale).deadline(CLOSES) in first
    town.draws()
    admitted, drawn = letters_of(town, "admitted", locale), letters_of(town, "drawn", locale)
    assert (len(admitted), len(drawn)) == (2, 3)
    codes = {ticket_of(town, n) for n in range(5)}
    assert all(any(code in body for code in codes) for body in (*admitted, *drawn))


def test_a_class_in_a_window_is_open_but_its_seats_are_not_free(town):
    def found(possible):
        with town.world.office.look() as look:
            return [offer.id for offer in listing(look, Wanted(possible=possible)).offers]

    assert found(Possible.NOW) == found(Possible.AHEAD) == [town.class_id]
    for possible in (Possible.FREE, Possible.WAITING, Possible.SELF_FUNDED, Possible.SOON):
        assert found(possible) == []


# -- planners ------------------------------------------------------------------------------------


class AtDesk:
    """A planner's hand."""

    def __init__(self, town, n):
        self.office, self.who = town.world.office, town.planners[n]

    def actor(self):
        return self.who

    def words(self):
        return words_for(ENGLISH)


def test_two_planners_enter_and_confirm_the_value_on_its_page(town):
    town.closes()
    town.world.clock.go_to(taipei(date(2027, 12, 16), 21))
    first, second, window = AtDesk(town, 0), AtDesk(town, 1), town.window()
    town.portal.who = town.planners[0]
    assert "draw window waits" in town.portal.reads("/plan")
    assert "Please enter the value" in str(hands.value(first, window, " ")[0])
    assert hands.value(first, window, VALUE)[1].endswith("told=value_entered")
    town.portal.who = town.planners[1]
    assert VALUE not in town.portal.reads(f"/plan/value/{window}")  # the second reads it afresh
    form, _ = hands.value(second, window, "03 11 19 24 73")
    assert "not what your colleague entered" in str(form)
    assert hands.value(second, window, VALUE)[1].endswith("told=value_confirmed")
    assert hands.take_back(first, window)[1] is not None
    town.world.ticks()
    assert town.draw_of(town.class_id).state == "drawn"
    assert "draw window waits" not in town.portal.reads("/plan")


def test_the_page_of_the_value_is_for_planners_only(town):
    for actor in (VISITOR, town.world.seafarer(town.people[0]), town.world.officer()):
        town.portal.who = actor
        assert "Value taken from" not in town.portal.reads(f"/plan/value/{town.window()}")
    assert Role.PLANNER in {role for room in ROOMS if "value" in room.path for role in room.roles}


def test_a_planner_chooses_a_lottery_and_its_windows_in_a_draft(world):
    town = a_lottery_town(world)
    planner, portal = AtDesk(town, 0), Onlooker(world)
    portal.who = town.planners[0]
    form, _ = hands.ordering(planner, YEAR, 2, "window_lottery", "彩券", "")
    assert "Name the public value" in str(form)
    assert hands.ordering(planner, YEAR, 2, "first_come", "", "")[1].endswith("told=plan_saved")
    assert "Window closes" not in portal.reads(f"/plan/{YEAR}")
    assert hands.ordering(planner, YEAR, 3, "window_lottery", *SOURCE.values())[1]
    assert "Window closes" in portal.reads(f"/plan/{YEAR}")
    row = ("2028-03-01", "2028-06-30", "2027-12-01T09:00", "")
    form, _ = plan_hands.windows(planner, YEAR, [row])
    assert "A lottery needs the moment its window closes" in str(form)
    assert plan_hands.windows(planner, YEAR, [(*row[:3], "2027-12-15T17:00")])[1]
    town.has_classes()
    town.publishes()
    text = portal.reads(f"/plan/{YEAR}")
    assert "draw window from" in text
    assert SOURCE["source_en"] in text


def test_an_unknown_draw_is_not_found(town):
    for path in ("/draws/999", "/draws/x", "/draws/999.json", "/draws/999.csv"):
        assert town.portal.finds(path) == 404


def test_without_a_lottery_the_list_of_draws_says_so(world):
    world.a_class()
    portal = Onlooker(world)
    assert "serve their queues by number" in portal.reads("/draws")
