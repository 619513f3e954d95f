"""At which institutions is the order left by an override? Every one is counted, none is ranked."""

from analytics.charts import Bar, Figure, bars, clickable
from analytics.order import Order
from analytics.sheet import Column, Name, Sheet
from services.words import Words


class _Eyes:
    def finding(self, found: Order, words: Words) -> str:
        """Say how many overrides there were, and at how many institutions."""
        made = [n for *_, n, _ in found.places if n]
        if not made:
            return words("No institution has an override")
        return words.many(
            "{n} override at {at} of {all} institutions",
            "{n} overrides at {at} of {all} institutions",
            sum(made), at=len(made), all=len(found.places),
        )  # fmt: skip

    def subtitle(self, found: Order, words: Words, period: str) -> str:
        """Say what is counted, of when, and of how many."""
        return words(
            "Registrations served ahead of the order by an override of two planners, by "
            "institution; classes of {period}, {n} registrations",
            period=period, n=words.number(found.registered),
        )  # fmt: skip

    def figure(self, found: Order, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw the overrides of each institution that has one, most registrations on top."""
        rows = [row for row in _by_volume(found) if row[3]]
        drawn = [
            Bar(zh if words.zh else en, n, words.number(n),
                words("of {n} registrations", n=words.number(of)))
            for _, zh, en, n, of in rows
        ]  # fmt: skip
        if not drawn:
            return {"data": [], "layout": {"height": 0}}
        figure_ = bars(drawn, theme, narrow=narrow)
        return clickable(figure_, "institution", [row[0] for row in rows])

    def sheet(self, found: Order, words: Words) -> Sheet:
        """Give every institution as a table, those without an override too."""
        columns = (
            Column(words("Institution"), "name"),
            Column(words("Overrides"), "number"),
            Column(words("Number of registrations"), "number"),
            Column(words("Share of registrations"), "percent"),
        )
        rows = [
            (Name(zh if words.zh else en, code), n, of, n / of if of else None)
            for code, zh, en, n, of in _by_volume(found)
        ]
        return Sheet.of(columns, rows, nothing=not any(row[1] for row in rows))


def _by_volume(found: Order) -> list[tuple[str, str, str, int, int]]:
    return sorted(found.places, key=lambda row: (-row[4], row[0]))


EYES = _Eyes()
