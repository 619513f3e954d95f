"""Enter at the counter a person whom the portal does not know; no account is opened."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from services.catalogue.checks import Checks
from services.contact import REGIONS, email_problem, international, mobile_problem
from services.counter import may_take, person_of
from services.identity.national_id import nationality, sex
from services.identity.records import person
from services.kernel.work import Work
from services.words import LOCALES, mark

Seal = Callable[[str, int], bytes]  # (national ID, person id) -> sealed
NEW_PERSON = ("name_zh", "name_latin", "birth_date", "email", "mobile", "region", "locale")
OLDEST = 100  # years


def enter_person(
    work: Work, class_id: int, typed: Mapping[str, Any], *, number: str, id_index: str, seal: Seal
) -> int:
    """Enter a person whom the portal does not know; return the person's id.

    Whoever was entered at another counter meanwhile is found. No account is opened.

    Raises:
        NotFound, NotPermitted, ClassClosed, NotOpenYet: as `open_visit`.
        InvalidInput: fields that cannot be used.
    """
    closed = may_take(work, class_id)
    if closed is not None:
        raise closed
    values = _checked(work.today, typed) | {
        "id_index": id_index,
        "id_sealed": b"",  # bound to the row, whose id is known below
        "sex": sex(number),
        "nationality": nationality(number),
        "created_at": work.now,
    }
    try:
        with work.connection.begin_nested():
            made = int(work.run(insert(person), values).inserted_primary_key[0])
    except IntegrityError:
        known = person_of(work, id_index)
        assert known is not None
        return known
    sealed = seal(number, made)
    work.run(update(person).where(person.c.id == made).values(id_sealed=sealed))
    return made


def _checked(today: date, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what the ID card and the person say into columns; the e-mail address may be missing."""
    text = {name: str(typed.get(name) or "").strip() for name in NEW_PERSON}
    mobile, checks = international(text["mobile"]), Checks()
    if not text["name_zh"]:
        checks.refuse("name_zh", mark("Please write the name as it stands on the card."))
    checks.short("name_zh", text["name_zh"], 60)
    checks.short("name_latin", text["name_latin"], 80)
    born = _born(text["birth_date"])
    if born is None or not today.year - OLDEST <= born.year or born >= today:
        checks.refuse("birth_date", mark("Please enter the date of birth on the card."))
    problems = {"mobile": mobile_problem(mobile)}
    if text["email"]:
        problems["email"] = email_problem(text["email"])
    for name, problem in problems.items():
        if problem is not None:
            checks.refuse(name, problem[0], **problem[1])
    if text["region"] not in REGIONS:
        checks.refuse("region", mark("Choose the region where you live."))
    if text["locale"] not in LOCALES:
        checks.refuse("locale", mark("Choose the language of your notices."))
    checks.settle()
    latin, email = text["name_latin"] or None, text["email"] or None
    found = {"name_latin": latin, "email": email, "mobile": mobile, "birth_date": born}
    return {**{name: text[name] for name in ("name_zh", "region", "locale")}, **found}


def _born(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
