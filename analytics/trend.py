"""How a number came to where it is: its last months, where there are at least twelve."""

from collections.abc import Callable, Sequence
from datetime import date

from analytics.class_facts import ClassFact
from analytics.fill_rate import settled
from analytics.number import Counted, Trend, share
from services.words import Words

LEAST = 12  # points; fewer are no trend


def by_month(
    facts: Sequence[ClassFact],
    year: int,
    today: date,
    of: Callable[[Sequence[ClassFact]], Counted],
    words: Words,
) -> Trend | None:
    """Give a share for each month classes began in, up to the year's latest; over two years."""
    months: dict[tuple[int, int], list[ClassFact]] = {}
    for each in (year - 1, year):
        for fact in settled(facts, each, min(today, date(year + 1, 1, 1))):
            months.setdefault((fact.starts_on.year, fact.starts_on.month), []).append(fact)
    known = {month: rate for month, of_it in months.items()
             if (rate := share(of(of_it))) is not None}  # fmt: skip
    latest = sorted(known)[-LEAST:]
    if len(latest) < LEAST or latest[-1][0] != year:
        return None
    first, last = (y * 12 + m - 1 for y, m in (latest[0], latest[-1]))
    run = [(n // 12, n % 12 + 1) for n in range(first, last + 1)]
    rates = tuple(known.get(month) for month in run)
    said = words("{n} months to {last}", n=len(run), last=words.month(*run[-1]))
    return Trend(said, rates, tuple(words.percent(rate, 0) for rate in rates))
