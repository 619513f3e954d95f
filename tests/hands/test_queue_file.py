"""The public file of a queue over the wire, the script anybody runs on it, and receipts."""

import json
import logging
import subprocess
import sys
from datetime import date, timedelta

import pytest
from onlooker import Onlooker
from sqlalchemy import select, text
from world import called

from services import promote
from services.appeal import appeal
from services.cancel import cancel
from services.claim import claim
from services.merge_classes import merge_classes
from services.notices.letters import letter
from services.notices.records import notice
from services.override import approve_override, propose_override
from services.registration.lookup import progress
from services.registration.records import registration
from services.words import ENGLISH, ZH_HANT, words_for

HOUR = timedelta(hours=1)
WHY = "我的體檢證明在五月換發，海技資料尚未更新。"
GIVEN = "UPDATE registration SET person_id = :other WHERE id = :id"  # to somebody else


@pytest.fixture
def town(world):
    """A class of two seats with five people, the second of them on the self-funded track."""
    world.a_plan(max_choices=3)
    world.town = world.a_class(seats=2)
    world.crowd = [world.a_person(), world.a_person(nationality="foreigner"), *world.people(3)]
    world.receipts = world.registered(world.town, *world.crowd)
    world.portal = Onlooker(world)
    world.clock.pass_by(HOUR)
    return world


def saved(town, class_id=None):
    answer = town.portal.client.get(f"/classes/{class_id or town.town}/queue.json")
    assert answer.status_code == 200
    return answer.get_json()


def run_script(town, folder, *files, receipt=(), typed=""):
    """Run the script as it is downloaded, in a folder of its own, isolated from all of ours."""
    script = town.portal.client.get("/checkpoints/check_queue.py")
    (folder / "check_queue.py").write_bytes(script.data)
    names = []
    for n, file in enumerate(files):
        names.append(f"{n}.json")
        (folder / names[-1]).write_text(json.dumps(file), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "check_queue.py", *names, *map(str, receipt)]
    return subprocess.run(
        command, cwd=folder, input=typed, text=True, capture_output=True, check=False
    )


def wrong(done):
    """Give what the script found wrong."""
    assert not done.stderr
    found = [line for line in done.stdout.splitlines() if "WRONG:" in line]
    assert done.returncode == (1 if found else 0)
    return found


def code(town, which):
    return town.row(town.receipts[which].registration_id).salt


def rewritten(town, statement, **facts):
    """Write past the portal, as whoever has the database can."""
    with town.office.open() as work:
        assert work.connection.execute(text(statement), facts).rowcount == 1


def leaves(town, which):
    return town.does(town.crowd[which], cancel, town.receipts[which].registration_id)


class TestFile:
    def test_it_tells_commitment_open_status_and_steps_and_nothing_of_anybody(self, town):
        leaves(town, 0)
        file = saved(town)
        assert set(file) == {"class", "cap", "numbers", "as_of", "lines", "licence"}
        assert {tuple(line) for line in file["lines"]} == {("no", "rank", "c", "state", "steps")}
        told = {name for line in file["lines"] for step in line["steps"] for name in step}
        assert told == {"n", "at", "state", "seat", "past"}
        states = [line["state"] for line in file["lines"]]
        assert states == ["closed", "waitlisted", "admitted", "admitted", "waitlisted"]

    def test_an_ended_line_cannot_be_told_from_another(self, town):
        town.registers(town.a_person(medical=None), town.town)
        leaves(town, 0)
        left, refused = saved(town)["lines"][0], saved(town)["lines"][5]
        alike = {"state": "closed", "steps": []}
        assert left == alike | {name: left[name] for name in ("no", "rank", "c")}
        assert refused == alike | {name: refused[name] for name in ("no", "rank", "c")}

    def test_the_places_of_the_steps_are_this_files_own(self, town):
        """The chain's own numbers would tell by their gaps when the closed lines ended."""
        leaves(town, 0)
        leaves(town, 4)
        places = [step["n"] for line in saved(town)["lines"] for step in line["steps"]]
        assert sorted(places) == list(range(1, len(places) + 1))

    def test_who_was_passed_by_whom_is_told_without_the_reason(self, town):
        leaves(town, 0)
        _, _, seated, moved, _ = (line["steps"] for line in saved(town)["lines"])
        assert [step.get("past") for step in (*seated, *moved)] == [[2], None, [2]]

    def test_a_draft_and_an_unknown_class_have_none(self, town):
        for odd in (town.town + 1, 0, "x", "9" * 30):
            assert town.portal.finds(f"/classes/{odd}/queue.json") == 404
        rewritten(town, "UPDATE training_class SET state = 'draft'")
        assert town.portal.finds(f"/classes/{town.town}/queue.json") == 404

    def test_the_class_page_and_the_checkpoints_lead_to_it(self, town):
        assert f"/classes/{town.town}/queue.json" in town.portal.reads(f"/classes/{town.town}")
        for locale in (ENGLISH, ZH_HANT):
            town.portal.locale = locale
            page = town.portal.reads("/checkpoints")  # before the first checkpoint too
            assert "/checkpoints/check_queue.py" in page
            assert words_for(locale)("Check a queue, and your own line in it") in page
        empty = town.a_class()
        assert "queue.json" not in town.portal.reads(f"/classes/{empty}")


