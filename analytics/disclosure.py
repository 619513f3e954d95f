"""Small numbers: what may be shown of a table of people so that no hidden cell can be computed.

Cells of 1 to 4 are hidden, totals as well as parts. Further cells are hidden until none of them
follows from the rest, not even for somebody who knows which were small; what is left is rounded to
5. Pure: no database, no words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST, BASE = 5, 5
Counts = Sequence[Sequence[int]]
Mask = list[list[bool]]


def with_totals(rows: Counts) -> list[list[int]]:
    """Add the sum of each row as its last cell and the sums of the columns as the last row."""
    wide = [[*row, sum(row)] for row in rows]
    return [*wide, [sum(column) for column in zip(*wide, strict=True)]]


def protect(rows: Counts) -> list[list[int | None]]:
    """Give a table with its totals as it may be published; None is hidden."""
    table = with_totals(rows)
    if not rows:
        return []
    mask = hidden(table)
    return [
        [None if mask[i][j] else rounded(value) for j, value in enumerate(row)]
        for i, row in enumerate(table)
    ]


def rounded(value: int) -> int:
    """Round to the nearest 5."""
    return (value + BASE // 2) // BASE * BASE


def small_groups(sizes: Sequence[int]) -> list[bool]:
    """Tell which groups of a whole are too small to be spoken of, and a next one if need be."""
    return [row[0] for row in hidden(with_totals([[n] for n in sizes]))[:-1]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell ties its row to its column; a total takes away what its parts add."""

    at: tuple[int, int]
    row: int
    column: int
    value: int
    total: bool  # of a row or of a column
    sign: int

    def may(self, step: int) -> bool:
        """Tell whether it may grow or shrink and stay as small, or as large, as it is known."""
        small = self.value < LEAST
        low, high = (1, LEAST - 1) if small else (LEAST, self.value + 1)
        return low <= self.value + self.sign * step <= high


def _cells(table: Counts) -> list[_Cell]:
    """Give the cells that count; a single row or column has but one total, that of the whole."""
    last, end = len(table) - 1, len(table[0]) - 1
    if last == 1 or end == 1:
        ways = [(0, j) for j in range(end + 1)] if last == 1 else [(i, 0) for i in range(last + 1)]
        return [
            _Cell((i, j), 0, 0, table[i][j], whole, -1 if whole else 1)
            for n, (i, j) in enumerate(ways)
            for whole in [n == len(ways) - 1]
        ]
    return [
        _Cell((i, j), i, j, value, i == last or j == end, 1 if (i == last) == (j == end) else -1)
        for i, row in enumerate(table)
        for j, value in enumerate(row)
    ]


def hidden(table: Counts) -> Mask:
    """Choose what is hidden of a table whose last row and column are totals."""
    cells = [cell for cell in _cells(table) if cell.value]
    out = [cell for cell in cells if cell.value < LEAST]
    while open_to := exposed(out):
        more = _cover(cells, out, open_to[0])
        if not more:
            return [[True] * len(row) for row in table]
        out += more
    chosen = {cell.at for cell in out}
    single, lying = len(table[0]) == 2, len(table) == 2  # a total repeats the only part
    return [
        [(0 if lying else i, 0 if single and not lying else j) in chosen for j in range(len(row))]
        for i, row in enumerate(table)
    ]


def _cover(cells: Sequence[_Cell], out: Sequence[_Cell], cell: _Cell) -> list[_Cell]:
    """Choose what to hide as well, as little as possible: what closes a way back to a cell."""
    for _, more in sorted(_ways(cells, out, cell), key=lambda way: way[0]):
        if any(_varies([*out, *more], cell, step) for step in (1, -1)):
            return more
    return [c for c in cells if c not in out][:1]


def _ways(
    cells: Sequence[_Cell], out: Sequence[_Cell], cell: _Cell
) -> Iterator[tuple[tuple[int, int], list[_Cell]]]:
    """Give the corners that with a cell make a rectangle, and what they cost: totals, then people.

    In a single row or column every other cell is one.
    """
    single = all(c.row == c.column == 0 for c in cells)
    at = {c.at if single else (c.row, c.column): c for c in cells}
    for far, other in at.items():
        if single:
            corners = [other]
        elif other.row != cell.row and other.column != cell.column:
            ends = [(cell.row, far[1]), (far[0], cell.column)]
            corners = [other, *(at[end] for end in ends if end in at)]
            if len(corners) < 3:
                continue
        else:
            continue
        more = [c for c in corners if c not in out]
        if more:
            yield (sum(c.total for c in more), sum(c.value for c in more)), more


def exposed(out: Sequence[_Cell]) -> list[_Cell]:
    """Find the hidden cells that can have one value only.

    With the totals taken away every row and column sums to nothing, so a cell may vary if a closed
    way through hidden cells leads back to it.
    """
    return [cell for cell in out if not any(_varies(out, cell, step) for step in (1, -1))]


def _varies(out: Sequence[_Cell], cell: _Cell, step: int) -> bool:
    """Search a way back: from the cell's column to its row for +1, the other way round for -1."""
    if not cell.may(step):
        return False
    ends = ("column", cell.column), ("row", cell.row)
    start, goal = ends if step > 0 else ends[::-1]
    seen, waiting = {start}, [start]
    while waiting:
        side, n = waiting.pop()
        for other in out:
            if other is cell or n != (other.column if side == "column" else other.row):
                continue
            if other.may(-1 if side == "column" else 1):
                there = ("row", other.row) if side == "column" else ("column", other.column)
                if there == goal:
                    return True
                if there not in seen:
                    seen.add(there)
                    waiting.append(there)
    return False
