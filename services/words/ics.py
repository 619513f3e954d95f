"""Calendar files as RFC 5545 asks: CRLF, lines folded at 75 octets, text escaped, Taipei time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.kernel.clock import TAIPEI

ZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Taipei",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "TZNAME:CST",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One calendar entry: a span of whole days (both ends inclusive), or one instant."""

    uid: str  # stays the same for ever, so that a calendar replaces what it has
    version: int
    summary: str
    text: str
    url: str
    first: date | datetime
    last: date | None = None
    place: str = ""
    cancelled: bool = False


def calendar_file(entries: Sequence[Entry], made_at: datetime) -> str:
    """Write entries as one calendar file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//MPB//Seafarer Training Portal//EN",
             "CALSCALE:GREGORIAN", "METHOD:PUBLISH", *ZONE]  # fmt: skip
    for entry in entries:
        lines += _entry(entry, made_at)
    return "".join(fold(line) for line in (*lines, "END:VCALENDAR"))


def _entry(entry: Entry, made_at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{entry.version}",
        *_when(entry),
        f"SUMMARY:{escaped(entry.summary)}",
        f"DESCRIPTION:{escaped(entry.text)}",
        *((f"LOCATION:{escaped(entry.place)}",) if entry.place else ()),
        f"URL:{entry.url}",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _when(entry: Entry) -> tuple[str, str]:
    if isinstance(entry.first, datetime):
        start = entry.first.astimezone(TAIPEI)
        return f"DTSTART;TZID=Asia/Taipei:{start:%Y%m%dT%H%M%S}", "DURATION:PT30M"
    after = (entry.last or entry.first) + timedelta(days=1)  # the end is exclusive
    return f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"


def escaped(text: str) -> str:
    """Escape a text value; line breaks become the two characters that stand for them."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, written)
    return "\\n".join(text.splitlines())


def fold(line: str) -> str:
    """Fold a line at 75 octets, never inside a character, and end it."""
    parts, room, now = [], 75, b""
    for character in line:
        octets = character.encode()
        if len(now) + len(octets) > room:
            parts.append(now)
            now, room = b"", 74  # the space that continues a line counts
        now += octets
    return "\r\n ".join(part.decode() for part in (*parts, now)) + "\r\n"
