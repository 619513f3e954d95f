"""Where and when do seats stay empty? Institution (or kind of course) by month."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.charts import Figure, clickable
from analytics.class_facts import ClassFact
from analytics.fill_rate import Share, below, settled, share, spread
from analytics.grouping import Groups, groups
from analytics.heat import heat
from analytics.labels import listed, month_name
from analytics.sheet import Column, Sheet
from services.words import Words

MONTHS = 6  # the latest; more would not be read on a phone


@dataclass(frozen=True, slots=True)
class FillByMonth:
    """Rates by group and month; None where no class was planned."""

    months: tuple[tuple[int, int], ...]  # year, month
    rows: Groups
    shares: tuple[tuple[Share, ...], ...]
    whole: Share
    wider: float

    @property
    def rates(self) -> tuple[tuple[float | None, ...], ...]:
        """The rate of each cell."""
        return tuple(tuple(cell.rate for cell in row) for row in self.shares)

    @property
    def whole_by_month(self) -> tuple[float, ...]:
        """The seat-weighted rate of each month, over all groups."""
        months = zip(*self.shares, strict=True)
        sums = [(sum(c.attended for c in m), sum(c.planned for c in m)) for m in months]
        return tuple(attended / planned for attended, planned in sums if planned)

    def low(self) -> list[tuple[int, int]]:
        """Give the cells below the rate of all by more than chance."""
        return [
            (i, m)
            for i, row in enumerate(self.shares)
            for m, cell in enumerate(row)
            if below(cell, self.whole, self.wider)
        ]


def measure(facts: Sequence[ClassFact], year: int, today: date) -> FillByMonth:
    """Measure the latest months in which classes have begun."""
    rows = settled(facts, year, min(today, date(year + 1, 1, 1)))
    months = sorted({(f.starts_on.year, f.starts_on.month) for f in rows})[-MONTHS:]
    found = groups(rows)
    shares = []
    for own in found.parts(rows):
        by_month: dict[tuple[int, int], list[ClassFact]] = {month: [] for month in months}
        for f in own:
            by_month.get((f.starts_on.year, f.starts_on.month), []).append(f)
        shares.append(tuple(map(share, by_month.values())))
    return FillByMonth(tuple(months), found, tuple(shares), share(rows), spread(rows))


def finding(found: FillByMonth, words: Words) -> str:
    """Say where the gap is."""
    low = found.low()
    if not found.months:
        return words("No class with a written roll in this selection yet")
    if not low:
        return words("No month stands out: every difference may be chance")
    low.sort(key=lambda cell: found.shares[cell[0]][cell[1]].rate or 0)
    month, n = Counter(m for _, m in low).most_common(1)[0]
    if n > 1 and n * 2 > len(low):
        return _one_month(found, words, month, [i for i, m in low if m == month])
    names = [found.rows.name(words, i) for i in sorted({i for i, _ in low})]
    if len(names) > 2:
        return words(
            "{n} cells lie clearly below all; lowest: {a} in {a_month}, {b} in {b_month}",
            n=len(low), **_cell(found, words, "a", low[0]), **_cell(found, words, "b", low[1]),
        )  # fmt: skip
    return words("The gap is at {names}", names=listed(words, names))


def _one_month(found: FillByMonth, words: Words, month: int, rows: Sequence[int]) -> str:
    """Say who lies low in the month that holds most of the low cells, the lowest first."""
    names = [found.rows.name(words, i) for i in rows]
    when = month_name(words, found.months[month][1])
    if len(rows) > 3:
        return words("In {month} {n} lie clearly below all, lowest: {names}",
                     month=when, n=len(rows), names=listed(words, names[:2]))  # fmt: skip
    return words("Clearly below all in {month}: {names}", month=when, names=listed(words, names))


def _cell(found: FillByMonth, words: Words, key: str, cell: tuple[int, int]) -> dict[str, str]:
    row, month = cell
    return {
        key: found.rows.name(words, row),
        f"{key}_month": month_name(words, found.months[month][1]),
    }


def subtitle(found: FillByMonth, words: Words, period: str) -> str:
    """Say what is measured and what the mark means."""
    return words(
        "Fill rate by month of the first day, %; {period}, latest {n} months; ▼ below all ({rate}) "
        "by more than chance",
        period=period, n=len(found.months), rate=words.percent(found.whole.rate, 0),
    )  # fmt: skip


def figure(found: FillByMonth, words: Words, theme: str, narrow: bool = False) -> Figure:
    """Draw one cell per institution and month, with its number in it."""
    names = [found.rows.name(words, n) for n in range(len(found.rates))]
    sparse = narrow or found.rows.by == "category"
    nothing = "–" if sparse else words("no class")
    months = _months(words, found.months)
    figure_ = heat(names, months, found.rates, theme, low=found.low(), nothing=nothing)
    keys, columns = [key for key, _, _ in found.rows.names], [month for _, month in found.months]
    return clickable(figure_, found.rows.filter, keys, columns)


def _months(words: Words, months: Sequence[tuple[int, int]]) -> list[str]:
    """Name the months; the year stands under the first of each."""
    names = []
    for n, (year, month) in enumerate(months):
        name = month_name(words, month)
        first = n == 0 or months[n - 1][0] != year
        names.append(f"{words.year(year)}<br>{name}" if first else f" <br>{name}")
    return names


def sheet(found: FillByMonth, words: Words) -> Sheet:
    """Give the cells as a table."""
    columns = [Column(found.rows.heading(words), "name")]
    columns += [Column(words.month(y, m), "percent") for y, m in found.months]
    rows = [(found.rows.name(words, n), *row) for n, row in enumerate(found.rates)]
    return Sheet.of(columns, rows)
