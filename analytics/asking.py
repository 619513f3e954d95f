"""Ask a question of the database: what is read, what is measured, what is remembered.

What was found is remembered without words or colours; a question about a past day is asked as if
that day were just over.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from analytics import (
    answers,
    attention,
    class_facts,
    demand,
    demand_facts,
    equity,
    examined,
    failing_rules,
    fill_rate,
    funnel,
    institutions,
    lateness,
    missing_rolls,
    next_in_line,
    order,
    overturned,
    qualification,
    reminders,
    review_time,
    sign_up,
    sources,
    told,
    unmet,
    waiting,
)
from analytics.cache import Found, remembered
from analytics.class_facts import ClassFact
from analytics.filters import Filters, seen_from
from analytics.once import once
from services.kernel.work import Look

T = TypeVar("T")
Ask = Callable[[Look, Filters], Found[T]]


def at_its_moment(ask: Ask[T]) -> Ask[T]:
    """Let a question about a past day be asked as if that day were just over, once a reading."""

    def asked(look: Look, filters: Filters) -> Found[T]:
        then = seen_from(look, filters)
        key = ask, filters, then.now, then.actor
        return once(then.connection, key, lambda: ask(then, filters))

    return asked


def facts(look: Look, filters: Filters) -> Found[tuple[ClassFact, ...]]:
    """Give the classes of a selection, remembered."""
    return remembered(
        look, "class-facts", filters, lambda: class_facts.extract(look.connection, filters)
    )


Measured = Callable[[Sequence[ClassFact], int, Any], Any]


def of_classes(measure: Measured) -> Callable[[Look, Filters], Found[Any]]:
    """Ask a question that is answered from the classes' facts."""

    @at_its_moment
    def ask(look: Look, filters: Filters) -> Found[Any]:
        found = facts(look, filters)
        return Found(measure(found.value, filters.year, look.today), found.as_of)

    return ask


@at_its_moment
def ask_demand(look: Look, filters: Filters) -> Found[demand.Demand]:
    """Ask how many people want each course."""

    def compute() -> demand.Demand:
        rows, carried = demand_facts.extract(look.connection, filters, look.now)
        return demand.measure(rows, carried, filters.year)

    return remembered(look, "demand", filters, compute)


@at_its_moment
def ask_unmet(look: Look, filters: Filters) -> Found[unmet.Unmet]:
    """Ask who is without a seat."""
    found = ask_demand(look, filters)
    return Found(unmet.measure(found.value), found.as_of)


@at_its_moment
def ask_sign_up(look: Look, filters: Filters) -> Found[sign_up.SignUp]:
    """Ask how busy sign-up is."""

    def compute() -> sign_up.SignUp:
        counts = sign_up.extract(look.connection, filters)
        opened = sign_up.openings(look.connection, filters)
        return sign_up.measure(counts, filters.year, look.today, opened)

    return remembered(look, "sign-up", filters, compute)


@at_its_moment
def ask_qualification(look: Look, filters: Filters) -> Found[qualification.Qualification]:
    """Ask who qualifies."""

    def compute() -> qualification.Qualification:
        rows, soon = qualification.extract(look.connection, filters, look.today)
        return qualification.measure(rows, soon, filters.year)

    return remembered(look, "qualification", filters, compute)


@at_its_moment
def ask_review_time(look: Look, filters: Filters) -> Found[review_time.ReviewTime]:
    """Ask how long reviews take."""

    def compute() -> review_time.ReviewTime:
        found = review_time.extract(look.connection, filters, look.now)
        return review_time.measure(found, filters.year)

    return remembered(look, "review-time", filters, compute)


@at_its_moment
def ask_failing_rules(look: Look, filters: Filters) -> Found[failing_rules.FailingRules]:
    """Ask which rules stop people."""

    def compute() -> failing_rules.FailingRules:
        return failing_rules.measure(failing_rules.extract(look.connection, filters))

    return remembered(look, "failing-rules", filters, compute)


@at_its_moment
def ask_funnel(look: Look, filters: Filters) -> Found[funnel.Funnel]:
    """Ask how far people get."""

    def compute() -> funnel.Funnel:
        return funnel.measure(funnel.extract(look.connection, filters))

    return remembered(look, "funnel", filters, compute)


@at_its_moment
def ask_answers(look: Look, filters: Filters) -> Found[answers.Answers]:
    """Ask what people answer when they are asked."""

    def compute() -> answers.Answers:
        return answers.measure(answers.extract(look.connection, filters, look.now), filters.year)

    return remembered(look, "answers", filters, compute)


