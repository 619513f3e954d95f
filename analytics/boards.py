"""The dashboards: what is decided from them, their questions, figures in numbers, one line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analytics import (
    demand_numbers,
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
from services.words import Words, mark


@dataclass(frozen=True, slots=True)
class Board:
    """One dashboard; figures are questions with their place in the grid.

    pages/dashboards.py names it in the same order: a face knows no measures.
    """

    code: str
    planner: str  # what a planner can decide from it
    institution: str
    figures: tuple[tuple[str, str], ...]
    numbers: Callable[[Look, Filters, Words], tuple[Number, ...]]
    line: Callable[[Look, Filters, Words], str]
    attention: bool = False  # shows the classes that need somebody
    paged: bool = False  # is one list, whose pages are turned

    @property
    def shown(self) -> frozenset[str]:
        """Name what stands on it, as a link within the page does."""
        codes = {code for code, _ in self.figures}
        return frozenset(codes | {"attention"} if self.attention else codes)


_TABLE = (
    Board(
        "demand",
        mark("Decide which courses get more classes, and where moving people is enough."),
        mark("Decide which classes to offer more of, and which empty seats to make known."),
        (
            ("demand", "wide"),
            ("unmet", "narrow"),
            ("wanted", "half"),
            ("sign-up", "half"),
            ("also-demand", "full"),
        ),
        demand_numbers.numbers,
        demand_numbers.line,
    ),
    Board(
        "qualification",
        mark("Decide which rule text to rewrite and which reviews to hand to somebody else."),
        mark("Decide which reviews to do first and what to tell people before they register."),
        (
            ("qualification", "tall"),
            ("failing-rules", "narrow"),
            ("review-time", "narrow"),
            ("pending-reviews", "full"),
            ("also-qualification", "full"),
        ),
        qualification_numbers.numbers,
        qualification_numbers.line,
    ),
    Board(
        "fill-rate",
        mark("Decide which classes to merge, move or call off, and where seats go next year."),
        mark("Decide which of your classes needs people now, and which not to offer again."),
        (
            ("fill-rate", "wide"),
            ("checkpoints", "narrow"),
            ("fill-by-month", "wide"),
            ("seat-source", "narrow"),
            ("fill-spread", "narrow"),
            ("also-fill-rate", "wide"),
        ),
        fill_numbers.numbers,
        fill_numbers.line,
        attention=True,
    ),
    Board(
        "queues",
        mark("Decide whether calls come on the right day and whether the batch is large enough."),
        mark("Decide whom to phone: which occasion leaves most people without an answer."),
        (
            ("funnel", "wide"),
            ("answers", "narrow"),
            ("lateness", "wide"),
            ("reminders", "narrow"),
            ("waiting", "half"),
            ("no-shows", "half"),
            ("also-queues", "full"),
        ),
        queue_numbers.numbers,
        queue_numbers.line,
    ),
    Board(
        "institutions",
        mark("Decide whom to visit: only an institution outside the limits needs a question."),
        mark("Decide whether your own rate needs a cause looked for, or is chance."),
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
        mark("Decide whether a group needs another window, place or day, and check the order."),
        mark("Decide whether a group stays away from your classes, and how to reach it."),
        (
            ("equity-groups", "full"),
            ("told", "half"),
            ("order", "half"),
            ("overrides", "half"),
            ("also-equity", "half"),
            ("invariants", "full"),
        ),
        equity_numbers.numbers,
        equity_numbers.line,
    ),
    Board(
        "freshness",
        mark("Decide whether the numbers may be used today, and whom to remind of a roll."),
        mark("Decide which roll to write today: until then your classes are not counted."),
        (("sources", "full"), ("missing-rolls", "full")),
        freshness_numbers.numbers,
        freshness_numbers.line,
    ),
    Board(
        "drill",
        mark("Decide class by class: open one to see its queue."),
        mark("Decide class by class: open one to see its queue."),
        (("classes", "full"),),
        fill_numbers.numbers,
        fill_numbers.line,
        paged=True,
    ),
)
BOARDS: Mapping[str, Board] = {board.code: board for board in _TABLE}


def board_of(code: str) -> Board:
    """Find the dashboard that shows a figure."""
    return next(board for board in _TABLE if code in board.shown)
