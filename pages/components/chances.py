"""What sending now would give for every choice, and the rules behind it, told once each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.entry import mark_of, say
from pages.components.findings import (
    OUTCOMES,
    PLACE_COUNTS,
    Names,
    joined,
    leaves,
    outcome_of,
    rules_listed,
    rules_panel,
    verdict_panel,
)
from services.preview import Preview
from services.registration.choices import ChoiceCard
from services.words import Words, mark


@dataclass(frozen=True, slots=True)
class Chance:
    """What one choice would give."""

    place: int  # the preference it would have
    card: ChoiceCard
    seen: Preview

    @property
    def needless(self) -> bool:
        """Whether it is not sent: a better choice gives a seat at once."""
        return self.seen.left_out

    @property
    def refused(self) -> bool:
        return self.seen.would.value == "ineligible"


def weighed(
    cards: Sequence[ChoiceCard], seen: Sequence[Preview], first: int = 1
) -> tuple[Chance, ...]:
    """Put choices and what they would give side by side, the first being preference `first`."""
    pairs = enumerate(zip(cards, seen, strict=True), first)
    return tuple(Chance(place, card, one) for place, (card, one) in pairs)


def outcome_panel(words: Words, chances: Sequence[Chance]) -> Component:
    """Say what sending now would give: in one sentence, and for each choice where several."""
    if not chances:
        return html.Section(html.P(words("Choose a class in step 1.")), className="panel")
    if len(chances) == 1:
        return verdict_panel(words, chances[0].seen)
    sent = [chance for chance in chances if not chance.needless]
    waits = any(outcome_of(chance.seen) == "waitlisted" for chance in sent)
    return html.Section(
        [
            html.H2(_headline(words, sent)),
            html.P(_more(words, sent, len(chances))),
            html.Ol([_chance(words, chance) for chance in chances], className="choices"),
            html.P(words(PLACE_COUNTS), className="sub") if waits else None,
        ],
        className="panel stack-s",
    )


def _headline(words: Words, sent: Sequence[Chance]) -> str:
    seat = next((chance for chance in sent if chance.seen.would.value == "admitted"), None)
    if seat is not None:
        return words("Choice {n} would give you a seat now", n=seat.place)
    if all(chance.refused for chance in sent):
        return words(OUTCOMES["ineligible"][0])
    n = sum(not chance.refused for chance in sent)
    return words.many(
        "You would get a number in {n} queue", "You would get numbers in {n} queues", n
    )


def _more(words: Words, sent: Sequence[Chance], count: int) -> str:
    if len(sent) < count:
        return words("The choices after it are not sent: one seat for a course is enough.")
    if all(chance.refused for chance in sent):
        return words(OUTCOMES["ineligible"][1])
    return words("The first of them that gives you a seat ends the ones below it.")


def _chance(words: Words, chance: Chance) -> Component:
    card, dot = chance.card, "・" if words.zh else ", "
    where = dot.join((words.name(card, "institution"), card.code))
    return html.Li(
        [
            html.Span(words("Choice {n}", n=chance.place), className="sub"),
            html.H3(words.day(card.starts_on)),
            html.Div(where, className="sub"),
            _badge(words, chance),
            html.Div(_told(words, chance), className="sub chance-told"),
        ]
    )


def _badge(words: Words, chance: Chance) -> Component:
    if chance.needless:
        return mark_of(words("Not sent"), "closed", "dash", "st-over")
    text, *look = OUTCOMES[outcome_of(chance.seen)][2]
    return mark_of(words(text), *look)


_TOLD: Mapping[str, str] = {
    "admitted": mark("A seat at once."),
    "waitlisted": mark("Number {place} on the waiting list."),
    "drawn": mark("Your rank is drawn; the number does not count."),
    "offered": mark("You may claim one after sending."),
    "in_review": mark("You keep number and place during the review."),
    "ineligible": mark("Sent now, it would be refused at once."),
}


def _told(words: Words, chance: Chance) -> str:
    if chance.seen.problem is not None:
        return say(words, chance.seen.problem.sentence, chance.seen.problem.facts)
    if chance.needless:
        return words("Not needed: a better choice gives you a seat.")
    if chance.seen.suspended:
        return words("Waits while the better choice keeps a seat for you during the review.")
    return words(_TOLD[outcome_of(chance.seen)], place=chance.seen.place)


def judged_panel(
    words: Words, chances: Sequence[Chance], as_of: datetime, names: Names
) -> Component | None:
    """Every rule once; where choices differ, each result says which choices it is for."""
    title = words("The rules, one by one")
    found = [chance.seen.judgement.screening.to_json() for chance in chances]
    if len(chances) < 2:
        return rules_panel(words, found[0], as_of, title=title, names=names) if found else None
    rows: dict[str, tuple[dict[str, Any], list[int]]] = {}
    for chance, findings in zip(chances, found, strict=True):
        for leaf in leaves(findings):
            first = findings.get("first_date")
            whole = {**leaf, "first": first if leaf["verdict"] == "fail" else None}
            rows.setdefault(dumps(whole, sort_keys=True), (whole, []))[1].append(chance.place)
    listed = [(leaf, _which(words, at, len(chances))) for leaf, at in rows.values()]
    return rules_listed(
        words, listed, as_of, title=title, names=names, version=found[0].get("version", 1)
    )


def _which(words: Words, at: Sequence[int], count: int) -> str:
    if len(at) == count:
        return ""
    return words("Choice {n}", n=joined(words, [str(n) for n in at], mark(" and ")))
