"""A person's contact data: where notices and calls go, checked field by field."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, exists, or_, select, update

from services.identity.records import person
from services.kernel.actor import Role
from services.kernel.db import among
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.kernel.work import Look, Work
from services.notices.records import notice, staff_task
from services.notices.undelivered import came_back, go_again
from services.registration.lifecycle import OPEN
from services.registration.records import registration
from services.words import LOCALES, mark

REGIONS: Mapping[str, str] = {
    "north": mark("North"),
    "central": mark("Central"),
    "south": mark("South"),
    "east": mark("East and islands"),
}
FIELDS = ("email", "mobile", "region", "locale")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_LOCAL = re.compile(r"09\d{8}")
Problem = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is reached, where they live, and the language of their notices."""

    email: str
    mobile: str
    region: str
    locale: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What the register says about a person; shown, not edited."""

    name_zh: str
    name_latin: str
    birth_date: date | None


def checked(typed: Mapping[str, Any]) -> Contact:
    """Turn what was typed into contact data, the phone number in its international form.

    Raises:
        InvalidInput: every field that cannot be used, with a sentence each.
    """
    found = {
        "email": _plain(typed.get("email")),
        "mobile": international(_plain(typed.get("mobile"))),
        "region": _plain(typed.get("region")),
        "locale": _plain(typed.get("locale")),
    }
    checks = (
        ("email", email_problem(found["email"])),
        ("mobile", mobile_problem(found["mobile"])),
        ("region", _one_of(found["region"], REGIONS, mark("Choose the region where you live."))),
        ("locale", _one_of(found["locale"], LOCALES, mark("Choose the language of your notices."))),
    )
    problems = {field: problem for field, problem in checks if problem is not None}
    if problems:
        raise InvalidInput(problems)
    return Contact(**found)


def email_problem(text: str) -> Problem | None:
    """Say what is wrong with an e-mail address."""
    if not text:
        return mark("Enter an e-mail address; notices are sent there."), {}
    if "@" not in text:
        return mark("The e-mail address has no @. Example: name@example.com"), {}
    if len(text) > 120:
        return mark("The e-mail address is too long: at most {most} characters."), {"most": 120}
    if not _EMAIL.fullmatch(text) or ".." in text:
        return mark("This is not an e-mail address. Example: name@example.com"), {}
    return None


def mobile_problem(number: str) -> Problem | None:
    """Say what is wrong with an international phone number."""
    if not number:
        return mark(
            "Enter a mobile number; questions are sent there too, and the institution calls it."
        ), {}
    if not _E164.fullmatch(number):
        return mark("Enter 10 digits starting with 09, or + and the country code."), {}
    return None


def international(number: str) -> str:
    """Write a number in E.164 form: 0912-345-678 becomes +886912345678."""
    digits = re.sub(r"[\s().-]", "", number)
    return f"+886{digits[1:]}" if _LOCAL.fullmatch(digits) else digits


def person_of(look: Look, person_id: int) -> tuple[Identity, Contact]:
    """Give who the actor is by the register, which only MTNet corrects, and the contact data.

    Raises:
        NotFound: it is another person.
    """
    row = look.one_or_none(_PERSON, {"person_id": person_id})
    if row is None or look.actor.person_id != person_id:
        raise NotFound()
    identity = Identity(row.name_zh, row.name_latin or "", row.birth_date)
    return identity, _contact(row)


_PERSON = select(
    person.c.name_zh, person.c.name_latin, person.c.birth_date, *(person.c[name] for name in FIELDS)
).where(person.c.id == bindparam("person_id"))
_KNOWN = select(
    *(person.c[name] for name in FIELDS),
    exists().where(notice.c.person_id == person.c.id, came_back()).label("came_back"),
).where(person.c.id == bindparam("person_id"))
_MATTERS = or_(  # the registration is open, or somebody is to tell how it ended
    exists().where(
        registration.c.id == notice.c.registration_id,
        among(registration.c.status, [status.value for status in OPEN]),
    ),
    exists().where(
        staff_task.c.registration_id == notice.c.registration_id, staff_task.c.closed_at.is_(None)
    ),
)
_KEEP = update(person).where(person.c.id == bindparam("person_id"))


def update_contact(work: Work, typed: Mapping[str, Any]) -> Contact:
    """Keep the actor's own contact data; with a new address goes what did not reach the old one.

    Raises:
        NotPermitted: the actor is no seafarer.
        InvalidInput: a field cannot be used.
    """
    if work.actor.role is not Role.SEAFARER or work.actor.person_id is None:
        raise NotPermitted()
    contact = checked(typed)
    mine = {"person_id": work.actor.person_id}
    known = work.one_or_none(_KNOWN, mine)
    if known is None:
        raise NotFound()
    if _contact(known) != contact:
        work.run(_KEEP, {**mine, **asdict(contact)})
    if known.came_back and known.email != contact.email:
        go_again(work, and_(notice.c.person_id == work.actor.person_id, _MATTERS))
    return contact


def _contact(row: Row[Any]) -> Contact:
    return Contact(*(getattr(row, field) or "" for field in FIELDS))


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else ""


def _one_of(value: str, options: Any, sentence: str) -> Problem | None:
    return None if value in options else (sentence, {})
