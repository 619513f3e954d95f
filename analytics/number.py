"""One number at the head of a dashboard: value, unit, change with its base, way to the rows."""

from dataclasses import dataclass
from math import sqrt

from analytics.limits import Z95
from services.words import Words

Counted = tuple[int, int]  # n of N


@dataclass(frozen=True, slots=True)
class Trend:
    """Points from the oldest to the newest; None where nothing was held."""

    name: str  # what the points are
    points: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the reader sees it; `measure` is its definition."""

    name: str
    measure: str
    value: str
    unit: str
    note: str
    link: str
    href: str
    delta: str = ""  # the change, before the note
    alarm: bool = False
    trend: Trend | None = None


def share(counted: Counted) -> float | None:
    """Give n of N as a share; None of nothing."""
    n, of = counted
    return n / of if of else None


def points(words: Words, now: Counted, then: Counted, wider: float = 1.0) -> str:
    """Give the change between two shares in percentage points; nothing where one is missing.

    It is the difference of the two as they are written, so that a reader who checks finds it. Only
    what lies beyond the 95 % limits of chance has an arrow. wider: over-dispersion.
    """
    a, b = share(now), share(then)
    if a is None or b is None:
        return ""
    change = round(round(a * 100, 1) - round(b * 100, 1), 1)
    both = min((now[0] + then[0]) / (now[1] + then[1]), 1.0)
    half = Z95 * sqrt(max(wider, 1.0) * both * (1 - both) * (1 / now[1] + 1 / then[1]))
    n = f"{abs(change):.1f}"
    if abs(a - b) > half:
        return words("{sign}{n} points, ", sign=_arrow(change), n=n)
    return words("{sign}{n} points, no more than chance; ", sign=_sign(change), n=n)


def beyond_chance(now: int, then: int) -> bool:
    """Tell whether two counts differ by more than the 95 % limits of chance."""
    return abs(now - then) > Z95 * sqrt(now + then)


def growth(words: Words, now: int, then: int) -> str:
    """Give the change between two counts in percent of the earlier; nothing without one.

    Only what lies beyond the 95 % limits of chance has an arrow.
    """
    if not then:
        return ""
    change = round(now / then - 1, 3)
    n = f"{abs(change) * 100:.1f}"
    if beyond_chance(now, then):
        return words("{sign}{n}%, ", sign=_arrow(change), n=n)
    return words("{sign}{n}%, no more than chance; ", sign=_sign(change), n=n)


def _arrow(change: float) -> str:
    return "▲ " if change > 0 else "▼ " if change < 0 else ""


def _sign(change: float) -> str:
    return "+" if change > 0 else "−" if change < 0 else "±"
