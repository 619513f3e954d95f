"""How long have those waited whose review is not decided yet?"""

from analytics.charts import Bar, Figure, bars
from analytics.review_time import STANDARD, ReviewTime
from analytics.sheet import Column, Sheet
from services.tally.kinds import QUARTER
from services.words import Words, mark

BANDS = (
    (3, mark("less than 3 days")),
    (STANDARD, mark("3 to 6 days")),
    (14, mark("7 to 13 days")),
    (28, mark("14 to 27 days")),
    (10**6, mark("28 days or more")),
)


def bands(found: ReviewTime) -> list[tuple[str, int, bool]]:
    """Sort the undecided cases: name, cases, whether the days promised are over."""
    rows, low = [], 0
    for high, name in BANDS:
        first, end = (days * 86_400 // QUARTER for days in (low, high))
        n = sum(cases for quarter, cases in found.open if first <= quarter < end)
        rows.append((name, n, low >= STANDARD))
        low = high
    return rows


class _Eyes:
    def finding(self, found: ReviewTime, words: Words) -> str:
        """Say for how many the days promised are over."""
        everybody = sum(n for _, n in found.open)
        late = sum(n for _, n, over in bands(found) if over)
        if not everybody:
            return words("No review waits for a decision")
        if not late:
            return words.many(
                "{n} review waits, for less than a week", "{n} reviews wait, none for a week",
                everybody,
            )  # fmt: skip
        return words(
            "{late} of {n} undecided reviews have waited a week or more",
            late=words.number(late), n=words.number(everybody),
        )  # fmt: skip

    def subtitle(self, _found: ReviewTime, words: Words, period: str) -> str:
        """Say what is counted and what is hatched."""
        return words(
            "Reviews without a decision, by elapsed days since they were opened; classes of "
            "{period}; hatched: the days promised are over",
            period=period,
        )

    def figure(self, found: ReviewTime, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the bands as bars, the shortest wait on top."""
        drawn = [
            Bar(words(name), n, words.number(n), low=over and n > 0)
            for name, n, over in bands(found)
        ]
        return bars(drawn, theme, narrow=narrow)

    def sheet(self, found: ReviewTime, words: Words) -> Sheet:
        """Give the bands as a table."""
        columns = (
            Column(words("Waiting for")),
            Column(words("Reviews without a decision"), "number"),
        )
        rows = [(words(name), n) for name, n, _ in bands(found)]
        return Sheet.of(columns, rows if found.open else [])


EYES = _Eyes()
