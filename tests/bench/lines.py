"""One line of the table: a figure, what stands beside it, and the bar it has to reach."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked and hoped for; `below`: smaller is better; `of_ratio`: the ratio counts."""

    name: str
    ask: float
    stretch: float | None = None
    below: bool = False
    of_ratio: bool = False

    def reached(self, value: float, wanted: float | None) -> bool | None:
        if wanted is None:
            return None
        return value <= wanted if self.below else value >= wanted

    def __str__(self) -> str:
        sign = "<=" if self.below else ">="
        return f"bar {self.name}: {sign} {_short(self.ask)}"


@dataclass(frozen=True, slots=True)
class Line:
    """A measured figure; `beside` names the limit or peer whose figure is `limit`."""

    what: str
    figure: float
    unit: str
    beside: str = ""
    limit: float | None = None
    bar: Bar | None = None

    @property
    def ratio(self) -> float | None:
        return None if not self.limit else self.figure / self.limit

    @property
    def met(self) -> bool | None:
        return self._reached(self.bar.ask) if self.bar else None

    @property
    def stretch(self) -> bool | None:
        return self._reached(self.bar.stretch) if self.bar else None

    def _reached(self, wanted: float | None) -> bool | None:
        assert self.bar is not None
        value = self.ratio if self.bar.of_ratio else self.figure
        return None if value is None else self.bar.reached(value, wanted)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met, "stretch": self.stretch}

    def __str__(self) -> str:
        beside = f"{self.beside} {_short(self.limit)}" if self.limit is not None else self.beside
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        verdict += {None: "", True: ", stretch", False: ""}[self.stretch]
        figure = f"{_short(self.figure)} {self.unit}"
        parts = f"{self.what:<58} {figure:>16}  {beside:<34} {ratio:>6}"
        bar = "" if self.bar is None else str(self.bar)
        return f"{parts}  {bar:<26} {verdict}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
