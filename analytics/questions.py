"""Every question by its name: what it asks the database and which file answers it.

Pages, exports and tests walk this table. What was found is remembered without words or colours;
only the sentence, the figure and the table are made for each reader.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from analytics import (
    answers,
    attention,
    checkpoints,
    class_facts,
    classes_behind,
    demand,
    demand_facts,
    equity,
    examined,
    failing_rules,
    fill_by_month,
    fill_rate,
    funnel,
    institutions,
    missing_rolls,
    order,
    overturned,
    qualification,
    review_time,
    seat_source,
    sign_up,
    sources,
    told,
    unmet,
    waiting,
)
from analytics.cache import Found, remembered
from analytics.charts import Figure, Part
from analytics.class_facts import ClassFact
from analytics.filters import Filters, seen_from
from analytics.sheet import Sheet
from services.kernel.work import Look
from services.words import Words

T = TypeVar("T")


class Eyes(Protocol):
    """What the file of a question offers; `found` is what its `measure` gives."""

    def finding(self, found: Any, words: Words, /) -> str: ...
    def subtitle(self, found: Any, words: Words, period: str, /) -> str: ...
    def figure(self, found: Any, words: Words, theme: str, narrow: bool, /) -> Figure: ...
    def sheet(self, found: Any, words: Words, /) -> Sheet: ...


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `measure` is its definition, `parts` the legend of its figure."""

    code: str  # also the name of its export
    measure: str
    ask: Callable[[Look, Filters], Found[Any]]
    eyes: Eyes
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reader is shown."""

    question: Question
    title: str
    subtitle: str
    figure: Figure
    sheet: Sheet
    as_of: datetime


def answer(
    question: Question, look: Look, filters: Filters, words: Words, theme: str, narrow: bool
) -> Answer:
    """Answer a question for a reader."""
    found, eyes = question.ask(look, filters), question.eyes
    return Answer(
        question,
        eyes.finding(found.value, words),
        eyes.subtitle(found.value, words, filters.period(words)),
        eyes.figure(found.value, words, theme, narrow),
        eyes.sheet(found.value, words),
        found.as_of,
    )


Ask = Callable[[Look, Filters], Found[T]]


def at_its_moment(ask: Ask[T]) -> Ask[T]:
    """Let a question about a past day be asked as if that day were just over."""

    def asked(look: Look, filters: Filters) -> Found[T]:
        return ask(seen_from(look, filters), filters)

    return asked


def facts(look: Look, filters: Filters) -> Found[tuple[ClassFact, ...]]:
    """Give the classes of a selection, remembered."""
    return remembered(
        look, "class-facts", filters, lambda: class_facts.extract(look.connection, filters)
    )


Measured = Callable[[Sequence[ClassFact], int, Any], Any]


def _of_classes(measure: Measured) -> Callable[[Look, Filters], Found[Any]]:
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
        return sign_up.measure(counts, filters.year, look.today)

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
        return review_time.measure(review_time.extract(look.connection, filters, look.now))

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
        return told.measure(told.extract(look.connection, filters, look.now))

    return remembered(look, "told", filters, compute)


@at_its_moment
def ask_examined(look: Look, _filters: Filters) -> Found[examined.Examined]:
    """Ask what the last examination found; a few rows, so never remembered."""
    return Found(examined.extract(look.connection), look.now)


@at_its_moment
def ask_sources(look: Look, _filters: Filters) -> Found[sources.Sources]:
    """Ask how old the data are; never remembered, or it would not tell."""
    return Found(sources.extract(look), look.now)


@at_its_moment
def ask_missing_rolls(look: Look, filters: Filters) -> Found[missing_rolls.MissingRolls]:
    """Ask who has not written the roll."""

    def compute() -> missing_rolls.MissingRolls:
        return missing_rolls.extract(look.connection, filters, look.today)

    return remembered(look, "missing-rolls", filters, compute)


def everybody(filters: Filters) -> Filters:
    """Widen a selection to all institutions: for sums in which nobody else is named."""
    return replace(filters, institution=None)


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


ask_fill_rate = _of_classes(fill_rate.measure)
ask_attention = _of_classes(attention.measure)
_TABLE = (
    Question("fill-rate", "fill-rate", ask_fill_rate, fill_rate),
    Question("checkpoints", "confirmed-fill", _of_classes(checkpoints.measure), checkpoints),
    Question("fill-by-month", "fill-rate", _of_classes(fill_by_month.measure), fill_by_month),
    Question(
        "seat-source",
        "seat-source",
        _of_classes(seat_source.measure),
        seat_source,
        seat_source.PARTS,
    ),
    Question("demand", "pressure", ask_demand, demand),
    Question("unmet", "mismatch", ask_unmet, unmet, unmet.PARTS),
    Question("sign-up", "sign-up", ask_sign_up, sign_up),
    Question(
        "qualification",
        "qualification-rate",
        ask_qualification,
        qualification,
        qualification.PARTS,
    ),
    Question("failing-rules", "failing-rules", ask_failing_rules, failing_rules),
    Question("review-time", "review-time", ask_review_time, review_time),
    Question("funnel", "funnel", ask_funnel, funnel),
    Question("answers", "answers", ask_answers, answers, answers.PARTS),
    Question("waiting", "waiting-now", ask_waiting, waiting),
    Question("institution-fill", "adjusted-fill", ask_compared("fill"), institutions.FILL),
    Question("institution-no-show", "no-show", ask_compared("no-show"), institutions.NO_SHOW),
    Question("institution-overturn", "overturn", ask_compared("overturn"), institutions.OVERTURN),
    *(
        Question(f"equity-{trait}", "equity", ask_equity, equity.TraitEyes(trait), equity.PARTS)
        for trait in equity.TRAITS
    ),
    Question("order", "order", ask_order, order.EYES),
    Question("told", "told", ask_told, told.EYES),
    Question("classes", "fill-rate", _of_classes(classes_behind.measure), classes_behind),
    Question("sources", "freshness", ask_sources, sources.EYES),
    Question("missing-rolls", "missing-rolls", ask_missing_rolls, missing_rolls.EYES),
    Question("invariants", "invariants", ask_examined, examined.EYES),
)
QUESTIONS: Mapping[str, Question] = {question.code: question for question in _TABLE}