class TestScript:
    def test_it_agrees_with_a_queue_that_was_kept(self, town, tmp_path):
        """Over a seat freed, an overlap, an appeal, an override, a merge and the claims."""
        first = saved(town)
        leaves(town, 0)
        busy = town.a_class(course_code="AFF")
        town.registers(town.crowd[4], busy)
        leaves(town, 2)
        refused = town.a_person(medical=None)
        key = town.registers(refused, town.town).registration_id
        town.does(refused, appeal, key, statement=WHY)
        late = town.registers(town.a_person(), town.town).registration_id
        one, two = town.two_planners()
        with town.office.open(one) as work:
            proposal = propose_override(work, late, reason="court", note="判決書")
        with town.office.open(two) as work:
            approve_override(work, proposal)
        leaves(town, 3)
        second = saved(town)
        source = town.a_class(seats=2, starts_on=date(2027, 4, 19))
        target = town.a_class(seats=2, starts_on=date(2027, 5, 24))
        town.registered(source, *town.people(2))
        with town.office.open(town.planner()) as work:
            merge_classes(work, source, into=target)
        called(town, town.town, 28, 21, 14, 11)
        assert town.does(town.crowd[1], claim, town.receipts[1].registration_id)
        third = saved(town)
        assert third["lines"][1]["state"] == "self_funded"
        assert "court" in json.dumps(second)
        assert town.broken() == []
        done = run_script(town, tmp_path, first, third, second)
        assert wrong(done) == []
        assert done.stdout.count("OK:") == 3 * 3 + 2

    def test_nothing_checked_is_not_agreement(self, town, tmp_path):
        assert run_script(town, tmp_path).returncode == 1

    def test_it_says_how_it_is_run_where_something_is_missing(self, town, tmp_path):
        """No file, a number without its code, a number that is none: no check is claimed."""
        file = saved(town)
        for files, receipt in (((), ()), ((file,), (3,)), ((file,), ("x", code(town, 2)))):
            done = run_script(town, tmp_path, *files, receipt=receipt)
            assert (done.returncode, done.stdout) == (1, "")
            assert "python check_queue.py FILE NUMBER CODE" in done.stderr
            assert "Traceback" not in done.stderr

    def test_it_finds_a_seat_given_past_a_better_rank(self, town, tmp_path, monkeypatch):
        backwards = promote._WAITING.order_by(None).order_by(registration.c.rank.desc())
        monkeypatch.setattr(promote, "_WAITING", backwards)
        leaves(town, 0)
        file = saved(town)
        assert [told[:10] for told in town.broken()] == ["2: Ranks a", "the file o"]
        [found] = wrong(run_script(town, tmp_path, file))
        assert found.endswith("no seat past a better rank without a reason 5 past 4")
        [jump] = [step for step in file["lines"][4]["steps"] if step["seat"]]
        assert jump["past"] == [2]  # waits for a self-funded seat: that is recorded
        jump["past"] = [2, 4]  # with a reason told nothing is found
        assert wrong(run_script(town, tmp_path, file)) == []

    def test_it_finds_a_number_that_was_removed(self, town, tmp_path):
        whole, key = saved(town), town.receipts[3].registration_id
        elsewhere = f"UPDATE registration SET class_id = {town.a_class()} WHERE id = :id"
        rewritten(town, elsewhere, id=key)
        file = saved(town)
        [found] = wrong(run_script(town, tmp_path, file))
        assert found.endswith("numbers 1 to 5 4")
        file["lines"], file["numbers"] = file["lines"][:3], 3  # the end cut off, and the count
        assert wrong(run_script(town, tmp_path, file)) == []
        file["as_of"] = "2028"
        [found] = wrong(run_script(town, tmp_path, file, whole))  # an earlier copy knows
        assert found.endswith("0.json follows 1.json 4 5")

    def test_it_finds_more_people_than_seats(self, town, tmp_path):
        rewritten(town, "UPDATE training_class SET cap = 1, seats_held = 1")
        file = saved(town)
        [found] = wrong(run_script(town, tmp_path, file))
        assert found.endswith("at most 1 seats 3")
        file["cap"] = 2
        assert wrong(run_script(town, tmp_path, file)) == []

    def test_it_finds_a_number_given_to_somebody_else(self, town, tmp_path):
        before = saved(town)
        town.clock.pass_by(HOUR)
        key, other = town.receipts[2].registration_id, town.a_person()
        rewritten(town, GIVEN, other=other, id=key)
        [found] = wrong(run_script(town, tmp_path, saved(town), before))
        assert found.endswith("0.json follows 1.json 3")

    def test_files_of_two_classes_do_not_follow_each_other(self, town, tmp_path):
        other = town.a_class()
        town.registered(other, *town.people(1))
        [found] = wrong(run_script(town, tmp_path, saved(town), saved(town, other)))
        assert "another class" in found


