"""The calendar: a month of every institution's classes, and one day of it."""

import re
from contextlib import suppress
from datetime import date, datetime
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_filters import Asked, named, picker, read, region_options, unread_note
from pages.components.class_rows import class_rows, reader_of
from pages.components.entry import attrs, crumb, head, ico, nothing
from pages.components.month_grid import key, month_grid
from pages.visit import Visit
from services.catalogue.holidays import holiday
from services.kernel.errors import NotFound
from services.registration.listing import (
    Choices,
    choices,
    listing,
    nearest,
    neighbours,
    span,
)
from services.registration.wanted import Possible, Wanted, next_month, previous_month
from services.words import Words, mark

PATH, PATH_DAY = "/calendar", "/calendar/<day>"
QUERY = ("month", "course", "institution", "region", "possible")
SHOWN = (
    (Possible.NOW, mark("Registration is open")),
    (Possible.FREE, mark("Free seats")),
    (Possible.ALL, mark("All, past and cancelled too")),
)
WHOLE_MONTH = 500


def layout(visit: Visit) -> Component:
    """Show one month; without one in the address, the first one can still register in."""
    words, look = visit.words, visit.look
    known = choices(look, look.today)
    asked = _asked(visit, known)
    month = asked.month or look.today.replace(day=1)
    found = listing(look, asked.wanted, per_page=WHOLE_MONTH)
    body: Component = month_grid(
        words, month, look.today, found.offers, lambda day: _day_href(asked, day)
    )
    parts = [
        head(
            words("Class calendar"),
            words(
                "Every institution's classes on their first day. The number says what you would "
                "meet by registering now."
            ),
        ),
        unread_note(words, asked),
        _form(words, asked, known),
        _bar(visit, asked, month, found.total),
        None if found.total else _empty(visit, asked, month),
        body if found.total else None,
        key(words) if found.total else None,
        _foot(words, asked, look.now, file=found.total > 0),
    ]
    return html.Div([part for part in parts if part is not None], className="stack calendar")


def _foot(words: Words, asked: Asked, now: datetime, *, file: bool) -> Component:
    """When this was so, and the month as a file for one's own calendar."""
    as_of = html.P(
        [
            html.Span(words("As of {moment}, Taipei time", moment=words.deadline(now))),
            html.Span(words("Whoever has registered is told when a class changes.")),
        ],
        className="asof",
    )
    link = html.A(
        [ico("down-tray"), words("Download this month (.ics)")],
        href=asked.address("/calendar.ics/month"),
        className="link-arrow",
    )
    return html.Div([as_of, link if file else None], className="line line-between")


def one(visit: Visit, day: str) -> Component:
    """List all classes that begin on one day.

    Raises:
        NotFound: it is no day.
    """
    words, look = visit.words, visit.look
    on = _read_day(day)
    asked = _asked(visit, choices(look, look.today))
    wanted = asked.but(since=on, until=on).wanted
    found = listing(look, wanted, per_page=WHOLE_MONTH)
    before, after = neighbours(look, asked.but(since=None, until=None).wanted, on)
    month = asked.but(since=on.replace(day=1), until=None)
    feast = holiday(on)
    count = words.many("{n} class begins", "{n} classes begin", found.total)
    title = words.date(on) + (f"・{words(feast)}" if feast else "")
    return html.Div(
        [
            crumb(
                words,
                (words("Class calendar"), PATH),
                (words.month(on.year, on.month), month.address(PATH)),
            ),
            head(title),
            html.H2(count, className="day-count"),
            class_rows(words, found.offers, reader_of(visit), by_course=True)
            if found.total
            else nothing(
                words("No class begins on this day"),
                words("The next and the previous day with classes are below."),
            ),
            html.Nav(
                [
                    _other(words, asked, before, "left"),
                    _other(words, asked, after, "right"),
                ],
                className="line line-between",
                **attrs(aria_label=words("Other days")),
            ),
        ],
        className="stack-m",
    )


def _asked(visit: Visit, known: Choices) -> Asked:
    """Read the address; a calendar shows the past of its month too unless asked otherwise."""
    asked = read(visit.query, known)
    if asked.month is None:
        first = Wanted().in_month(_first_day(visit, asked.wanted))
        asked = asked.but(since=first.since, until=first.until)
    if "possible" not in visit.query or "possible" in asked.ignored:
        asked = asked.but(possible=Possible.ALL)
    return asked


def _first_day(visit: Visit, wanted: Wanted) -> date:
    """Give the first day of a class one can still register for, or today."""
    ahead = wanted.possible is not Possible.ALL
    found = listing(visit.look, wanted, per_page=1).offers if ahead else ()
    return found[0].starts_on if found else visit.look.today


def _read_day(text: str) -> date:
    if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):  # 30 February
            return date.fromisoformat(text)
    raise NotFound()


