"""The public queue of a class: numbers and where they stand, page by page."""

from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.draw_parts import href
from pages.components.entry import attrs, cell, ico, mark_of
from pages.components.journey import BADGES, aria
from pages.components.queue_steps import all_steps, latest
from services.registration.lifecycle import Status
from services.registration.offers import Offer
from services.registration.public_queue import PER_PAGE, QueueLine
from services.words import Words, mark

ASKED = {
    Status.ADMITTED: (mark("Admitted, to confirm"), "admitted", "reply", ""),
    Status.OFFERED: (mark("Self-funded, to answer"), "selffunded", "coin", ""),
}
CLOSED = (mark("Ended"), "closed", "dash", "st-over")
ORDER = mark(
    "Seats go by rank. Whoever waits before others with a seat waits for a self-funded one, has "
    "another class on the same days, or another choice comes first; the place is kept."
)
UNDRAWN = mark(
    "In the order of the numbers: the ranks are still to be drawn, no seat is given yet."
)
BY_DRAW = mark("In the order drawn; who registered after the window follows by number.")
CHECK = "/checkpoints#check-queue"


def pages_of(offer: Offer, waiting_only: bool) -> int:
    """Count the pages of a class's queue."""
    return max(-(-_total(offer, waiting_only) // PER_PAGE), 1)


def _total(offer: Offer, waiting_only: bool) -> int:
    return offer.counts.queue if waiting_only else offer.counts.numbers


def queue_panel(
    words: Words, offer: Offer, lines: list[QueueLine], *, page: int, waiting_only: bool
) -> Component:
    """One page of the queue with its pager and the switch to those without a seat."""
    head = html.Div(
        [
            html.H2(words("Public queue"), id="queue", tabIndex=-1),
            html.Span(words("No names, no personal data"), className="asof"),
        ],
        className="section-head",
    )
    drawn = offer.draw is not None
    empty = html.P(_empty(words, waiting_only))
    body = _table(words, lines, drawn=drawn) if lines else empty
    why = html.P(_order(words, offer), className="sub queue-foot") if lines else None
    foot = _foot(words, offer, page=page, waiting_only=waiting_only)
    out_of_order = _overrides(words, offer.counts.overridden)
    parts = [head, body, foot, why, out_of_order, _file(words, offer)]
    return html.Section(parts, className="panel", **aria(labelledby="queue"))


def _overrides(words: Words, n: int) -> Component | None:
    """Count in public what left the rank order; without a name or a number."""
    if not n:
        return None
    text = words.many(
        "{n} override: two planners of MPB decided, with a reason, that this person is served "
        "before the rank order.",
        "{n} overrides: two planners of MPB decided each, with a reason, that the person is "
        "served before the rank order.",
        n,
    )
    return html.P(text, className="sub queue-foot")


def _file(words: Words, offer: Offer) -> Component | None:
    """Lead to the queue as a file, and to how it is checked."""
    if not offer.counts.numbers:
        return None
    name = f"queue-{offer.code}.json"
    file = html.A(name, href=f"/classes/{offer.id}/queue.json", download=name)
    check = dcc.Link(words("How to check it, and your own line in it"), href=CHECK)
    gap = "・" if words.zh else ", "
    return html.P([words("The whole queue as a file:"), " ", file, gap, check], className="sub")


def _order(words: Words, offer: Offer) -> str | list[Any]:
    """Say what the order is: the number, or a draw, made or still ahead."""
    if offer.draw is None:
        return words(ORDER) if offer.counts.queue else ""
    said = words(UNDRAWN if offer.draw.ahead else BY_DRAW)
    return [said, " ", dcc.Link(words("The draw"), href=href(offer.draw.id))]


def _empty(words: Words, waiting_only: bool) -> str:
    if waiting_only:
        return words("Nobody is in line without a seat.")
    return words("Nobody has registered yet. The first number is 001.")


def _table(words: Words, lines: list[QueueLine], *, drawn: bool) -> Component:
    numbers = [line.number for line in lines]
    caption = words(
        "State of the numbers {first} to {last}",
        first=f"{min(numbers):03d}",
        last=f"{max(numbers):03d}",
    )
    columns = (words("Number"), words("Status"), words("Latest step"), words("Time"))
    header = [
        html.Th(text, scope="col", className="r" if i == 3 else None)
        for i, text in enumerate(columns)
    ]
    return html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr(header)),
            html.Tbody([_line(words, line, drawn=drawn) for line in lines]),
        ],
        className="table table-queue",
    )


