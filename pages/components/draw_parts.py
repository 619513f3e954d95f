"""Parts of the draws: the state of one, its way in five steps, and the notes other pages show."""

from collections.abc import Sequence
from datetime import datetime

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import mark_of
from pages.components.journey import note
from services.kernel.clock import taipei_day
from services.lottery.public import DrawLine, DrawPage
from services.lottery.standing import InDraw
from services.words import Words, mark

COMMITTED = (mark("Not open yet"), "closed", "lock")
OPEN = (mark("Tickets are given"), "admitted", "card")
WAITING = (mark("Waits for the public value"), "waiting", "hourglass")
DRAWN = (mark("Drawn"), "confirmed", "check")


def href(draw_id: int, ticket: str | None = None) -> str:
    """Give the address of a draw, or of a ticket on its list."""
    return f"/draws/{draw_id}?ticket={ticket}#tickets" if ticket else f"/draws/{draw_id}"


def draw_badge(words: Words, line: DrawLine, now: datetime) -> Component:
    """Say how far a draw is."""
    if line.state == "drawn":
        text, tone, icon = DRAWN
    elif line.state == "revealed" or now >= line.closes_at:
        text, tone, icon = WAITING
    else:
        text, tone, icon = COMMITTED if now < line.opens_at else OPEN
    return mark_of(words(text), tone, icon)


def way(words: Words, page: DrawPage, now: datetime) -> Component:
    """Lay the five steps of a draw; what was published at each stands below it."""
    line = page.line
    value = next((v for v in page.values if v.confirmed_at), None)
    drawn = words("{n} ranks were drawn.", n=words.number(line.taking_part))
    rows: list[tuple[str, datetime | None, bool, list[Component]]] = [
        (
            words("Commitment published"),
            line.committed_at,
            True,
            [html.P(words("SHA-256 of the secret seed:")), html.Code(line.commitment)],
        ),
        (
            words("Registration opens"),
            line.opens_at,
            now >= line.opens_at,
            [html.P(words("Everybody who registers gets a number and a ticket; no seats yet."))],
        ),
        (
            words("Window closes; the list is frozen and the seed revealed"),
            line.closed_at or line.closes_at,
            page.seed is not None,
            _revealed(words, page),
        ),
        (
            words("Public value"),
            value.confirmed_at if value and value.confirmed_at else line.value_from,
            value is not None,
            _value(words, page),
        ),
        (
            words("Drawn; seats are given by rank"),
            line.drawn_at,
            line.state == "drawn",
            [html.P(drawn)] if line.drawn_at else [html.P(words("At once, by itself."))],
        ),
    ]
    ahead = [n for n, row in enumerate(rows) if not row[2]]
    items = [
        html.Li(
            [html.H3(title), _when(words, at, done), *more],
            className="done" if done else "now" if n == ahead[0] else None,
        )
        for n, (title, at, done, more) in enumerate(rows)
    ]
    return html.Ol(items, className="log draw-way")


def _when(words: Words, at: datetime | None, done: bool) -> Component | None:
    if at is None:
        return None
    moment = words.deadline(at)
    text = moment if done else words("from {moment}", moment=moment)
    return html.Time(text, dateTime=at.isoformat())


def _revealed(words: Words, page: DrawPage) -> list[Component]:
    if page.seed is None:
        return [html.P(words("Nobody can know the public value at this moment."))]
    frozen = words("Tickets on the list: {n}.", n=words.number(page.line.taking_part))
    return [
        html.P([frozen, " ", words("SHA-256 of the list:")]),
        html.Code(page.list_hash),
        html.P(words("Seed:")),
        html.Code(page.seed),
    ]


def _value(words: Words, page: DrawPage) -> list[Component]:
    parts: list[Component] = [
        html.P([words("Named in advance:"), " ", html.Strong(words.name(page, "source"))])
    ]
    for value in page.values:
        if value.replaced_at:
            said = words("Entered by mistake and taken back: {value}", value=value.value)
            parts.append(html.P(said, className="sub"))
        elif value.confirmed_at:
            said = words("Read by two planners:")
            parts.append(html.P([said, " ", html.Strong(value.value, className="num")]))
        else:
            parts.append(html.P(words("Entered by one planner; a second has to confirm it.")))
    return parts


def draw_note(words: Words, draw: InDraw, now: datetime) -> Component | None:
    """Say on a class's or a registration's page that ranks are drawn, and when."""
    if not draw.ahead:
        return None
    day = words.date(taipei_day(draw.on))
    if now < draw.closes_at:
        head = words("Seats are drawn: being early gains nothing")
        text = words(
            "Everybody who registers until {moment} has the same chance. Ranks are drawn from "
            "{day} on, and then seats are given.",
            moment=words.deadline(draw.closes_at),
            day=day,
        )
    else:
        head = words("The draw is ahead")
        text = words(
            "The window has closed. Ranks are drawn from {day} on, as soon as the public value is "
            "known. Who registers now comes after everybody drawn.",
            day=day,
        )
    more = dcc.Link(words("How this draw can be checked"), href=href(draw.id))
    return note(head, html.Div([html.P(text), more]), "waiting", "info")


def draw_link(words: Words, draw: InDraw | None) -> Component | None:
    """Lead to the draw a registration takes part in, at its own ticket."""
    if draw is None:
        return None
    where = href(draw.id, None if draw.ahead else draw.ticket)
    return html.Span([" ", dcc.Link(words("The draw"), href=where)])


def draws_panel(words: Words, lines: Sequence[DrawLine], now: datetime) -> Component | None:
    """List the draws of a course beside it."""
    if not lines:
        return None
    items = [
        html.Li(
            [
                dcc.Link(words.period(line.classes_from, line.classes_to), href=href(line.id)),
                html.Div(draw_badge(words, line, now)),
            ]
        )
        for line in lines
    ]
    return html.Div(
        [
            html.H2(words("Draws of this course")),
            html.P(words("Seats of classes in these spans go by ranks drawn."), className="sub"),
            html.Ul(items, className="plain stack-s"),
        ],
        className="panel",
    )
