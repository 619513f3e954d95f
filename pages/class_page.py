"""One training class for everybody: what, when, where, how full, who may attend, who is where."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.changes_told import changes_told
from pages.components.class_facts import basis, facts, route
from pages.components.class_rows import class_rows, reader_of
from pages.components.entry import attrs, crumb, page_number, path_id
from pages.components.gauge import gauge, tag
from pages.components.journey import aria, note
from pages.components.queue_table import pages_of, queue_panel
from pages.components.register_panel import register_panel, terms_panel
from pages.components.rules_told import rules_told
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.kernel.actor import Role
from services.registration.class_page import ClassPage, class_page
from services.registration.offers import Offer
from services.registration.public_queue import public_queue
from services.registration.standing import IfNow
from services.words import Words, mark

PATH = "/classes/<class_id>"
NEIGHBOURS = 4
WHY_WAITING = mark(
    "Some people wait although a seat is free: they attend at their own cost, which is offered "
    "later, another class of theirs is on the same days, or another choice of theirs comes first."
)


def layout(visit: Visit, class_id: str) -> Component:
    """Show a class; `?page=` and `?show=waiting` turn the pages of its public queue.

    A page beyond the last is the last.
    """
    words = visit.words
    found = class_page(visit.look, path_id(class_id))
    offer = found.offer
    where = f"{words.name(offer, 'city')} {words.day(offer.starts_on)}".strip()
    name = words.name(offer, "course")
    return html.Div(
        [
            crumb(
                words,
                (words("Courses"), "/courses"),
                (name, f"/courses/{offer.course}"),
                here=where,
            ),
            _head(words, offer),
            facts(words, offer),
            *changes_told(words, found.changes),
            html.Div([_main(visit, found), _aside(visit, found)], className="split class-split"),
            _neighbours(visit, found),
        ],
        **attrs(data_title=f"{name} {where}"),
    )


def _head(words: Words, offer: Offer) -> Component:
    dot = "・" if words.zh else ", "
    parts = (offer.course, basis(words, offer.stcw_ref), words("class {code}", code=offer.code))
    kept = [html.Span(part, className="nowrap") for part in parts if part]
    codes = [piece for part in kept for piece in (dot, part)][1:]
    other = offer.course_en if words.zh else offer.course_zh
    return html.Div(
        [
            html.Div(
                [tag(words, offer.if_now), html.Span(codes, className="sub")], className="line"
            ),
            html.H1(words.name(offer, "course"), tabIndex=-1),
            html.P(other, className="sub", lang="en" if words.zh else "zh-Hant-TW"),
        ],
        className="pagehead",
    )


def _main(visit: Visit, found: ClassPage) -> Component:
    words, offer = visit.words, found.offer
    waiting_only = visit.query.get("show") == "waiting"
    page = min(page_number(visit.query.get("page", "")), pages_of(offer, waiting_only))
    lines = public_queue(visit.look, offer.id, page=page, waiting_only=waiting_only)
    return html.Div(
        [
            _seats(visit, offer),
            html.Section(
                [
                    html.Div(
                        [
                            html.H2(words("What happens when"), id="route"),
                            html.Span(words("All times are Taipei time"), className="asof"),
                        ],
                        className="section-head",
                    ),
                    route(words, found.stops, paid=offer.wholly_self_funded),
                ],
                className="panel",
                **aria(labelledby="route"),
            ),
            queue_panel(words, offer, lines, page=page, waiting_only=waiting_only),
        ],
        className="stack stack-m",
    )


def _seats(visit: Visit, offer: Offer) -> Component:
    words, counts = visit.words, offer.counts
    as_of = words(
        "As of {moment}: {n} numbers given, {closed} ended",
        moment=words.moment(visit.look.now),
        n=counts.numbers,
        closed=counts.closed,
    )
    line = words(
        "The line is the cap of {cap} seats; right of it people wait. Whoever is under review "
        "keeps the seat, so a slow review costs nobody their place.",
        cap=offer.cap,
    )
    parts: list[Component | None] = [
        html.Div(
            [html.H2(words("Seats"), id="seats"), html.Span(as_of, className="asof")],
            className="section-head",
        ),
    ]
    if offer.if_now is IfNow.CANCELLED:
        gone = words(
            "The class was planned with {cap} seats. Nobody holds one any more.", cap=offer.cap
        )
        parts.append(html.P(gone))
    else:
        parts += [gauge(words, counts, offer.cap), html.P(line, className="sub under-gauge")]
    if counts.queue and offer.if_now is IfNow.SEAT:
        parts.append(html.P(words(WHY_WAITING), className="sub"))
    return html.Section(parts, className="panel", **aria(labelledby="seats"))


def _aside(visit: Visit, found: ClassPage) -> Component:
    words, offer = visit.words, found.offer
    names = names_in_use(visit.look)
    day = words("All judged on the first class day, {day}.", day=words.day(offer.starts_on))
    if visit.actor.role is Role.VISITOR:
        check = dcc.Link(words("Log in and see whether you qualify"), href="/login?next=/eligible")
    elif visit.actor.role is Role.SEAFARER:
        check = dcc.Link(words("See whether you qualify"), href="/eligible")
    else:
        check = None
    who = html.Div(
        [
            html.H2(words("Who may attend")),
            *rules_told(words, found.rules, names, funded=not offer.wholly_self_funded),
            html.P([day, " ", check], className="sub told-foot"),
        ],
        className="panel",
    )
    parts = [register_panel(visit, found), who]
    if offer.if_now.takes or offer.if_now is IfNow.NOT_YET:
        parts.insert(1, terms_panel(words, found))
    if offer.assumption:
        parts.append(assumed(words))
    return html.Aside(parts, className="stack first-s", **aria(label=words("Registration")))


def assumed(words: Words) -> Component:
    """Say plainly that the catalogue's values are nobody's promise yet."""
    return note(
        words("Not confirmed yet"),
        words(
            "Hours, cost and entry rules are taken from model courses. MPB has not confirmed them."
        ),
        "waiting",
    )


def _neighbours(visit: Visit, found: ClassPage) -> Component | None:
    if not found.others:
        return None
    words = visit.words
    count = len(found.others)
    more = words.many("See the other {n} class", "See all {n} other classes", count)
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H2(words("Other classes of this course"), id="others"),
                            html.P(words("Those with free seats come first."), className="sub"),
                        ]
                    ),
                    dcc.Link(
                        [more, html.Span(className="ico ico-right", **aria(hidden="true"))],
                        href=f"/courses/{found.offer.course}",
                        className="link-arrow",
                    ),
                ],
                className="section-head",
            ),
            class_rows(words, found.others[:NEIGHBOURS], reader_of(visit)),
        ],
        className="section",
        **aria(labelledby="others"),
    )
