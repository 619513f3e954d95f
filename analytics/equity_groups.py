"""Which group is outside its band? Every trait's groups in one figure and one table."""

from analytics import equity
from analytics.charts import Figure
from analytics.equity import TITLES, TRAITS, Equity, compared
from analytics.intervals import intervals
from analytics.sheet import Column, Name, Sheet
from analytics.sides import sided
from services.tally.traits import UNKNOWN
from services.words import Words


class _Eyes:
    def finding(self, found: Equity, words: Words) -> str:
        """Say which groups get fewer or more seats than their courses explain."""
        groups = [(t, g) for t in TRAITS for g in found.groups[t] if len(found.groups[t]) > 1]
        if not groups:
            return words("Too few qualified persons and courses to compare")
        said = sided(words, [(_named(t, g.key, words), g.far) for t, g in groups])
        if not said:
            return words("What groups get of seats differs by chance only")
        if any(abs(g.far) == 1 for _, g in groups):
            return said
        return words("{groups}; the other groups differ by chance", groups=said)

    def subtitle(self, found: Equity, words: Words, period: str) -> str:
        """Say what is measured, of when, of how many, and who is left out."""
        said = words(
            "Share that got a seat; grey: what its courses explain (95%); dashed: all; classes of "
            "{period}, n {n}",
            period=period, n=words.number(found.size),
        )  # fmt: skip
        return equity.with_left_out(said, sum(map(len, found.too_small.values())), words)

    def figure(self, found: Equity, words: Words, theme: str, narrow: bool = False) -> Figure:
        """Draw every trait's groups under its name."""
        shown = [t for t in TRAITS if found.groups[t]]
        if not shown or found.rate is None:
            return {"data": [], "layout": {"height": 0}}
        blocks = [(words(TITLES[t]).capitalize(), compared(found, t, words)) for t in shown]
        return intervals(blocks, found.rate, words, theme, narrow=narrow)

    def sheet(self, found: Equity, words: Words) -> Sheet:
        """Give every trait's groups as one table, with what their courses would give."""
        columns = [Column(words("Trait"), "name"), Column(words("Group"), "name")]
        rows = [
            (Name(words(TITLES[t]).capitalize(), t), *row)
            for t in TRAITS
            for row in equity.cells(found, t, words)
        ]
        return Sheet.of([*columns, *equity.measured(words)], rows)


def _named(trait: str, key: str, words: Words) -> str:
    name = equity.named(trait, key, words)
    if key != UNKNOWN:
        return name
    return words("{trait} {name}", trait=words(TITLES[trait]).capitalize(), name=name)


EYES = _Eyes()
