"""One number at the head of a dashboard: value, unit, change with its base, way to the rows."""

from dataclasses import dataclass

from services.words import Words


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


def points(words: Words, now: float | None, then: float | None) -> str:
    """Give the change between two shares in percentage points; nothing where one is missing.

    It is the difference of the two as they are written, so that a reader who checks finds it.
    """
    if now is None or then is None:
        return ""
    change = round(round(now * 100, 1) - round(then * 100, 1), 1)
    return words("{sign}{n} points, ", sign=_sign(change), n=f"{abs(change):.1f}")


def growth(words: Words, now: float, then: float) -> str:
    """Give the change between two counts in percent of the earlier; nothing without one."""
    if not then:
        return ""
    change = now / then - 1
    return words("{sign}{n}%, ", sign=_sign(round(change, 3)), n=f"{abs(change) * 100:.1f}")


def _sign(change: float) -> str:
    return "▲ " if change > 0 else "▼ " if change < 0 else "± "
