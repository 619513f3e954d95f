"""A month as one ordered list of days: a grid on wide screens, an agenda on a phone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico
from pages.components.gauge import TAGS
from services.catalogue.holidays import holiday
from services.kernel.clock import taipei_day
from services.registration.offers import Offer
from services.registration.standing import IfNow
from services.registration.wanted import next_month
from services.words import Words, mark

MOST = 3  # classes shown in one day; more stand on the page of the day
COUNTS: Mapping[IfNow, str] = {
    IfNow.SEAT: mark("{n} free"),
    IfNow.WAITING: mark("{n} waiting"),
    IfNow.PAID_SEAT: mark("{n} self-funded"),
    IfNow.PAID_ONLY: mark("{n} self-funded"),
    IfNow.PAID_WAITING: mark("{n} waiting"),
    IfNow.DRAW: mark("drawn, {n} so far"),
    IfNow.NOT_YET: mark("opens {day}"),
    IfNow.CLOSED: mark("ended"),
    IfNow.CANCELLED: mark("called off"),
}
KEY = (
    (IfNow.SEAT, mark("{n} free"), mark("a seat at once, if you qualify")),
    (IfNow.WAITING, mark("{n} waiting"), mark("full: so many people are in line before you")),
    (IfNow.PAID_ONLY, mark("{n} self-funded"), mark("only seats at your own cost are left")),
    (IfNow.NOT_YET, mark("opens {day}"), mark("registration opens on that day")),
)


def days_of(month: date) -> list[date]:
    """Give the days of the weeks that touch a month, Sunday first."""
    first = month - timedelta(days=(month.weekday() + 1) % 7)
    end = next_month(month)
    weeks = -(-(end - first).days // 7)
    return [first + timedelta(days=n) for n in range(weeks * 7)]


def month_grid(
    words: Words,
    month: date,
    today: date,
    found: Sequence[Offer],
    day_href: Callable[[date], str],
) -> Component:
    """Show a month; days without classes go away on a phone."""
    begins: dict[date, list[Offer]] = {}
    for offer in found:
        begins.setdefault(offer.starts_on, []).append(offer)
    days = days_of(month)
    names = [html.Span(words.weekday(day)) for day in days[:7]]
    return html.Div(
        [
            html.Div(names, className="weekdays", **attrs(aria_hidden="true")),
            html.Ol(
                [_day(words, month, today, d, begins.get(d, []), day_href) for d in days],
                className="month",
            ),
        ]
    )


def _day(
    words: Words,
    month: date,
    today: date,
    day: date,
    classes: Sequence[Offer],
    day_href: Callable[[date], str],
) -> Component:
    feast = holiday(day)
    states = {
        "day": True,
        "out": day.month != month.month,
        "off": feast is not None or day.weekday() >= 5,
        "none": not classes,
        "today": day == today,
    }
    small = [html.Small(words.weekday(day), className="agenda-only")]
    if feast:
        small.append(html.Small(words(feast)))
    number = html.B(html.Time(str(day.day), dateTime=day.isoformat()))
    parts: list[Component] = [html.Div([number, *small], className="dnum")]
    parts += [_event(words, offer) for offer in classes[:MOST]]
    if len(classes) > MOST:
        more = words.many("{n} more class", "{n} more classes", len(classes) - MOST)
        heard = html.Span(words(" on {day}", day=words.day(day)), className="visually-hidden")
        parts.append(dcc.Link([more, heard], href=day_href(day), className="ev-more"))
    current = attrs(aria_current="date") if states["today"] else {}
    return html.Li(parts, className=" ".join(k for k, on in states.items() if on), **current)


def _event(words: Words, offer: Offer) -> Component:
    name = words.name(offer, "course")
    days = words.many("{n} day", "{n} days", offer.days)
    gap = " " if words.zh else ", "
    where = f"{words.name(offer, 'short')}{gap}{days}"
    return dcc.Link(
        [html.B(name), html.Span([where, html.Em(said(words, offer))])],
        href=f"/classes/{offer.id}",
        className=f"ev tone-{TAGS[offer.if_now][1]}",
        title=name,
    )


def said(words: Words, offer: Offer) -> str:
    """Say in a word or two what registering for a class would meet now."""
    if offer.if_now is IfNow.NOT_YET and offer.opens_at is not None:
        opens = taipei_day(offer.opens_at)
        return words(COUNTS[offer.if_now], day=words.brief(opens))
    n = offer.free if offer.if_now.free else offer.counts.queue
    return words(COUNTS[offer.if_now], n=words.number(n))


def key(words: Words) -> Component:
    """Say what the colours and the short words mean."""
    items = []
    for if_now, short, means in KEY:
        _, tone, icon, form = TAGS[if_now]
        example = words(short, n="3", day=words.brief(date(2000, 5, 3)))
        badge = html.Span([ico(icon), example], className=f"st tone-{tone} {form}".strip())
        items.append(html.Li([badge, words(means)]))
    return html.Ul(items, className="key", **attrs(aria_label=words("What the colours mean")))
