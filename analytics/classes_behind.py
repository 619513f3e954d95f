"""The classes behind the numbers of a selection, each leading to its own page and its queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics import labels
from analytics.charts import Figure
from analytics.class_facts import ClassFact
from analytics.sheet import Column, Sheet
from services.words import Words, mark

STATES = {
    "published": mark("Ahead"),
    "opened": mark("Held"),
    "cancelled": mark("Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """The classes of the selection, by first day."""

    classes: tuple[ClassFact, ...]
    today: date

    def state(self, one: ClassFact) -> str:
        """Name where a class stands; one whose list is frozen is still ahead until it begins."""
        ahead = one.state == "opened" and one.starts_on > self.today
        return STATES["published" if ahead else one.state]


def measure(facts: Sequence[ClassFact], year: int, today: date) -> Behind:
    """Keep the chosen year's."""
    return Behind(tuple(f for f in facts if f.year == year), today)


def finding(found: Behind, words: Words) -> str:
    """Say how many there are."""
    return words.many(
        "{n} class stands behind the numbers", "{n} classes stand behind the numbers",
        len(found.classes),
    )  # fmt: skip


def subtitle(_found: Behind, words: Words, period: str) -> str:
    """Say what is listed, and in which order."""
    return words("Every class of {period} within the filters, by first day", period=period)


def figure(_found: Behind, _words: Words, _theme: str, _narrow: bool) -> Figure:
    """Draw nothing: a list is a table."""
    return {"data": [], "layout": {"height": 0}}


def sheet(found: Behind, words: Words) -> Sheet:
    """Give the classes as a table; each row leads to the class."""
    columns = (
        Column(words("Class")),
        Column(words("Fill rate"), "percent"),  # beside the name: a phone shows two columns
        Column(words("Course"), "name"),
        Column(words("Institution"), "name"),
        Column(words("First day"), "date"),
        Column(words("State")),
        Column(words("Planned seats"), "number"),
        Column(words("Seats held"), "number"),
        Column(words("People who came"), "number"),
        Column(words("People waiting"), "number"),
    )
    rows = [
        (f.code, f.attended / f.planned if f.known and f.planned else None,
         labels.course(words, f.course), f.place(words),
         f.starts_on, words(found.state(f)), f.planned, f.held,
         f.attended if f.known else None, f.waiting)
        for f in found.classes
    ]  # fmt: skip
    return Sheet.of(columns, rows, [f"/desk/classes/{f.id}#people" for f in found.classes])
