"""Which classes need somebody to act today?"""

from collections.abc import Sequence
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

    @property
    def idle_seats(self) -> int:
        """Seats that could be given to somebody who waits."""
        return sum(min(f.free, f.waiting) for f in self.idle)

    @property
    def all(self) -> list[ClassFact]:
        """Every such class once, the next one first."""
        return sorted({*self.idle, *self.small}, key=lambda f: (f.starts_on, f.code))


def measure(facts: Sequence[ClassFact], year: int, today: date) -> Attention:
    """Find them; a class is small if even everybody who holds a seat would not be enough."""
    ahead = [f for f in facts if f.year == year and f.state == "published"]
    ahead = [f for f in ahead if today <= f.starts_on]
    return Attention(
        idle=tuple(f for f in ahead if min(f.free, f.waiting) > 0),
        small=tuple(f for f in ahead if f.starts_on <= today + AHEAD and f.held < f.min_size),
    )


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
