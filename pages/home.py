"""The front door: what is open now, when the next window opens, how the queue works, news."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_filters import (
    month_options,
    picker,
    region_options,
    text_field,
)
from pages.components.class_rows import class_rows, reader_of
from pages.components.entry import attrs, ico
from pages.components.how_steps import how_steps
from pages.components.journey import link_about, next_panel, own_badge
from pages.components.news_list import news_list
from pages.components.window_card import window_card
from pages.visit import Visit
from services.catalogue.news import news
from services.catalogue.windows import next_window, open_window, year_facts
from services.kernel.actor import Role
from services.registration.listing import Listing, choices, listing, sought
from services.registration.lookup import my_registrations, progress
from services.registration.wanted import Possible, Wanted
from services.words import Words

PATH = "/"
SHOWN = 5


def layout(visit: Visit) -> Component:
    """Show the front page; a seafarer sees the own next deadline first."""
    words, look = visit.words, visit.look
    now_open = listing(look, Wanted(possible=Possible.NOW), per_page=SHOWN)
    told = news(look)
    below = [
        _now(words, visit, now_open),
        _how(words),
        html.Section(
            [
                html.Div([html.H2(words("News"), id="news"), news_list(words, told)]),
                _eligible(words, visit.actor.role),
            ],
            className="section split",
            **attrs(aria_label=words("News and qualification")),
        ),
    ]
    return html.Div(
        [_mine(visit), _hero(visit), html.Div(below, className="wrap")], className="full"
    )


def _mine(visit: Visit) -> Component | None:
    """The own next deadline, or the next class day, of a seafarer with an open registration."""
    if visit.actor.role is not Role.SEAFARER or visit.actor.person_id is None:
        return None
    words = visit.words
    still = [c for c in my_registrations(visit.look, visit.actor.person_id) if c.is_open]
    if not still:
        return None
    card = still[0]
    page = progress(visit.look, card.id)
    label = words("Answer now") if card.needs_answer else words("See progress")
    name = words.name(card, "course")
    look = "btn-primary" if card.needs_answer else "btn-outline-primary"
    actions = [
        link_about(words, label, name, f"/registrations/{card.id}", f"btn {look}"),
        dcc.Link(words("My registrations"), href="/me", className="btn btn-link"),
        html.Span(
            [
                own_badge(words, card),
                html.Span(name),
                html.Span(words.period(card.starts_on, card.ends_on)),
            ],
            className="sub line",
        ),
    ]
    panel = next_panel(words, page.next, visit.look.now, actions)
    return html.Div(panel, className="wrap front-mine")


def _hero(visit: Visit) -> Component:
    words, look = visit.words, visit.look
    facts = year_facts(look)
    lead = words(
        "Look at the seats, then take a number; freed seats go down the queue in the open."
    )
    if facts is not None:
        lead = words(
            "{year}: {institutions} institutions, {classes} classes. Look at the seats, then take "
            "a number; freed seats go down the queue in the open.",
            year=words.year(facts.year),
            institutions=facts.institutions,
            classes=words.number(facts.classes),
        )
    left = html.Div(
        [
            html.H1(words("All seafarer training, one queue"), tabIndex=-1),
            html.P(lead),
            _search(visit),
            _quick(visit),
        ]
    )
    card = window_card(words, look.now, next_window(look), open_window(look))
    return html.Div(
        html.Div(html.Div([left, card], className="split"), className="wrap"), className="hero"
    )


def _search(visit: Visit) -> Component:
    words = visit.words
    known = choices(visit.look, visit.look.today.replace(day=1))
    return html.Form(
        [
            text_field(words, "home", ""),
            picker(words, "home", "region", region_options(words, known), "", words("All")),
            picker(words, "home", "month", month_options(words, known, None), "", words("Any")),
            html.Button(
                [ico("search"), words("Search")], type="submit", className="btn btn-primary"
            ),
        ],
        method="get",
        action="/classes",
        className="searchbar",
        role="search",
        **attrs(aria_label=words("Find a class")),
    )


def _quick(visit: Visit) -> Component | None:
    words = visit.words
    found = sought(visit.look)
    if not found:
        return None
    links = [dcc.Link(words.name(one), href=f"/classes?course={one.code}") for one in found]
    return html.Div([html.Span(words("Most numbers taken:")), *links], className="quick")


def _now(words: Words, visit: Visit, found: Listing) -> Component:
    as_of = words("As of {moment}, Taipei time", moment=words.deadline(visit.look.now))
    count = words.many(
        "{n} class takes registrations, by first day.",
        "{n} classes take registrations, by first day.",
        found.total,
    )
    more = None
    if found.total > len(found.offers):
        text = words("See all {n}", n=words.number(found.total))
        more = dcc.Link([text, ico("right")], href="/classes?possible=now", className="link-arrow")
    if found.total:
        body: Component = class_rows(words, found.offers, reader_of(visit), by_course=True)
    else:
        text = words("Look in the calendar for what comes next.")
        link = dcc.Link(words("Calendar"), href="/calendar", className="btn btn-outline-primary")
        body = html.Div([html.P(text), link], className="panel stack-s")
    return html.Section(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.H2(words("Open for registration"), id="now"),
                            html.P(count + ("" if words.zh else " ") + as_of, className="sub"),
                        ]
                    ),
                    more,
                ],
                className="section-head",
            ),
            body,
        ],
        className="section",
        **attrs(aria_labelledby="now"),
    )


def _how(words: Words) -> Component:
    more = dcc.Link([words("All the rules"), ico("right")], href="/how", className="link-arrow")
    title = html.H2(words("What happens after you take a number"), id="howto")
    return html.Section(
        [html.Div([title, more], className="section-head"), how_steps(words)],
        className="section",
        **attrs(aria_labelledby="howto"),
    )


def _eligible(words: Words, role: Role) -> Component | None:
    if role not in (Role.VISITOR, Role.SEAFARER):
        return None
    known = role is Role.SEAFARER
    text = words(
        "The system holds your MTNet record against every course and says what is missing "
        "and from which day you qualify."
    )
    label = words("See what I may attend") if known else words("Log in and see")
    href = "/eligible" if known else "/login?next=/eligible"
    return html.Div(
        [
            html.H2(words("What may I attend?")),
            html.P(text, className="sub"),
            dcc.Link(label, href=href, className="btn btn-outline-primary"),
        ],
        className="panel",
    )
