"""The news of the front page, each sentence filled with what really happened."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from services.catalogue.news import News
from services.kernel.clock import taipei_day
from services.words import Words, mark

SENTENCES = {  # (singular, plural) of the number of classes
    "plan": (
        mark("The training plan of {year} is published: {n} class, {seats} seats"),
        mark("The training plan of {year} is published: {n} classes, {seats} seats"),
    ),
    "window": (
        mark("Registration is open for classes from {first} to {last}"),
        mark("Registration is open for classes from {first} to {last}"),
    ),
    "added": (
        mark("New class: {course}, {day} ({code})"),
        mark("New class: {course}, {day} ({code})"),
    ),
    "cancelled": (
        mark("Cancelled: {course}, {day} ({code})"),
        mark("Cancelled: {course}, {day} ({code})"),
    ),
    "confirmation_call": (
        mark("{people} people were asked to confirm for the class of {day}"),
        mark("{people} people were asked to confirm for the {n} classes of {day}"),
    ),
    "promotion_call": (
        mark("{people} waiting people got a seat in the class of {day}"),
        mark("{people} waiting people got a seat in the {n} classes of {day}"),
    ),
    "self_funded_call": (
        mark("Self-funded seats were offered to {people} people for the class of {day}"),
        mark("Self-funded seats were offered to {people} people for the {n} classes of {day}"),
    ),
    "freeze": (
        mark("The list for the class of {day} is final: {people} people are coming"),
        mark("The lists for the {n} classes of {day} are final: {people} people are coming"),
    ),
}


def news_list(words: Words, told: Sequence[News]) -> Component:
    """List the news, the newest first."""
    if not told:
        return html.P(words("Nothing has happened yet."), className="sub")
    return html.Ul([_line(words, one) for one in told], className="news")


def _line(words: Words, one: News) -> Component:
    day = taipei_day(one.at)
    sentence = words.many(*SENTENCES[one.kind], int(one.facts.get("n", 1)), **_facts(words, one))
    return html.Li(
        [html.Time(words.day(day), dateTime=day.isoformat()), dcc.Link(sentence, href=one.href)]
    )


def _facts(words: Words, one: News) -> dict[str, Any]:
    facts = {name: value for name, value in one.facts.items() if name not in ("n", "zh", "en")}
    if "zh" in one.facts:
        facts["course"] = one.facts["zh" if words.zh else "en"]
    for name in ("day", "first", "last"):
        if name in facts:
            facts[name] = words.day(facts[name]) if name == "day" else words.date(facts[name])
    if "year" in facts:
        facts["year"] = words.year(facts["year"])
    for name in ("seats", "people"):
        if name in facts:
            facts[name] = words.number(facts[name])
    return facts
