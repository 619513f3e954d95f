"""The table behind a figure: its text alternative and its files; numbers stay numbers.

A name remembers the code it stands for: a page shows the name, a file both, because names change
with the reader's language and codes do not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from services.kernel.clock import TAIPEI
from services.words import Words

MOST = 75  # rows on a page (a browser needs half a minute for 230); a file has them all
LEAF = 50  # rows on each page of a list whose pages are turned
Kind = Literal[
    "text", "name", "number", "percent", "rounded", "ratio", "days", "amount", "date", "moment",
    "fraction",
]  # fmt: skip
LEFT = ("text", "name", "date", "moment")


class Name(str):
    """A name in the reader's language with the code it stands for; without one, of nothing."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str = "") -> "Name":
        """Name a code."""
        made = super().__new__(cls, text)
        made.code = code
        return made


class Amount(float):
    """A number that knows how it is written, for a column whose rows are of several kinds."""

    __slots__ = ("kind",)
    kind: Kind

    def __new__(cls, value: float, kind: Kind) -> "Amount":
        """Note the kind of a number."""
        made = super().__new__(cls, value)
        made.kind = kind
        return made

    def written(self, words: Words) -> str:
        """Write it as the reader reads it."""
        return _WRITERS[self.kind](words, self)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in the reader's language and what its cells are."""

    title: str
    kind: Kind = "text"
    parts: tuple[str, str] = ("", "")  # of a fraction: in files its two numbers stand apart
    spare: bool = False  # left out on a page where nothing stands in it

    @property
    def right(self) -> bool:
        """Say whether the cells stand on the right."""
        return self.kind not in LEFT


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a figure, in the figure's order; the first column names the row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    links: tuple[str, ...] = ()  # where each row leads, where rows lead somewhere
    nothing: bool = False  # what it counts came to nothing: the title has said so

    @classmethod
    def of(
        cls,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Any]],
        links: Sequence[str] = (),
        *,
        nothing: bool = False,
    ) -> "Sheet":
        """Make a sheet of any sequences."""
        return cls(tuple(columns), tuple(tuple(row) for row in rows), tuple(links), nothing)

    @property
    def on_page(self) -> "Sheet":
        """Give the table as a page shows it: without spare columns in which nothing stands."""
        kept = [
            n
            for n, column in enumerate(self.columns)
            if not column.spare or any(row[n] is not None for row in self.rows)
        ]
        columns = tuple(self.columns[n] for n in kept)
        return replace(
            self, columns=columns, rows=tuple(tuple(r[n] for n in kept) for r in self.rows)
        )

    @property
    def pages(self) -> int:
        """Count the pages of a list whose pages are turned."""
        return max(-(-len(self.rows) // LEAF), 1)

    def page(self, n: int) -> "Sheet":
        """Give one page, counted from 1."""
        here = slice((n - 1) * LEAF, n * LEAF)
        return replace(self, rows=self.rows[here], links=self.links[here])

    def in_files(self, words: Words) -> "Sheet":
        """Give the table as files hold it: before each name its code, fractions apart, ISO."""
        columns: list[Column] = []
        for c in self.columns:
            if c.kind == "name":
                columns.append(Column(words("{title} code", title=c.title)))
            columns += [Column(part, "number") for part in c.parts] if c.kind == "fraction" else [c]
        rows = [
            [cell for c, value in zip(self.columns, row, strict=True) for cell in _cells(c, value)]
            for row in self.rows
        ]
        return Sheet.of(columns, rows)

    def texts(self, words: Words) -> list[list[str]]:
        """Write the cells of a page as the reader reads them."""
        return [
            [_text(words, c.kind, value) for c, value in zip(self.columns, row, strict=True)]
            for row in self.rows[:MOST]
        ]


def _cells(column: Column, value: Any) -> tuple[Any, ...]:
    if column.kind == "name":
        return getattr(value, "code", ""), value
    if column.kind == "fraction":
        return tuple(value)
    if isinstance(value, datetime):
        return (value.astimezone(TAIPEI).isoformat(timespec="minutes"),)
    return (value,)


def _fraction(words: Words, parts: tuple[float | None, float | None]) -> str:
    return "/".join("–" if part is None else words.number(part) for part in parts)


_WRITERS: Mapping[Kind, Callable[[Words, Any], str]] = {
    "text": lambda _, x: str(x),
    "name": lambda _, x: str(x),
    "number": Words.number,
    "percent": Words.percent,
    "rounded": lambda words, x: words.percent(x, 0),
    "ratio": lambda _, x: f"{x:.2f}",
    "days": lambda _, x: f"{x:.1f}",
    "amount": lambda words, x: x.written(words),
    "date": lambda words, x: words.day(x) if isinstance(x, date) else str(x),
    "moment": Words.deadline,
    "fraction": _fraction,
}


def _text(words: Words, kind: Kind, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):  # also in a column of numbers: a cell that is not published
        return value
    return _WRITERS[kind](words, value)
