"""Compose letters when they are delivered or read, with the deadline that then holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Row, bindparam, func, select

from services.catalogue.records import course, institution, training_class
from services.checkpoints.kept import line_of
from services.identity.records import person
from services.kernel.clock import TAIPEI, taipei_day
from services.kernel.db import among
from services.kernel.errors import NotFound
from services.kernel.work import Look
from services.lottery.records import draw, draw_ticket
from services.lottery.rules import value_from
from services.lottery.standing import draw_columns, with_draw
from services.milestones import personal_deadline
from services.notices.kinds import SUBJECTS
from services.notices.reasons import REJECT_REASONS
from services.notices.records import notice
from services.registration.ahead import served_before
from services.registration.endings import why_ended
from services.registration.lifecycle import Notice, Status
from services.registration.records import registration, request
from services.words import Words

FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Letter:
    """One composed notice."""

    subject: str
    body: str


@cache
def _templates(folder: str) -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  plain text, no markup
    )


_STORY = with_draw(
    select(
        *draw_columns(),
        draw.c.drawn_at,
        draw_ticket.c.code.label("draw_ticket"),
        registration.c.registered_at,
        registration.c.seated_at,
        notice.c.id,
        notice.c.key,
        notice.c.kind,
        notice.c.facts,
        notice.c.registration_id,
        notice.c.made_at,
        person.c.name_zh,
        person.c.name_latin,
        person.c.email,
        person.c.locale,
        registration.c.number,
        registration.c.rank,
        registration.c.salt,
        registration.c.status,
        registration.c.track,
        registration.c.on_behalf,
        registration.c.claimed_at,
        registration.c.skip_reason,
        registration.c.class_id,
        training_class.c.code,
        training_class.c.kind.label("class_kind"),
        training_class.c.starts_on,
        training_class.c.ends_on,
        training_class.c.fee,
        training_class.c.place_zh,
        training_class.c.place_en,
        course.c.name_zh.label("course_zh"),
        course.c.name_en.label("course_en"),
        institution.c.name_zh.label("institution_zh"),
        institution.c.name_en.label("institution_en"),
        request.c.deadline,
        request.c.calendar_deadline,
        request.c.window_hours,
        request.c.freeze_at,
    )
    .join(registration, registration.c.id == notice.c.registration_id)
    .join(person, person.c.id == notice.c.person_id)
    .join(training_class, training_class.c.id == registration.c.class_id)
    .join(course, course.c.code == training_class.c.course)
    .join(institution, institution.c.code == training_class.c.institution)
    .outerjoin(
        request,
        (request.c.registration_id == registration.c.id) & request.c.closed_at.is_(None),
    )
    .outerjoin(draw_ticket, draw_ticket.c.id == registration.c.ticket_id)
)


def letter(look: Look, notice_id: int, words: Words) -> Letter:
    """Compose one notice in a reader's language.

    Raises:
        NotFound: there is no such notice.
    """
    stories = letters(look, [notice_id])
    if not stories:
        raise NotFound()
    return compose(look, stories[0], words)


def letters(look: Look, notice_ids: Sequence[int]) -> list[Row[Any]]:
    """Read everything the letters of these notices need, in one question."""
    return look.all(_STORY.where(notice.c.id.in_(notice_ids)).order_by(notice.c.id))


def compose(look: Look, story: Row[Any], words: Words, base_url: str = "") -> Letter:
    """Write the letter of a story; the first line of a template is its subject."""
    folder = "zh_Hant" if words.zh else "en"
    text = (
        _templates(folder)
        .get_template(f"{story.kind}.txt")
        .render(**_facts(look, story, words, base_url))
    )
    link = f"{base_url}/registrations/{story.registration_id}"
    body = f"{text.strip()}\n\n{words('Your registration: {link}', link=link)}\n"
    subject = f"{words(SUBJECTS[story.kind])}：" if words.zh else f"{words(SUBJECTS[story.kind])}: "
    return Letter(subject + words.name(story, "course"), body)


def text_of(look: Look, story: Row[Any], words: Words, base_url: str) -> str | None:
    """Write what a phone shows of a story that waits for an answer; None: it waits no more."""
    deadline = _deadline(story, look.now)
    if deadline is None:
        return None
    return words(
        "MPB seafarer training. {what}: {course} ({code}). Answer by {deadline}; without an answer "
        "the seat goes to others. {link}"
        if story.status == Status.ADMITTED.value
        else "MPB seafarer training. {what}: {course} ({code}). Answer by {deadline}; without an "
        "answer no seat is given. {link}",
        what=words(SUBJECTS[story.kind]),
        course=words.name(story, "course"),
        code=story.code,
        deadline=words.deadline(deadline),
        link=f"{base_url}/registrations/{story.registration_id}",
    )


def _facts(look: Look, story: Row[Any], words: Words, base_url: str) -> dict[str, Any]:
    facts = dict(story.facts)
    deadline = _deadline(story, look.now)
    return {
        "name": story.name_zh if words.zh else (story.name_latin or story.name_zh),
        "course": words.name(story, "course"),
        "institution": words.name(story, "institution"),
        "place": words.name(story, "place"),
        "code": story.code,
        "period": words.period(story.starts_on, story.ends_on),
        "number": story.number,
        "status": facts.get("status", story.status),
        "now": story.status,
        "reason": facts.get("reason"),
        "why": words(_why(story)) if facts.get("reason") else None,
        "track": story.track,
        "on_behalf": story.on_behalf,
        "fee": words.money(story.fee),
        "deadline": words.deadline(deadline) if deadline else None,
        "certain": story.deadline is not None,
        "waiting": _place(look, story) if story.status == Status.WAITLISTED.value else None,
        "ask": facts.get("ask"),
        "due": _instant(words, facts.get("due")),
        "other": facts.get("code"),
        "skip": facts.get("skip", "overlap"),
        "note": facts.get("note") or "",
        "seated": facts.get("seated"),
        "again": facts.get("again"),
        "was": _period(words, facts.get("was")),
        "days": _period(words, facts.get("days")),
        "moved_to": _period(words, facts.get("to")),
        "into": f"{base_url}/classes/{facts['into']}" if "into" in facts else None,
        "rank": story.rank,
        **_drawing(story, words),
        "checkpoint": line_of(look, words, base_url, story.made_at)
        if story.kind == Notice.RECEIPT.value
        else None,
        "receipt": story.salt if story.kind in _GIVES_A_NUMBER else None,
        "checks": f"{base_url}/checkpoints",
        "reject_reason": words(REJECT_REASONS.get(facts.get("reject_reason", ""), "")),
    }


_GIVES_A_NUMBER = (Notice.RECEIPT.value, Notice.MERGED.value)


def _why(story: Row[Any]) -> str:
    return why_ended(
        story.facts["reason"],
        kind=story.class_kind,
        claimed=story.claimed_at is not None,
        skipped=story.skip_reason is not None,
    )


def _drawing(story: Row[Any], words: Words) -> dict[str, Any]:
    """Tell what a draw means for the letter: the ticket, when it is drawn, a seat it gave."""
    if story.draw_id is None:
        return {"ticket": None, "draw_on": None, "by_draw": False}
    before = story.drawn_at is None or story.registered_at < story.drawn_at
    return {
        "ticket": story.draw_ticket,
        "closes": words.deadline(story.draw_closes_at),
        "draw_on": words.date(taipei_day(value_from(story.draw_closes_at))) if before else None,
        "by_draw": story.drawn_at is not None and story.seated_at == story.drawn_at,
    }


def _deadline(story: Row[Any], now: datetime) -> datetime | None:
    """Give the deadline of the open request: as it stands, or as it stands if it arrives now."""
    if story.deadline is not None or story.calendar_deadline is None:
        return story.deadline
    return personal_deadline(story.calendar_deadline, now, story.window_hours, story.freeze_at)


def _period(words: Words, days: Sequence[str] | None) -> str | None:
    return words.period(*map(date.fromisoformat, days)) if days else None


def _instant(words: Words, text: str | None) -> str | None:
    return words.deadline(datetime.fromisoformat(text).astimezone(TAIPEI)) if text else None


_MINE = registration.alias("mine")
_AHEAD = (
    select(func.count())
    .select_from(_MINE)
    .join(registration, registration.c.class_id == _MINE.c.class_id)
    .where(
        _MINE.c.id == bindparam("registration_id"),
        among(registration.c.status, ("waitlisted", "in_review")),
        registration.c.seat == "none",
        registration.c.track == _MINE.c.track,
        served_before(registration.c, _MINE.c),
    )
)


def _place(look: Look, story: Row[Any]) -> int:
    return int(look.scalar(_AHEAD, {"registration_id": story.registration_id})) + 1


def calendar_entry(story: Row[Any], words: Words) -> str:
    """Give the class as an iCalendar entry of whole days, both ends inclusive (RFC 5545)."""
    place = ", ".join(filter(None, (words.name(story, "institution"), words.name(story, "place"))))
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//portal.example//seafarer training//EN",
        "BEGIN:VEVENT",
        f"UID:class-{story.class_id}@portal.example",
        f"DTSTAMP:{story.made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{story.starts_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{story.ends_on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(words.name(story, 'course'))} ({story.code})",
        f"LOCATION:{_escaped(place)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")