class TestReceipt:
    def fits(self, town, folder, number, salt, person_id):
        done = run_script(town, folder, saved(town), receipt=(number, salt), typed=f"{person_id}\n")
        return wrong(done) == []

    def test_it_fits_its_own_line_and_no_other(self, town, tmp_path):
        assert self.fits(town, tmp_path, 3, code(town, 2), town.crowd[2])
        assert not self.fits(town, tmp_path, 4, code(town, 2), town.crowd[2])
        assert not self.fits(town, tmp_path, 3, code(town, 3), town.crowd[2])  # a foreign receipt
        assert not self.fits(town, tmp_path, 3, code(town, 2), town.crowd[3])

    def test_it_fits_no_more_once_the_line_is_somebody_elses(self, town, tmp_path):
        mine = code(town, 2), town.crowd[2]
        key, other = town.receipts[2].registration_id, town.a_person()
        rewritten(town, GIVEN, other=other, id=key)
        assert not self.fits(town, tmp_path, 3, *mine)

    def test_it_still_fits_when_the_line_has_ended(self, town, tmp_path):
        leaves(town, 2)
        assert self.fits(town, tmp_path, 3, code(town, 2), town.crowd[2])

    def test_every_registration_has_a_code_of_its_own_also_after_coming_back(self, town):
        leaves(town, 2)
        town.registers(town.crowd[2], town.town)
        with town.office.look() as look:
            salts = [row.salt for row in look.all(select(registration.c.salt))]
        assert len(set(salts)) == len(salts) == 6

    def test_a_merge_gives_a_new_code_and_the_letter_tells_it(self, town):
        target = town.a_class(seats=5, starts_on=date(2027, 5, 24))
        with town.office.open(town.planner()) as work:
            merge_classes(work, town.town, into=target)
            mine = registration.c.class_id == target, registration.c.person_id == town.crowd[0]
            row = work.one_or_none(select(registration).where(*mine))
        assert row.salt != code(town, 0)
        assert row.salt in said(town, row.id, "merged", ENGLISH)
        assert row.salt in said(town, row.id, "merged", ZH_HANT)

    @pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
    def test_letter_and_page_tell_it_to_its_owner(self, town, locale):
        key = town.receipts[2].registration_id
        told = said(town, key, "receipt", locale)
        assert code(town, 2) in told
        assert "116-BST-01" in told
        owner = town.seafarer(town.crowd[2])
        town.portal.locale, town.portal.who = locale, owner
        page = town.portal.reads(f"/registrations/{key}")
        assert code(town, 2) in page
        assert words_for(locale)("Receipt code") in page

    def test_nobody_else_ever_sees_it(self, town, caplog):
        """Not on a public page, not at a desk, not in the log of a letter that cannot be sent."""
        caplog.set_level(logging.DEBUG)
        salts, key = [code(town, n) for n in range(5)], town.receipts[2].registration_id
        town.ticks()
        told = [json.dumps(saved(town)), caplog.text]
        desks = (f"/desk/classes/{town.town}", f"/registrations/{key}", "/desk/review", "/")
        for who in (town.officer(), town.planner(), town.seafarer(town.crowd[0])):
            town.portal.who = who
            told += [town.portal.reads(path) for path in (f"/classes/{town.town}", *desks)]
        others = [salt for salt in salts if salt != salts[0]]
        assert not any(salt in each for each in told for salt in others)
        for who in (town.officer(), town.planner()):  # who may read the registration
            with town.office.look(who) as look:
                assert progress(look, key).receipt is None


def said(town, registration_id, kind, locale):
    with town.office.look() as look:
        of = notice.c.registration_id == registration_id, notice.c.kind == kind
        return letter(look, look.scalar(select(notice.c.id).where(*of)), words_for(locale)).body
