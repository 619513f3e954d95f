"""Like beside like: a running year beside the same day of the one before, a whole beside a whole.

What looks ahead is told of the running year only.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from analytics.fill_rate import same_day
from analytics.filters import Filters
from analytics.number import Counted, points, share
from analytics.source import told_of
from services.kernel.work import Look
from services.words import Words

SOON = timedelta(days=28)  # how far the numbers look ahead


def looks_ahead(look: Look, filters: Filters) -> bool:
    """Tell whether classes of the year may begin within the next four weeks."""
    return filters.year in (look.today.year, (look.today + SOON).year)


def a_year_ago(
    look: Look, filters: Filters, whole: Counted, ask: Callable[[Filters], Counted]
) -> Counted | None:
    """Give what the year before had come to by the same day; its whole beside a year that is over.

    None while past days cannot be told yet. ask: the question, asked of that day.
    """
    if filters.year < look.today.year:
        return whole
    last = filters.year - 1
    day = same_day(look.today, look.today.year - 1)
    then, notes = told_of(look.connection, replace(filters, year=last, as_of=day))
    return None if notes else ask(then)


def change(
    words: Words,
    look: Look,
    filters: Filters,
    now: Counted,
    then: Counted | None,
    wider: float = 1.0,
) -> tuple[str, str]:
    """Say how a share moved against the year before, and what that year's was."""
    if then is None:
        return "", words("The year before is still being taken in.")
    if not then[1]:
        return "", words("There is no year before to compare with.")
    year, rate = words.year(filters.year - 1), words.percent(share(then))
    said = words("same days of {year}: {rate}", year=year, rate=rate)
    if filters.year < look.today.year:
        said = words("whole of {year}: {rate}", year=year, rate=rate)
    return points(words, now, then, wider), said
