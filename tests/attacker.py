"""Somebody with pencil and paper who wants to know what a table hides."""

from collections.abc import Iterator
from itertools import product

from analytics.disclosure import with_totals

MOST = 8  # hidden cells are tried up to here


def guesses(shown: list[list[int | None]]) -> Iterator[tuple[int, ...]]:
    """Give every filling of the hidden parts that fits the totals that are shown, not rounded.

    The attacker knows that a hidden cell is no zero: those are shown.
    """
    rows, columns = len(shown) - 1, len(shown[0]) - 1
    gaps = [(i, j) for i in range(rows) for j in range(columns) if shown[i][j] is None]
    for filling in product(range(1, MOST + 1), repeat=len(gaps)):
        whole = [[shown[i][j] or 0 for j in range(columns)] for i in range(rows)]
        for (i, j), value in zip(gaps, filling, strict=True):
            whole[i][j] = value
        full = with_totals(whole)
        if all(
            told is None or told == full[i][j]
            for i, row in enumerate(shown)
            for j, told in enumerate(row)
        ):
            yield tuple(value for row in full for value in row)


def found_out(table: list[list[int]], mask: list[list[bool]]) -> list[tuple[int, int]]:
    """Give the hidden cells, totals too, that have one value in every filling that fits."""
    shown = [
        [None if out else value for value, out in zip(row, outs, strict=True)]
        for row, outs in zip(table, mask, strict=True)
    ]
    fits = list(guesses(shown))
    width = len(table[0])
    return [
        (i, j)
        for i, row in enumerate(mask)
        for j, out in enumerate(row)
        if out and len({fit[i * width + j] for fit in fits}) == 1
    ]
