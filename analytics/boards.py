"""The dashboards: which questions they show, their figures in numbers, their one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics import (
    demand_numbers,
    equity,
    equity_numbers,
    fill_numbers,
    freshness_numbers,
    institution_numbers,
    qualification_numbers,
    queue_numbers,
)
from analytics.filters import Filters
from analytics.number import Number
from services.kernel.work import Look
from services.words import Words


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard; figures are questions with their width in columns of twelve."""

    code: str
    figures: tuple[tuple[str, str], ...]  # question, place in the grid
    numbers: Callable[[Look, Filters, Words], tuple[Number, ...]]
    line: Callable[[Look, Filters, Words], str]
    attention: bool = False  # shows the classes that need somebody
    paged: bool = False  # is one list, whose pages are turned


_TABLE = (
    Board(
        "demand",
        (("demand", "wide"), ("unmet", "narrow"), ("sign-up", "full"), ("also-demand", "full")),
        demand_numbers.numbers,
        demand_numbers.line,
    ),
    Board(
        "qualification",
        (
            ("qualification", "tall"),
            ("failing-rules", "narrow"),
            ("review-time", "narrow"),
            ("also-qualification", "full"),
        ),
        qualification_numbers.numbers,
        qualification_numbers.line,
    ),
    Board(
        "fill-rate",
        (
            ("fill-rate", "wide"),
            ("checkpoints", "narrow"),
            ("fill-by-month", "wide"),
            ("seat-source", "narrow"),
            ("also-fill-rate", "full"),
        ),
        fill_numbers.numbers,
        fill_numbers.line,
        attention=True,
    ),
    Board(
        "queues",
        (
            ("funnel", "wide"),
            ("answers", "narrow"),
            ("lateness", "wide"),
            ("reminders", "narrow"),
            ("waiting", "full"),
            ("also-queues", "full"),
        ),
        queue_numbers.numbers,
        queue_numbers.line,
    ),
    Board(
        "institutions",
        (
            ("institution-fill", "full"),
            ("institution-no-show", "half"),
            ("institution-overturn", "half"),
        ),
        institution_numbers.numbers,
        institution_numbers.line,
    ),
    Board(
        "equity",
        (
            *((f"equity-{trait}", "half") for trait in equity.TRAITS),
            ("told", "half"),
            ("order", "full"),
            ("also-equity", "full"),
            ("invariants", "full"),
        ),
        equity_numbers.numbers,
        equity_numbers.line,
    ),
    Board(
        "freshness",
        (("sources", "full"), ("missing-rolls", "full")),
        freshness_numbers.numbers,
        freshness_numbers.line,
    ),
    Board("drill", (("classes", "full"),), fill_numbers.numbers, fill_numbers.line, paged=True),
)
BOARDS: Mapping[str, Board] = {board.code: board for board in _TABLE}
