"""Which classes need somebody to act today?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics import labels
from analytics.class_facts import ClassFact
from analytics.sheet import Column, Sheet
from services.words import Words

AHEAD = timedelta(days=28)  # before the confirmation call nothing is settled yet


@dataclass(frozen=True, slots=True)
class Attention:
    """Classes that have not begun: idle seats with a queue, and classes that stay too small."""

    idle: tuple[ClassFact, ...]
    small: tuple[ClassFact, ...]
    idle_seats: int  # that could be given to somebody who waits

    @property
    def all(self) -> list[ClassFact]:
        """Every such class once, the next one first."""
        return sorted({*self.idle, *self.small}, key=lambda f: (f.starts_on, f.code))


def with_both(facts: Sequence[ClassFact], year: int, today: date) -> list[int]:
    """Give the classes ahead where seats are free and people wait."""
    return [f.id for f in _ahead(facts, year, today) if min(f.free, f.waiting) > 0]


def measure(
    facts: Sequence[ClassFact], year: int, today: date, next_in_line: Mapping[int, int]
) -> Attention:
    """Find them; a class is small if even everybody who holds a seat would not be enough.

    next_in_line: by class, how many of those who wait could take a seat today.
    """
    ahead = _ahead(facts, year, today)
    idle = {f: min(f.free, next_in_line.get(f.id, 0)) for f in ahead}
    return Attention(
        idle=tuple(f for f, n in idle.items() if n > 0),
        small=tuple(f for f in ahead if f.starts_on <= today + AHEAD and f.held < f.min_size),
        idle_seats=sum(n for n in idle.values() if n > 0),
    )


def _ahead(facts: Sequence[ClassFact], year: int, today: date) -> list[ClassFact]:
    published = (f for f in facts if f.year == year and f.state == "published")
    return [f for f in published if today <= f.starts_on]


def reasons(found: Attention, fact: ClassFact, words: Words) -> list[tuple[str, str, str]]:
    """Say why a class needs somebody: words, tone, icon."""
    said = []
    if fact in found.small:
        text = words.many(
            "{n} person below the minimum",
            "{n} people below the minimum",
            fact.min_size - fact.held,
        )
        said.append((text, "problem", "warn"))
    if fact in found.idle:
        said.append((words("People wait, seats are free"), "waiting", "hourglass"))
    return said


def sheet(found: Attention, words: Words) -> Sheet:
    """Give the classes as a table."""
    columns = (
        Column(words("Class")),
        Column(words("Course"), "name"),
        Column(words("Institution"), "name"),
        Column(words("First day"), "date"),
        Column(words("Seats held"), "number"),
        Column(words("Seats"), "number"),
        Column(words("People waiting"), "number"),
        Column(words("Empty seats"), "number"),
        Column(words("Why")),
    )

    def why(fact: ClassFact) -> str:
        return "; ".join(text for text, *_ in reasons(found, fact, words))

    rows = [
        (f.code, labels.course(words, f.course), f.place(words),
         f.starts_on, f.held, f.cap, f.waiting, f.free, why(f))
        for f in found.all
    ]  # fmt: skip
    return Sheet.of(columns, rows)