def _line(words: Words, line: QueueLine, *, drawn: bool) -> Component:
    number: list[Component] = [html.Span(f"{line.number:03d}")]
    if line.mine:
        number.append(html.Small(words("your number"), className="queue-note"))
    if line.rank is not None and (line.rank != line.number or drawn):
        number.append(html.Small(words("rank {n}", n=line.rank), className="queue-note"))
    return html.Tr(
        [
            html.Th(number, scope="row", className="num", **attrs(data_th=words("Number"))),
            cell(words("Status"), public_badge(words, line)),
            cell(words("Latest step"), [latest(words, line), all_steps(words, line)]),
            cell(words("Time"), _times(words, line), right=True),
        ],
        className="mine" if line.mine else None,
    )


def public_badge(words: Words, line: QueueLine) -> Component:
    """The status for everybody: never solid, for it is never the onlooker's turn."""
    if line.status is None:
        text, tone, icon, form = CLOSED
    elif line.status in ASKED and (line.asked or line.status is Status.OFFERED):
        text, tone, icon, form = ASKED[line.status]
    else:
        text, tone, icon, form = BADGES[line.status]
    return mark_of(words(text), tone, icon, form)


def _times(words: Words, line: QueueLine) -> Component | str:
    """The latest step; the registration below it where that was another moment."""
    if line.moved_at is None:
        return "–"
    moved = html.Time(words.moment(line.moved_at), dateTime=line.moved_at.isoformat())
    if line.registered_at is None or line.registered_at == line.moved_at:
        return moved
    first = html.Small(
        words("registered {moment}", moment=words.moment(line.registered_at)), className="sub xs"
    )
    return html.Div([moved, html.Br(), first])


def _foot(words: Words, offer: Offer, *, page: int, waiting_only: bool) -> Component:
    total, last = _total(offer, waiting_only), pages_of(offer, waiting_only)
    first_row, last_row = (page - 1) * PER_PAGE + 1, min(page * PER_PAGE, total)
    shown = (
        words("{first} to {last} of {total}", first=first_row, last=last_row, total=total)
        if first_row <= last_row
        else ""
    )
    links: list[Component] = []
    if waiting_only:
        links.append(_link(words("All numbers"), offer.id, 1, False))
    elif offer.counts.queue:
        links.append(_link(words("Only people without a seat"), offer.id, 1, True))
    if page > 1:
        text = [ico("left"), words("Previous page")]
        links.append(_link(text, offer.id, page - 1, waiting_only))
    if page < last:
        text = [words("Next page"), ico("right")]
        links.append(_link(text, offer.id, page + 1, waiting_only))
    return html.Div(
        [html.Span(shown, className="sub"), html.Div(links, className="line")],
        className="line line-between queue-foot",
    )


def _link(label: Any, class_id: int, page: int, waiting: bool) -> Component:
    return dcc.Link(
        label, href=queue_href(class_id, page, waiting), className="btn btn-outline-primary btn-sm"
    )


def queue_href(class_id: int, page: int = 1, waiting: bool = False) -> str:
    """Give the address of one page of a class's queue."""
    facts = {"show": "waiting"} if waiting else {}
    facts |= {"page": str(page)} if page > 1 else {}
    return f"/classes/{class_id}{'?' if facts else ''}{urlencode(facts)}#queue"
