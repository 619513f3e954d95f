"""The numbers at the head of the qualification dashboard."""

from collections.abc import Callable

from analytics.asking import ask_qualification, ask_review_time
from analytics.filters import Filters
from analytics.like_with_like import beside_whole, looks_ahead, of_whole, together
from analytics.number import Counted, Number, share
from analytics.qualification import Outcome
from analytics.review_time import STANDARD
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the numbers cover and what is not in them."""
    total = ask_qualification(look, filters).value.total
    return words(
        "{period}: {n} persons and courses decided; not in the rate: {pending} under review.",
        period=filters.period(words),
        n=words.number(total.decided),
        pending=words.number(total.pending),
    )


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give qualification rate, share decided by the records, review time; undecided soon."""
    found, time = ask_qualification(look, filters).value, ask_review_time(look, filters).value
    total = found.total

    def against(of: Callable[[Outcome], int]) -> tuple[str, str]:
        """Say how a share of the decided moved."""

        def counted(one: Outcome) -> Counted:
            return of(one), one.decided

        return beside_whole(words, look, filters, counted(total), counted(found.last))

    qualified, qualified_before = against(lambda one: one.qualified)
    by_records, by_records_before = against(lambda one: one.alone)
    rate = Number(
        words("Qualification rate"),
        "qualification-rate",
        words.percent(total.rate).rstrip("%"),
        "%",
        qualified_before,
        words(
            "{n}/{all} decided", n=words.number(total.qualified), all=words.number(total.decided)
        ),
        "#qualification",
        qualified,
    )
    alone = Number(
        words("Decided by the records"),
        "automation-rate",
        words.percent(share((total.alone, total.decided))).rstrip("%"),
        "%",
        by_records_before,
        words("What this means"),
        "/definitions#automation-rate",
        by_records,
    )
    median = Number(
        words("Review time, median"),
        "review-time",
        "–" if time.median is None else f"{time.median:.1f}",
        words("days"),
        together(
            words,
            ""
            if time.late is None
            else words("9 in 10 within {late} days", late=f"{time.late:.1f}"),
            ""
            if time.last is None
            else of_whole(words, filters, words("{n} days", n=f"{time.last:.1f}")),
        ),
        words("See the institutions"),
        "#review-time",
        alarm=(time.median or 0) > STANDARD,
    )  # fmt: skip
    if not looks_ahead(look, filters):
        return rate, alone, median
    soon = Number(
        words("Undecided four weeks before"),
        "pending-soon",
        words.number(found.pending_soon),
        words.many("registration", "registrations", found.pending_soon),
        words("At the freeze whoever is undecided is left without a seat.")
        if found.pending_soon
        else words("Nobody is undecided in the classes of the next four weeks."),
        words("Open the reviews") if found.pending_soon else words("What this means"),
        "/desk/review" if found.pending_soon else "/definitions#pending-soon",
        alarm=found.pending_soon > 0,
    )
    return rate, alone, median, soon