@at_its_moment
def ask_lateness(look: Look, filters: Filters) -> Found[lateness.Lateness]:
    """Ask whether the class calendar keeps its days."""

    def compute() -> lateness.Lateness:
        return lateness.measure(lateness.extract(look.connection, filters, look.now))

    return remembered(look, "lateness", filters, compute)


@at_its_moment
def ask_reminders(look: Look, filters: Filters) -> Found[reminders.Reminders]:
    """Ask what becomes of reminders."""

    def compute() -> reminders.Reminders:
        return reminders.measure(reminders.extract(look.connection, filters, look.now))

    return remembered(look, "reminders", filters, compute)


@at_its_moment
def ask_waiting(look: Look, filters: Filters) -> Found[waiting.Waiting]:
    """Ask how long people wait."""

    def compute() -> waiting.Waiting:
        return waiting.measure(*waiting.extract(look.connection, filters, look.now))

    return remembered(look, "waiting", filters, compute)


@at_its_moment
def ask_equity(look: Look, filters: Filters) -> Found[equity.Equity]:
    """Ask whether seats go evenly."""

    def compute() -> equity.Equity:
        return equity.measure(equity.extract(look.connection, filters))

    return remembered(look, "equity", filters, compute)


@at_its_moment
def ask_order(look: Look, filters: Filters) -> Found[order.Order]:
    """Ask who was served out of the plain order."""
    return remembered(look, "order", filters, lambda: order.extract(look.connection, filters))


@at_its_moment
def ask_told(look: Look, filters: Filters) -> Found[told.Told]:
    """Ask how soon people are told of a freed seat."""

    def compute() -> told.Told:
        found = told.extract(look.connection, filters, look.now)
        return told.measure(found, filters.year)

    return remembered(look, "told", filters, compute)


@at_its_moment
def ask_examined(look: Look, filters: Filters) -> Found[examined.Examined]:
    """Ask what the last examination found; never remembered; past ones are not kept."""
    past = examined.Examined((), None, known=False)
    return Found(examined.extract(look.connection) if filters.as_of is None else past, look.now)


@at_its_moment
def ask_sources(look: Look, filters: Filters) -> Found[sources.Sources]:
    """Ask how old the data are; never remembered, or it would not tell. No past age is kept."""
    past = sources.Sources((), look.now, known=False)
    return Found(sources.extract(look) if filters.as_of is None else past, look.now)


@at_its_moment
def ask_missing_rolls(look: Look, filters: Filters) -> Found[missing_rolls.MissingRolls]:
    """Ask who has not written the roll."""

    def compute() -> missing_rolls.MissingRolls:
        return missing_rolls.extract(look.connection, filters, look.today)

    return remembered(look, "missing-rolls", filters, compute)


def everybody(filters: Filters) -> Filters:
    """Widen a selection to all institutions: for sums in which nobody else is named."""
    return replace(filters, institution=None)


@cache
def ask_compared(what: str) -> Callable[[Look, Filters], Found[institutions.Comparison]]:
    """Ask whether institutions differ in fill, no-show or overturned decisions."""

    @at_its_moment
    def ask(look: Look, filters: Filters) -> Found[institutions.Comparison]:
        wide, own = everybody(filters), look.actor.institution
        if what == "overturn":
            rows = remembered(
                look,
                "overturned",
                wide,
                lambda: overturned.extract(look.connection, wide, look.now),
            )
            return Found(institutions.measure(rows.value, own, filters.institution), rows.as_of)
        found = facts(look, wide)
        units = institutions.seats_used if what == "fill" else institutions.stayed_away
        rows_of = units(found.value, filters.year, look.today)
        return Found(institutions.measure(rows_of, own, filters.institution), found.as_of)

    return ask


ask_fill_rate = of_classes(fill_rate.measure)


@at_its_moment
def ask_attention(look: Look, filters: Filters) -> Found[attention.Attention]:
    """Ask which classes need somebody today."""
    found, of = facts(look, filters), (filters.year, look.today)

    def compute() -> dict[int, int]:
        return next_in_line.extract(look, filters, attention.with_both(found.value, *of))

    waiting_there = remembered(look, "next-in-line", filters, compute).value
    return Found(attention.measure(found.value, *of, waiting_there), found.as_of)
