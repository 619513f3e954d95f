"""Rows of training classes: day, what and where, seats, one button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.gauge import seats
from pages.components.journey import link_about
from pages.visit import Visit
from services.kernel.actor import STAFF
from services.registration.listing import own_registrations
from services.registration.offers import Offer
from services.registration.standing import IfNow
from services.words import Words, mark

ACTS: dict[IfNow, tuple[str, str]] = {
    IfNow.SEAT: (mark("Register"), "btn-primary"),
    IfNow.WAITING: (mark("Join the waiting list"), "btn-outline-primary"),
    IfNow.PAID_SEAT: (mark("Register, self-funded"), "btn-primary"),
    IfNow.PAID_ONLY: (mark("Register, self-funded"), "btn-outline-primary"),
    IfNow.PAID_WAITING: (mark("Join the self-funded list"), "btn-outline-primary"),
    IfNow.DRAW: (mark("Register"), "btn-primary"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a list of classes is for: may they register, and where are they registered already."""

    registers: bool = True
    own: Mapping[int, int] = field(default_factory=dict)  # class id -> registration id


def reader_of(visit: Visit) -> Reader:
    """Tell whom a list is for; staff register nobody from the public pages."""
    return Reader(visit.actor.role not in STAFF, own_registrations(visit.look))


def class_rows(
    words: Words, found: Sequence[Offer], reader: Reader | None = None, *, by_course: bool = False
) -> Component:
    """List classes; `by_course` names the course in each row, else the institution leads."""
    whom = reader or Reader()
    rows = [class_row(words, offer, whom, by_course=by_course) for offer in found]
    return html.Ul(rows, className="rows panel panel-flush")


def class_row(words: Words, offer: Offer, reader: Reader, *, by_course: bool = False) -> Component:
    """One class: its first day, its name and place, how full it is, and what to do."""
    dot = "・" if words.zh else ", "
    days = words.many("{n} day", "{n} days", offer.days)
    city, place = words.name(offer, "city"), words.name(offer, "institution")
    name = words.name(offer, "course") if by_course else place
    under = [words.name(offer, "short") if by_course else "", city, days]
    return html.Li(
        [
            daymark(words, offer),
            html.Div(
                [
                    html.H3(dcc.Link(name, href=f"/classes/{offer.id}")),
                    html.Div(dot.join(part for part in under if part), className="sub"),
                    html.Div(offer.code, className="sub xs num"),
                ]
            ),
            seats(words, offer),
            act(words, offer, reader),
        ],
        className="row-class",
    )


def daymark(words: Words, offer: Offer) -> Component:
    """The first day, large; weekday and length of the class, and the year, small."""
    first = offer.starts_on
    return html.Div(
        [
            html.Time(html.B(words.brief(first)), dateTime=first.isoformat()),
            html.Small(words.weekday(first)),
            html.Small(words.year(first.year)),
        ],
        className="daymark",
    )


def act(words: Words, offer: Offer, reader: Reader) -> Component:
    """The button of a row: solid only where a seat is free; else the way to the class."""
    about = f"{words.day(offer.starts_on)} {words.name(offer, 'short')}"
    if offer.id in reader.own:
        href = f"/registrations/{reader.own[offer.id]}"
        return link_about(words, words("My registration"), about, href, "btn btn-outline-primary")
    if offer.if_now in ACTS and reader.registers:
        label, look = ACTS[offer.if_now]
        return link_about(words, words(label), about, f"/apply/{offer.id}/1", f"btn {look}")
    return link_about(words, words("See the class"), about, f"/classes/{offer.id}", "btn btn-link")
