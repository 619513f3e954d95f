"""Uploaded papers harm nobody; an ID number is nowhere but in its seal."""

import io
import logging
import re

import pytest
from deployed import PASSWORD, Site
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from world import PAPER_RULES

from services.deliver import deliver
from services.notices.gateway import Counting
from services.registration.records import review_case, supplement

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
LARGEST = 5 * 1024 * 1024


@pytest.fixture
def site(world, tmp_path):
    return Site(world, tmp_path / "var")


@pytest.fixture
def asked(world, site):
    """A person under review, logged in; the registration and its case."""
    class_id = world.a_class(rules=PAPER_RULES)
    person_id = world.a_person()
    receipt = world.registers(person_id, class_id, declared=["letter"])
    with world.office.look() as look:
        case_id = look.scalar(select(review_case.c.id))
    return site.seafarer(person_id), receipt.registration_id, case_id


def uploads(browser, case_id, data, name):
    paper = FileStorage(io.BytesIO(data), filename=name)
    boundary, body = encode_multipart({"csrf_token": browser.token(), "paper": paper})
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(f"/supplements/{case_id}", data=body, content_type=kind)


def kept(site):
    with site.world.office.look() as look:
        rows = look.all(select(supplement))
    folder = site.desk.uploads
    return rows, sorted(path.name for path in folder.glob("*")) if folder.exists() else []


NO_PAPERS = {
    "html": b"<html><script>alert(1)</script>",
    "a program": b"MZ\x90",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "gif": b"GIF89a" + b"\0" * 20,
    "zip": b"PK\x03\x04" + b"\0" * 30,
    "html before pdf": b"<script>" + PDF,
    "zip behind jpeg": JPEG + b"PK\x03\x04" + b"\0" * 30,
    "html behind png": PNG + b"<script>alert(1)</script>",
    "a cut pdf": b"%PDF-1.4 without an end",
    "a byte too large": PDF + b" " * (LARGEST + 1 - len(PDF)),
    "nothing": b"",
}


def test_what_is_no_paper_is_refused_whatever_its_name(site, asked):
    browser, registration_id, case_id = asked
    for what, data in NO_PAPERS.items():
        for name in ("paper.pdf", "paper.jpg", "paper.png"):
            where = uploads(browser, case_id, data, name).headers["Location"]
            assert where.startswith(f"/registrations/{registration_id}?told=paper_"), what
    assert kept(site) == ([], [])


def test_far_too_large_a_body_is_refused_in_words(site, asked):
    browser, _, case_id = asked
    answer = uploads(browser, case_id, b"x" * (7 * 1024 * 1024), "paper.pdf")
    assert answer.status_code == 413
    assert "5" in answer.get_data(as_text=True)
    assert kept(site) == ([], [])


def test_who_was_logged_out_before_sending_a_paper_is_led_to_the_log_in(site, asked):
    _, _, case_id = asked
    answer = uploads(site.visitor(), case_id, PDF, "paper.pdf")
    assert answer.status_code == 401
    assert 'href="/login"' in answer.get_data(as_text=True)


NAMES = ["../../etc/passwd", "..\\..\\boot.ini", "a\x00.html", "evil\u202efdp.exe", "／etc／x",
         "x" * 300, "%22><script>.html", "%0D%0ASet-Cookie: a=b", ".htaccess"]  # fmt: skip
KINDS = {"application/pdf": PDF, "image/png": PNG, "image/jpeg": JPEG}


def test_the_stored_name_is_ours_and_the_given_one_is_harmless(site, asked):
    browser, _, case_id = asked
    for name in NAMES:
        uploads(browser, case_id, PDF, name)
    rows, files = kept(site)
    assert files == sorted(row.stored for row in rows)
    assert len(files) == len(NAMES)
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{40}\.pdf", row.stored)
        assert not re.search(r"[/\\<>\"\x00-\x1f\u202e]", row.given_name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_comes_back_as_it_is_and_runs_nothing(site, asked, kind):
    browser, _, case_id = asked
    uploads(browser, case_id, KINDS[kind], "paper.html")
    with browser.opens("/supplements/file/1") as given:
        assert given.data == KINDS[kind]
        assert given.headers["Content-Disposition"].startswith("attachment")
        assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert given.headers["X-Content-Type-Options"] == "nosniff"
        assert given.headers["Cache-Control"] == "no-store"
        assert given.headers["Content-Type"].split(";")[0] == kind


def test_papers_lie_outside_the_web_root(site, asked):
    browser, _, case_id = asked
    uploads(browser, case_id, PDF, "paper.pdf")
    _, (stored,) = kept(site)
    for path in (f"/uploads/{stored}", f"/assets/{stored}", f"/assets/../var/uploads/{stored}",
                 f"/var/uploads/{stored}"):  # fmt: skip
        assert browser.opens(path).status_code == 404


def test_a_paper_opens_for_its_owner_the_institution_and_the_planner_only(site, asked):
    owner, _, case_id = asked
    uploads(owner, case_id, PDF, "paper.pdf")
    expected = {owner: 200, site.officer(): 200, site.planner(): 200, site.officer("NKUST"): 404,
                site.seafarer(): 404, site.administrator(): 404, site.visitor(): 404}  # fmt: skip
    for browser, status in expected.items():
        with browser.opens("/supplements/file/1") as answer:
            assert answer.status_code == status
    before = kept(site)
    for browser, status in ((site.visitor(), 401), (site.officer("TUMT"), 403),
                            (site.seafarer(), 404)):  # fmt: skip
        assert uploads(browser, case_id, PDF, "paper.pdf").status_code == status
    assert kept(site) == before


def test_an_id_number_is_nowhere_but_in_its_seal(world, site, caplog):
    caplog.set_level(logging.DEBUG)
    class_id = world.a_class(rules=PAPER_RULES)
    person_id = world.a_person()
    seafarer = site.seafarer(person_id)
    receipt = world.registers(person_id, class_id, declared=["letter"])
    browsers = [seafarer, site.officer(), site.planner(), site.visitor()]
    numbers = list(site.numbers)
    site.visitor().logs_in(numbers[0], "wrong")
    world.days_before(class_id, 28)
    world.ticks()
    deliver(site.world.office, Counting(), base_url="http://127.0.0.1")
    again = site.logged_in(numbers[0])
    paths = ["/", "/me", f"/registrations/{receipt.registration_id}", "/inbox", "/eligible",
             "/desk/review", "/desk/review/1", f"/desk/calls/{class_id}", f"/classes/{class_id}",
             f"/apply/{class_id}/1", "/login"]  # fmt: skip
    shown = [b.reads(path) for b in (*browsers, again) for path in paths]
    shown += [
        b.opens(path).get_data(as_text=True) for b in browsers for path in ("/", "/_dash-layout")
    ]
    told = "\n".join([*shown, repr(site.everything()), caplog.text])
    for number in numbers:
        assert number not in told
    assert PASSWORD not in told


def test_an_error_in_the_database_tells_no_personal_data(world):
    from sqlalchemy import insert
    from sqlalchemy.exc import IntegrityError

    from services.identity.records import person

    world.a_person()
    row = {"id_index": "index-1", "id_sealed": b"x", "name_zh": "機密", "nationality": "national"}
    with pytest.raises(IntegrityError) as refused, world.office.open() as work:
        work.run(insert(person), {**row, "created_at": work.now})
    assert "機密" not in str(refused.value)
