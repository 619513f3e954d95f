"""Find a class: every institution's classes, narrowed by what the reader types and picks."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_filters import (
    LABELS,
    Asked,
    month_options,
    named,
    picker,
    read,
    region_options,
    text_field,
    unread_note,
)
from pages.components.class_rows import class_rows, reader_of
from pages.components.entry import attrs, head, ico, nothing, pages_nav
from pages.visit import Visit
from services.registration.listing import Choices, Listing, Nearest, choices, listing, nearest
from services.registration.wanted import Possible
from services.words import Words, mark

PATH = "/classes"
QUERY = ("text", "course", "institution", "region", "month", "possible", "label", "page")
POSSIBLE = {
    Possible.AHEAD: mark("All ahead"),
    Possible.NOW: mark("Registration is open"),
    Possible.FREE: mark("Free seats"),
    Possible.WAITING: mark("Waiting list"),
    Possible.SELF_FUNDED: mark("Self-funded seats"),
    Possible.SOON: mark("Opens later"),
    Possible.ALL: mark("All, past and cancelled too"),
}
MORE = ("course", "institution", "region", "label")


def layout(visit: Visit) -> Component:
    """List the classes that fit the address, by first day."""
    words, look = visit.words, visit.look
    known = choices(look, look.today.replace(month=1, day=1))
    asked = read(visit.query, known)
    found = listing(look, asked.wanted, page=asked.page)
    if found.total:
        body: Component = html.Section(
            [
                _count(words, visit, found),
                class_rows(words, found.offers, reader_of(visit), by_course=True),
            ]
        )
    else:
        body = _empty(words, nearest(look, asked.wanted))
    parts = [
        head(
            words("Find a class"),
            words("Every institution's classes in one list, by first day."),
        ),
        unread_note(words, asked),
        _form(words, asked, known),
        body,
        pages_nav(words, lambda page: asked.address(PATH, page), found.page, found.last),
    ]
    return html.Div([part for part in parts if part is not None], className="stack-m finder")


def _form(words: Words, asked: Asked, known: Choices) -> Component:
    wanted = asked.wanted
    every = words("All")
    month = f"{asked.month:%Y-%m}" if asked.month else ""
    possible = [(p.value, words(text)) for p, text in POSSIBLE.items() if p.value]
    more = [
        picker(words, "find", "course", named(words, known.courses), wanted.course, every),
        picker(
            words,
            "find",
            "institution",
            named(words, known.institutions),
            wanted.institution,
            every,
        ),
        picker(words, "find", "region", region_options(words, known), wanted.region, every),
        picker(words, "find", "label", [(x, x) for x in known.labels], wanted.label, every),
    ]
    used = sum(bool(getattr(wanted, name)) for name in MORE)
    summary = words.many("More filters ({n} set)", "More filters ({n} set)", used)
    return html.Form(
        [
            html.Div(
                [
                    text_field(words, "find", wanted.text),
                    picker(
                        words,
                        "find",
                        "month",
                        month_options(words, known, asked.month),
                        month,
                        every,
                    ),
                    picker(
                        words,
                        "find",
                        "possible",
                        possible,
                        wanted.possible.value,
                        words(POSSIBLE[Possible.AHEAD]),
                    ),
                    html.Button(
                        [ico("search"), words("Search")], type="submit", className="btn btn-primary"
                    ),
                ],
                className="filters finder-first",
            ),
            html.Details(
                [
                    html.Summary(summary if used else words("More filters")),
                    html.Div(more, className="filters"),
                ],
                open=used > 0,
                className="finder-more",
            ),
        ],
        method="get",
        action=PATH,
        className="filterbar",
        role="search",
        **attrs(aria_label=words("Find a class"), data_auto="1"),
    )


def _count(words: Words, visit: Visit, found: Listing) -> Component:
    return html.Div(
        [
            html.H2(words.many("{n} class", "{n} classes", found.total)),
            html.Span(words("As of {moment}, Taipei time", moment=words.deadline(visit.look.now))),
        ],
        className="asof found",
        role="status",
    )


def _empty(words: Words, near: Nearest | None) -> Component:
    """Name the nearest thing that exists, with one button to it."""
    title = words("No class fits these filters")
    if near is None:
        return nothing(title, words("No class is published yet. The calendar fills with the plan."))
    label = words.many("Show {n} class", "Show {n} classes", near.total)
    href = Asked(near.wanted).address(PATH)
    link = dcc.Link(label, href=href, className="btn btn-primary")
    return nothing(title, _nearest(words, near), link)


def _nearest(words: Words, near: Nearest) -> str:
    if near.dropped == "month":
        month = words.month(near.on.year, near.on.month)
        return words.many(
            "The nearest month with such a class is {month}: {n} class.",
            "The nearest month with such classes is {month}: {n} classes.",
            near.total,
            month=month,
        )
    day = words.date(near.on)
    if not near.dropped:
        return words.many(
            "Without any filter there is {n} class, first on {day}.",
            "Without any filter there are {n} classes, the first on {day}.",
            near.total,
            day=day,
        )
    return words.many(
        "Without the filter '{filter}' there is {n} class, first on {day}.",
        "Without the filter '{filter}' there are {n} classes, the first on {day}.",
        near.total,
        filter=words(LABELS[near.dropped]),
        day=day,
    )
