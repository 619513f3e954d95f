"""Every question by its name: what it asks the database and which file answers it.

Pages, exports and tests walk this table. The sentence, the figure and the table are made for each
reader from what was found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from analytics import (
    also,
    answers,
    checkpoints,
    classes_behind,
    demand,
    equity,
    equity_groups,
    examined,
    failing_rules,
    fill_by_month,
    fill_rate,
    fill_spread,
    funnel,
    institutions,
    lateness,
    missing_rolls,
    no_shows,
    order,
    overrides,
    pending,
    qualification,
    reminders,
    review_time,
    seat_source,
    sign_up,
    sources,
    told,
    unmet,
    waiting,
    wanted,
)
from analytics.also import ask_also
from analytics.asking import (
    ask_answers,
    ask_compared,
    ask_demand,
    ask_equity,
    ask_examined,
    ask_failing_rules,
    ask_fill_rate,
    ask_funnel,
    ask_lateness,
    ask_missing_rolls,
    ask_order,
    ask_qualification,
    ask_reminders,
    ask_review_time,
    ask_sign_up,
    ask_sources,
    ask_told,
    ask_unmet,
    ask_waiting,
    of_classes,
)
from analytics.cache import Found
from analytics.charts import Figure, Part
from analytics.filters import Filters
from analytics.sheet import Sheet
from services.kernel.work import Look
from services.words import Words


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
    more: Sequence[str] = ()  # definitions of its rows, where each is a measure of its own


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


_TABLE = (
    Question("fill-rate", "fill-rate", ask_fill_rate, fill_rate),
    Question("checkpoints", "confirmed-fill", of_classes(checkpoints.measure), checkpoints),
    Question("fill-by-month", "fill-rate", of_classes(fill_by_month.measure), fill_by_month),
    Question(
        "seat-source",
        "seat-source",
        of_classes(seat_source.measure),
        seat_source,
        seat_source.PARTS,
    ),
    Question("fill-spread", "fill-spread", of_classes(fill_spread.measure), fill_spread),
    Question("demand", "pressure", ask_demand, demand),
    Question("unmet", "mismatch", ask_unmet, unmet, unmet.PARTS),
    Question("wanted", "demand", ask_demand, wanted.EYES, wanted.PARTS),
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
    Question("pending-reviews", "pending-age", ask_review_time, pending.EYES),
    Question("funnel", "funnel", ask_funnel, funnel),
    Question("answers", "answers", ask_answers, answers, answers.PARTS),
    Question("lateness", "lateness", ask_lateness, lateness, lateness.PARTS),
    Question("reminders", "reminders", ask_reminders, reminders, reminders.PARTS),
    Question("waiting", "waiting-now", ask_waiting, waiting),
    Question("no-shows", "no-show", of_classes(no_shows.measure), no_shows),
    Question("institution-fill", "adjusted-fill", ask_compared("fill"), institutions.FILL),
    Question("institution-no-show", "no-show", ask_compared("no-show"), institutions.NO_SHOW),
    Question("institution-overturn", "overturn", ask_compared("overturn"), institutions.OVERTURN),
    *(
        Question(f"equity-{trait}", "equity", ask_equity, equity.TraitEyes(trait))
        for trait in equity.TRAITS
    ),
    Question("equity-groups", "equity", ask_equity, equity_groups.EYES),
    Question("order", "order", ask_order, order.EYES),
    Question("overrides", "overrides", ask_order, overrides.EYES),
    Question("told", "told", ask_told, told.EYES),
    Question("classes", "fill-rate", of_classes(classes_behind.measure), classes_behind),
    Question("sources", "freshness", ask_sources, sources.EYES),
    Question("missing-rolls", "missing-rolls", ask_missing_rolls, missing_rolls.EYES),
    *(
        Question(f"also-{board}", "also", ask_also(board), also.EYES, more=also.measures(board))
        for board in also.ALSO
    ),
    Question("invariants", "invariants", ask_examined, examined.EYES),
)
QUESTIONS: Mapping[str, Question] = {question.code: question for question in _TABLE}