def _day_href(asked: Asked, day: date) -> str:
    wanted = asked.wanted
    facts = {
        "course": wanted.course,
        "institution": wanted.institution,
        "region": wanted.region,
        "possible": "" if wanted.possible is Possible.ALL else wanted.possible.value,
    }
    query = urlencode({name: value for name, value in facts.items() if value})
    return f"{PATH}/{day.isoformat()}" + (f"?{query}" if query else "")


def _other(words: Words, asked: Asked, day: date | None, way: str) -> Component:
    if day is None:
        return html.Span()
    name = words.date(day)
    text = words("Earlier: {day}", day=name) if way == "left" else words("Later: {day}", day=name)
    inside: list[Component | str] = [ico(way), text] if way == "left" else [text, ico(way)]
    return dcc.Link(inside, href=_day_href(asked, day), className="link-arrow")


def _form(words: Words, asked: Asked, known: Choices) -> Component:
    wanted = asked.wanted
    every = words("All")
    shown = [(p.value, words(text)) for p, text in SHOWN if p is not Possible.ALL]
    possible = "" if wanted.possible is Possible.ALL else wanted.possible.value
    month = dcc.Input(type="hidden", name="month", value=f"{asked.month:%Y-%m}", id="cal-month")
    fields = [
        picker(words, "cal", "course", named(words, known.courses), wanted.course, every),
        picker(words, "cal", "region", region_options(words, known), wanted.region, every),
        picker(
            words, "cal", "institution", named(words, known.institutions), wanted.institution, every
        ),
        picker(words, "cal", "possible", shown, possible, every),
        html.Div(
            html.Button(words("Show"), type="submit", className="btn btn-outline-primary"),
            className="filters-go",
        ),
    ]
    return html.Form(
        [month, html.Div(fields, className="filters")],
        method="get",
        action=PATH,
        className="filterbar",
        **attrs(aria_label=words("Filters"), data_auto="1"),
    )


def _bar(visit: Visit, asked: Asked, month: date, total: int) -> Component:
    words, look = visit.words, visit.look
    bounds = span(look) or (look.today, look.today)
    earlier, later = previous_month(month), next_month(month)
    other = f"{month:%Y-%m}" if words.zh else f"ROC {month.year - 1911}/{month.month}"
    count = words.many("{n} class", "{n} classes", total)
    dot = "・" if words.zh else ", "
    now = look.today.replace(day=1)
    listed = asked.address("/classes")
    return html.Div(
        [
            _step(words, asked, earlier, "left", earlier >= bounds[0].replace(day=1)),
            html.H2(
                [words.month(month.year, month.month), html.Small(f"{other}{dot}{count}")],
                **attrs(aria_live="polite"),
            ),
            _step(words, asked, later, "right", later <= bounds[1]),
            dcc.Link(
                words("Back to this month"),
                href=_month_href(asked, now),
                className="btn btn-link today-btn",
            )
            if month != now
            else None,
            html.Div(
                [
                    html.Span(
                        [ico("cal"), words("Month view")],
                        className="here",
                        **attrs(aria_current="true"),
                    ),
                    dcc.Link([ico("list"), words("List")], href=listed),
                ],
                className="seg-switch",
                role="group",
                **attrs(aria_label=words("View")),
            ),
        ],
        className="monthbar",
    )


def _step(words: Words, asked: Asked, month: date, icon: str, exists: bool) -> Component:
    look = "btn btn-outline-primary"
    if not exists:
        return html.Span(ico(icon), className=f"{look} disabled", **attrs(aria_hidden="true"))
    name = words.month(month.year, month.month)
    label = (
        words("Previous month, {month}", month=name)
        if icon == "left"
        else words("Next month, {month}", month=name)
    )
    heard = html.Span(label, className="visually-hidden")
    return dcc.Link(
        [ico(icon), heard], id=f"month-{icon}", href=_month_href(asked, month), className=look
    )


def _month_href(asked: Asked, month: date) -> str:
    shown = asked.but(since=month)
    if shown.wanted.possible is Possible.ALL:
        shown = shown.but(possible=Possible.AHEAD)  # the calendar's own default stays unwritten
    return shown.address(PATH)


def _empty(visit: Visit, asked: Asked, month: date) -> Component:
    words = visit.words
    name = words.month(month.year, month.month)
    near = nearest(visit.look, asked.wanted)
    title = words("No class begins in {month}", month=name)
    if near is None:
        return nothing(title, words("No class is published yet. The calendar fills with the plan."))
    when = words.month(near.on.year, near.on.month)
    if near.dropped == "month":
        text = words.many(
            "In {month} there is {n}.", "In {month} there are {n}.", near.total, month=when
        )
    else:
        text = words("Fewer filters find one in {month}.", month=when)
    href = _month_href(Asked(near.wanted), near.on.replace(day=1))
    link = dcc.Link(words("Go to {month}", month=when), href=href, className="btn btn-primary")
    return nothing(title, text, link)
