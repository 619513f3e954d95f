"""The facts of a class and its route: when, where, at what price, and what happens on which day."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.journey import aria
from services.catalogue.names import LABELS
from services.kernel.clock import TAIPEI
from services.milestones import EXPLANATIONS, TITLES, Milestone
from services.registration.class_page import DRAW, OPENING, START, Stop
from services.registration.offers import Offer
from services.words import Words, mark

NATIONAL = re.compile(r"national \((.+) based\)")  # as the catalogue writes it
TABLES = re.compile(r"(.+) \(tables (\S+)\.\.(\S+)\)")
PARAGRAPHS = re.compile(r"(.+) paras? ([\d-]+)")
STOP_TITLES: Mapping[str, str] = {
    OPENING: mark("Registration opens"),
    DRAW: mark("Draw"),
    **{kind.value: TITLES[kind] for kind in Milestone},
    START: mark("First day"),
}
STOP_TEXTS: Mapping[str, str] = {
    OPENING: mark("Numbers are given from this minute on."),
    DRAW: mark("Ranks are drawn from this day on; then seats are given by rank."),
    **{kind.value: EXPLANATIONS[kind] for kind in Milestone},
    START: mark("Bring an identity document."),
}


def facts(words: Words, offer: Offer) -> Component:
    """The four facts a person chooses by."""
    dates = words.period(offer.starts_on, offer.ends_on)
    institution = words.name(offer, "institution")
    valid = validity(words, offer.validity_years)
    return html.Dl(
        [
            fact(words("Class days"), dates, _days(words, offer)),
            fact(words("Institution"), institution, words.name(offer, "place")),
            fact(*_fee(words, offer)),
            fact(words("Certificate"), valid, _labels(words, offer)),
        ],
        className="facts facts-wide",
    )  # fmt: skip


def fact(name: str, value: str, more: str) -> Component:
    """One fact of the row: its name, the fact, and what stands small below it."""
    return html.Div([html.Dt(name), html.Dd([value, html.Small(more) if more else None])])


def _days(words: Words, offer: Offer) -> str:
    first, last = offer.starts_on.isoformat(), offer.ends_on.isoformat()
    same_year = offer.starts_on.year == offer.ends_on.year
    iso = first if first == last else f"{first} – {last[5:] if same_year else last}"
    comma = "，" if words.zh else ", "
    return comma.join([iso, length(words, offer.days, offer.hours)])


def length(words: Words, days: int, hours: float | None) -> str:
    """Days and hours: 5天30小時 / 5 days, 30 hours."""
    told = words.many("{n} day", "{n} days", days)
    if not hours:
        return told
    comma = "" if words.zh else ", "
    count = f"{hours:g}"
    unit = words("{n} hours", n=count) if hours != 1 else words("{n} hour", n=count)
    return told + comma + unit


def _fee(words: Words, offer: Offer) -> tuple[str, str, str]:
    if offer.wholly_self_funded:
        fee = words.money(offer.fee)
        return words("Cost (wholly self-funded class)"), fee, words("No subsidy in this class")
    return (
        words("Cost (funded seat)"),
        words("You pay {own}", own=words.money(offer.own_share)),
        words(
            "{percent}% subsidised; self-funded {fee}",
            percent=offer.subsidy_percent,
            fee=words.money(offer.fee),
        ),
    )


def basis(words: Words, ref: str | None) -> str:
    """The convention's article a course follows, or the national rule built on one."""
    if not ref:
        return ""
    national = NATIONAL.fullmatch(ref)
    if national:
        return words("National rule (after STCW {ref})", ref=national[1])
    return words("STCW {ref}", ref=_article(words, ref))


def _article(words: Words, ref: str) -> str:
    """Say which tables or paragraphs of it are meant."""
    if tables := TABLES.fullmatch(ref):
        ref, first, last = tables.groups()
        return words("{ref} (tables {first} to {last})", ref=ref, first=first, last=last)
    if paragraphs := PARAGRAPHS.fullmatch(ref):
        return words("{ref}, paragraph {numbers}", ref=paragraphs[1], numbers=paragraphs[2])
    return ref


def validity(words: Words, years: int | None) -> str:
    """How long the certificate is valid."""
    if years is None:
        return words("Does not run out")
    return words.many("Valid {n} year", "Valid {n} years", years)


def _labels(words: Words, offer: Offer) -> str:
    if not offer.labels:
        return words("No recognition label entered")
    names = [words(LABELS.get(label, label)) for label in offer.labels]
    return words("Recognised by {names}", names=("、" if words.zh else ", ").join(names))


PAID_CALLS = (Milestone.SELF_FUNDED_CALL, Milestone.SETTLEMENT)
_LOOKS = {"done": "done", "now": "now", "skipped": "done skip-it", "off": "off"}


def route(words: Words, stops: Sequence[Stop], *, paid: bool = False) -> Component:
    """The plotted course: sailed solid, ahead dashed, the next stop in orange.

    paid: in a wholly self-funded class nothing is left to be offered at own cost.
    """
    shown = [stop for stop in stops if not (paid and stop.kind in PAID_CALLS)]
    return html.Ol([_stop(words, stop) for stop in shown], className="route route-two")


def _stop(words: Words, stop: Stop) -> Component:
    if isinstance(stop.at, datetime):
        local = stop.at.astimezone(TAIPEI)
        day, small, iso = local.date(), f"{local:%Y-%m-%d %H:%M}", local.isoformat()
    else:
        day, small, iso = stop.at, stop.at.isoformat(), stop.at.isoformat()
    told = {"skipped": mark("Skipped: there was no time left for it."),
            "off": mark("Does not take place.")}.get(stop.state, STOP_TEXTS[stop.kind])  # fmt: skip
    state: dict[str, Any] = aria(current="step") if stop.state == "now" else {}
    heard = {"done": words("done"), "now": words("next")}.get(stop.state)
    title: list[Any] = [words(STOP_TITLES[stop.kind])]
    if heard:
        title.append(html.Span(words(" ({state})", state=heard), className="visually-hidden"))
    return html.Li(
        [
            html.B(title),
            html.Time([words.day(day), html.Small(small)], className="date", dateTime=iso),
            html.Div(words(told), className="sub"),
        ],
        className=_LOOKS.get(stop.state),
        **state,
    )
