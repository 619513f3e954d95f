"""The checkpoints over the wire: page, files, the script anybody runs, the operator's audit."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from onlooker import Onlooker
from reader import Reader
from rewriting import rewrite
from sqlalchemy import delete, select
from typer.testing import CliRunner
from world import World

from pages import inbox
from portal.cli import app
from services.checkpoints import kept
from services.checkpoints.kept import newest
from services.checkpoints.records import checkpoint, checkpoint_head
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.make_checkpoint import make_checkpoint
from services.notices.letters import letter
from services.notices.records import notice
from services.registration.records import registration_event
from services.words import ENGLISH, ZH_HANT, words_for

HOUR = timedelta(hours=1)


def an_hour(town):
    """Let somebody register and the clock make a checkpoint an hour later."""
    receipt = town.registers(town.a_person(), town.town)
    town.clock.pass_by(HOUR)
    assert make_checkpoint(town.office) == 1
    return receipt


@pytest.fixture
def town(world):
    world.town = world.a_class(seats=5)
    world.portal = Onlooker(world)
    return world


def saved(town, *numbers):
    return [town.portal.client.get(f"/checkpoints/{n}.json").get_json() for n in numbers]


def run_script(town, folder, *files):
    """Run the script as it is downloaded, in a folder of its own, isolated from all of ours."""
    script = town.portal.client.get("/checkpoints/check_checkpoints.py")
    (folder / "check_checkpoints.py").write_bytes(script.data)
    names = []
    for n, file in enumerate(files):
        names.append(f"{n}.json")
        (folder / names[-1]).write_text(json.dumps(file), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "check_checkpoints.py", *names]
    return subprocess.run(command, cwd=folder, text=True, capture_output=True, check=False)


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_everybody_reads_the_newest_first_and_turns_the_pages(town, locale, monkeypatch):
    monkeypatch.setattr("pages.checkpoints.PER_PAGE", 2)
    monkeypatch.setattr(kept, "PER_PAGE", 2)
    town.portal.locale, say = locale, words_for(locale)
    assert say("No checkpoint yet") in town.portal.reads("/checkpoints")
    for _ in range(3):
        an_hour(town)
    roots = [one["root"] for one in saved(town, 1, 2, 3)]
    first, second = town.portal.reads("/checkpoints"), town.portal.reads("/checkpoints", "?page=2")
    assert first.index(roots[2]) < first.index(roots[1])
    assert [roots[0] in text for text in (first, second)] == [False, True]
    assert second == town.portal.reads("/checkpoints", "?page=99")
    assert say("No. {n}", n=3) in first
    assert town.office.vault.public_key in first
    assert say("Queue checkpoints") in town.portal.reads("/how")


def test_a_file_has_its_tag_its_terms_and_nothing_of_anybody(town):
    an_hour(town)
    answer = town.portal.client.get("/checkpoints/1.json")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert town.portal.client.get("/checkpoints/1.json", headers=tag).status_code == 304
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    file = answer.get_json()
    assert file["licence"]["id"] == "OGDL-Taiwan-1.0"
    names = {"number", "made_at", "previous", "root", "public_key", "signature", "heads"}
    assert set(file) == {*names, "licence"}
    assert [set(one) for one in file["heads"]] == [{"cohort", "events", "head"}]
    with town.office.look() as look:
        own = {row.hash for row in look.all(select(registration_event.c.hash))}
    assert not any(each in answer.text for each in own)


def test_programs_follow_to_the_newest_and_miss_what_is_not_there(town):
    assert town.portal.finds("/checkpoints/newest.json") == 404
    assert town.portal.finds("/checkpoints/1.json") == 404
    an_hour(town), an_hour(town)
    found = town.portal.client.get("/checkpoints/newest.json", follow_redirects=True)
    assert found.get_json()["number"] == 2


def test_the_script_agrees_with_what_the_portal_keeps(town, tmp_path):
    for _ in range(3):
        an_hour(town)
    done = run_script(town, tmp_path, *saved(town, 3, 1, 2))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("OK:") == 5
    assert run_script(town, tmp_path, *saved(town, 1, 3)).returncode == 0  # with a gap
    assert run_script(town, tmp_path).returncode == 1  # nothing was checked


@pytest.mark.parametrize("part", ["root", "previous", "number", "made_at", "heads"])
def test_the_script_says_so_when_a_file_was_tampered_with(town, tmp_path, part):
    an_hour(town), an_hour(town)
    first, second = saved(town, 1, 2)
    if part == "heads":
        second["heads"][0]["events"] += 1
    else:
        second[part] = 7 if part == "number" else "0"
    done = run_script(town, tmp_path, first, second)
    assert done.returncode == 1
    assert "WRONG:" in done.stdout


def forget(town):
    """Do away with all checkpoints, as somebody would who wanted to begin anew."""
    with town.office.open() as work:
        work.run(delete(checkpoint_head))
        work.run(delete(checkpoint))


def test_copies_tell_where_the_portal_began_anew(town, tmp_path):
    """All checkpoints made again after a rewriting: whole in themselves, unlike the copies."""
    an_hour(town), an_hour(town)
    copies = saved(town, 1, 2)
    rewrite(town, town.a_cohort(), 1, account_id=77)
    forget(town)
    make_checkpoint(town.office)
    assert town.broken() == []
    assert run_script(town, tmp_path, copies[0], *saved(town, 1)).returncode == 1


class TestAudit:
    @pytest.fixture
    def town(self, database, clock):
        engine = engine_for(str(database.url))
        world = World(Office(engine, clock), clock)
        world.town = world.a_class(seats=5)
        world.portal = Onlooker(world)
        an_hour(world), an_hour(world)
        yield world
        engine.dispose()

    def audit(self, folder, *files):
        paths = []
        for n, file in enumerate(files):
            path = folder / f"{n}.json"
            path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
            paths.append(str(path))
        done = CliRunner().invoke(app, ["audit", *paths])
        return done.exit_code, done.output

    def test_it_holds_what_was_saved(self, town, tmp_path):
        code, told = self.audit(tmp_path, *saved(town, 1, 2))
        assert (code, "holds exactly the chains" in told) == (0, True)

    def test_a_rewritten_chain_is_named(self, town, tmp_path):
        copies = saved(town, 1)
        rewrite(town, town.a_cohort(), 1, account_id=77)
        code, told = self.audit(tmp_path, *copies)
        assert code == 1
        assert f"checkpoint 1: cohort {town.a_cohort()} event 1" in told
        assert "does not hold what was published" in told

    def test_a_portal_that_began_anew_is_named(self, town, tmp_path):
        copies = saved(town, 1, 2)
        forget(town)
        make_checkpoint(town.office)
        code, told = self.audit(tmp_path, *copies)
        assert code == 1
        assert "0.json: this database has no checkpoint 1 with this root" in told
        assert "1.json: this database has no checkpoint 2 with this root" in told

    @pytest.mark.parametrize(
        ("part", "value", "named"),
        [
            ("made_at", "noon", "its root does not follow"),
            ("signature", "00", "its signature does not fit"),
            ("public_key", "00" * 32, "names another key"),
        ],
    )
    def test_a_file_that_was_changed_is_named(self, town, tmp_path, part, value, named):
        [copy] = saved(town, 1)
        code, told = self.audit(tmp_path, copy | {part: value})
        assert (code, named in told) == (1, True)

    @pytest.mark.parametrize("file", ["", "[]", "{}", '{"heads": 1}', "\x00", "[1"])
    def test_what_is_no_checkpoint_is_named(self, town, tmp_path, file):
        code, told = self.audit(tmp_path, file)
        assert (code, "0.json: this is no file of a checkpoint" in told) == (1, True)


@pytest.mark.parametrize("locale", [ENGLISH, ZH_HANT])
def test_a_receipt_carries_the_newest_checkpoint_of_its_moment_out_of_the_house(town, locale):
    first, second = an_hour(town), an_hour(town)
    an_hour(town)
    with town.office.look() as look:
        bodies = [_receipt(look, one, locale) for one in (first, second)]
        assert newest(look).number == 3
    [root] = [one["root"] for one in saved(town, 1)]
    line = {ENGLISH: "Queue checkpoint no. 1,", ZH_HANT: "佇列存證第1號"}[locale]
    assert [line in body for body in bodies] == [False, True]
    assert [root in body for body in bodies] == [False, True]


def _receipt(look, receipt, locale):
    of = notice.c.registration_id == receipt.registration_id, notice.c.kind == "receipt"
    return letter(look, look.scalar(select(notice.c.id).where(*of)), words_for(locale)).body


def test_the_inbox_leads_from_the_receipt_to_the_checkpoints(town):
    an_hour(town)
    reader = Reader(town, town.a_person())
    town.registers(reader.person_id, town.town)
    with town.office.look() as look:
        last = look.scalar(select(notice.c.id).order_by(notice.c.id.desc()))
    assert '"href": "/checkpoints"' in reader.sees(inbox.one, notice_id=str(last))
