"""Which institutions have not written the roll a week after the class? They are named."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, and_, case, func, select

from analytics.charts import Bar, Figure, bars, clickable
from analytics.class_facts import counts
from analytics.filters import Filters, classes, classes_within
from analytics.sheet import Column, Name, Sheet
from analytics.source import source
from services.catalogue.records import institution
from services.words import Words

GRACE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MissingRolls:
    """Those with overdue rolls, most first: code, names, overdue, over a week old, oldest end."""

    rows: tuple[tuple[str, str, str, int, int, date], ...]
    open: int = 0  # begun, somebody without a result, but not over for a week

    @property
    def overdue(self) -> int:
        """All overdue rolls."""
        return sum(row[3] for row in self.rows)


def extract(connection: Connection, filters: Filters, today: date) -> MissingRolls:
    """Count opened classes in which somebody has no result, by whether a week has passed."""
    of = classes(filters)
    counted = counts(filters, filters.year, summed=source(connection).sums)
    c, unmarked = of.c, counted.c.coming > 0
    over = c.ends_on < today - GRACE
    late = case((and_(unmarked, over), 1), else_=0)
    names = (institution.c.code, institution.c.short_zh, institution.c.short_en)
    statement = (
        select(
            *names,
            func.sum(late),
            func.sum(case((over, 1), else_=0)),
            func.min(case((and_(unmarked, over), c.ends_on))),
            func.sum(case((and_(unmarked, ~over), 1), else_=0)),
        )
        .select_from(of)
        .join(counted, counted.c.class_id == c.id, isouter=True)
        .join(institution, institution.c.code == c.institution)
        .where(
            classes_within(filters, filters.year, of=of),
            c.state == "opened",
            c.starts_on < today,
        )
        .group_by(*names)
    )
    counted_rows = connection.execute(statement).all()
    found = [
        (code, zh, en, int(n), int(of), oldest)
        for code, zh, en, n, of, oldest, _ in counted_rows
        if n
    ]
    still = sum(int(row[-1]) for row in counted_rows)
    return MissingRolls(tuple(sorted(found, key=lambda row: (-row[3], row[1]))), still)


class _Eyes:
    def finding(self, found: MissingRolls, words: Words) -> str:
        """Say how many rolls are overdue."""
        if not found.rows and found.open:
            return words.many(
                "No roll is overdue; {n} class is running or ended within the week",
                "No roll is overdue; {n} classes are running or ended within the week",
                found.open,
            )
        if not found.rows:
            return words("No roll is overdue by more than a week")
        return words.many(
            "{n} roll is overdue by more than a week", "{n} rolls are overdue by more than a week",
            found.overdue,
        )  # fmt: skip

    def subtitle(self, _found: MissingRolls, words: Words, period: str) -> str:
        """Say what is counted."""
        return words(
            "Classes that ended over 7 days ago with somebody still without a result; {period}",
            period=period,
        )

    def figure(self, found: MissingRolls, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the overdue rolls by institution, most first."""
        drawn = [
            Bar(
                zh if words.zh else en, n, words.number(n),
                words("of {n} classes", n=words.number(of)), low=True,
            )
            for _, zh, en, n, of, _ in found.rows
        ]  # fmt: skip
        figure_ = bars(drawn, theme, narrow=narrow)
        return clickable(figure_, "institution", [row[0] for row in found.rows])

    def sheet(self, found: MissingRolls, words: Words) -> Sheet:
        """Give the institutions as a table."""
        columns = (
            Column(words("Institution"), "name"),
            Column(words("Overdue rolls"), "number"),
            Column(words("Classes"), "number"),
            Column(words("Oldest ended"), "date"),
        )
        rows = [(Name(zh if words.zh else en, code), *rest) for code, zh, en, *rest in found.rows]
        return Sheet.of(columns, rows)


EYES = _Eyes()
