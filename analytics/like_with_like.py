"""Like beside like: a running year beside the same day of the one before, a whole beside a whole.

What looks ahead is told of the running year only.
"""

from datetime import timedelta

from analytics.filters import Filters
from analytics.number import Counted, points, share
from services.kernel.work import Look
from services.words import Words

SOON = timedelta(days=28)  # how far the numbers look ahead


def looks_ahead(look: Look, filters: Filters) -> bool:
    """Tell whether classes of the year may begin within the next four weeks."""
    return filters.year in (look.today.year, (look.today + SOON).year)


def change(
    words: Words,
    look: Look,
    filters: Filters,
    now: Counted,
    then: Counted,
    wider: float = 1.0,
) -> tuple[str, str]:
    """Say how a share moved against the year before, and what that year's was.

    then: of the same days of the year before; of all of it where the year is over.
    """
    if filters.year < look.today.year:
        return beside_whole(words, look, filters, now, then, wider)
    if not then[1]:
        return "", words("There is no year before to compare with.")
    year, rate = words.year(filters.year - 1), words.percent(share(then))
    return points(words, now, then, wider), words(
        "same days of {year}: {rate}", year=year, rate=rate
    )


def beside_whole(
    words: Words, look: Look, filters: Filters, now: Counted, whole: Counted, wider: float = 1.0
) -> tuple[str, str]:
    """Give what all of the year before came to; a running year is not measured against it."""
    if not whole[1]:
        return "", words("There is no year before to compare with.")
    year, rate = words.year(filters.year - 1), words.percent(share(whole))
    moved = points(words, now, whole, wider) if filters.year < look.today.year else ""
    return moved, words("whole of {year}: {rate}", year=year, rate=rate)


def beside(words: Words, look: Look, filters: Filters, then: str) -> str:
    """Name what the year before came to: to the same day, or all of it where the year is over."""
    year = words.year(filters.year - 1)
    if filters.year < look.today.year:
        return words("whole of {year}: {rate}", year=year, rate=then)
    return words("same days of {year}: {rate}", year=year, rate=then)


def of_whole(words: Words, filters: Filters, then: str) -> str:
    """Name what all of the year before came to, where its days are not told apart."""
    return words("whole of {year}: {rate}", year=words.year(filters.year - 1), rate=then)


def together(words: Words, *said: str) -> str:
    """Put parts of a note together, those that say something."""
    return ("；" if words.zh else "; ").join(part for part in said if part)
