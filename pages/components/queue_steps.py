"""How a line of a public queue came to where it stands: the latest step, and all of them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from dash import html
from dash.development.base_component import Component

from services.override import REASONS
from services.registration.lifecycle import Event, Status
from services.registration.public_queue import QueueLine, Step
from services.words import Words, mark

STEPS: Mapping[Status | None, str] = {
    Status.IN_REVIEW: mark("Under review, no seat yet"),
    Status.WAITLISTED: mark("Waits for a seat"),
    Status.ADMITTED: mark("Got a seat"),
    Status.OFFERED: mark("Offered a seat"),
    Status.CONFIRMED: mark("Has said yes"),
    Status.SELF_FUNDED: mark("A self-funded seat was given"),
    None: mark("The reason is not public"),
}
ASKED_STEP = mark("Was asked whether to come")
KEPT_STEP = mark("Under review, seat kept")
MERGED = mark("Came with a seat from a merged class")
OVERRIDDEN = mark("Override by two planners: {reason}")


def latest(words: Words, line: QueueLine) -> str:
    """Say the latest step of a line."""
    if line.status is Status.ADMITTED and line.asked:
        return words(ASKED_STEP)
    return words(KEPT_STEP if line.reserved else STEPS[line.status])


def all_steps(words: Words, line: QueueLine) -> Component | None:
    """Fold away every step of an open line with its time, those of one moment together."""
    told = groupby(_told(words, line), key=itemgetter(0))
    marks = [(at, [text for _, text in alike]) for at, alike in told]
    if len(marks) < 2:  # the row says it already
        return None
    items = [
        html.Li(
            [html.Time(words.moment(at), dateTime=at.isoformat()), html.Span(" → ".join(texts))]
        )
        for at, texts in marks
    ]
    return html.Details([html.Summary(words("All steps")), html.Ol(items)], className="queue-steps")


def _told(words: Words, line: QueueLine) -> Iterator[tuple[datetime, str]]:
    if line.registered_at is not None:
        yield line.registered_at, words("Registered")
    for step in line.steps:
        yield step.at, _taken(words, step)
    if line.asked and line.moved_at is not None and line.status is Status.ADMITTED:
        yield line.moved_at, words(ASKED_STEP)


def _taken(words: Words, step: Step) -> str:
    if step.why == Event.MERGE:
        return words(MERGED)
    if step.why is not None:
        return words(OVERRIDDEN, reason=words(REASONS[step.why]))
    kept = step.status is Status.IN_REVIEW and step.seat
    return words(KEPT_STEP if kept else STEPS[step.status])
