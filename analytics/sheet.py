"""The table behind a figure: its text alternative and its CSV; numbers stay numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from services.words import Words

MOST = 75  # rows on a page (a browser needs half a minute for 230); a file has them all
LEAF = 50  # rows on each page of a list whose pages are turned
Kind = Literal["text", "number", "percent", "ratio", "days", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in the reader's language and what its cells are."""

    title: str
    kind: Kind = "text"

    @property
    def right(self) -> bool:
        """Say whether the cells stand on the right."""
        return self.kind not in ("text", "date")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a figure, in the figure's order; the first column names the row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    links: tuple[str, ...] = ()  # where each row leads, where rows lead somewhere

    @classmethod
    def of(
        cls, columns: Sequence[Column], rows: Sequence[Sequence[Any]], links: Sequence[str] = ()
    ) -> "Sheet":
        """Make a sheet of any sequences."""
        return cls(tuple(columns), tuple(tuple(row) for row in rows), tuple(links))

    @property
    def pages(self) -> int:
        """Count the pages of a list whose pages are turned."""
        return max(-(-len(self.rows) // LEAF), 1)

    def page(self, n: int) -> "Sheet":
        """Give one page, counted from 1."""
        here = slice((n - 1) * LEAF, n * LEAF)
        return replace(self, rows=self.rows[here], links=self.links[here])

    def texts(self, words: Words) -> list[list[str]]:
        """Write the cells of a page as the reader reads them."""
        return [
            [_text(words, c.kind, value) for c, value in zip(self.columns, row, strict=True)]
            for row in self.rows[:MOST]
        ]


_WRITERS: Mapping[Kind, Callable[[Words, Any], str]] = {
    "text": lambda _, x: str(x),
    "number": Words.number,
    "percent": Words.percent,
    "ratio": lambda _, x: f"{x:.2f}",
    "days": lambda _, x: f"{x:.1f}",
    "date": lambda words, x: words.day(x) if isinstance(x, date) else str(x),
}


def _text(words: Words, kind: Kind, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):  # also in a column of numbers: a cell that is not published
        return value
    return _WRITERS[kind](words, value)
