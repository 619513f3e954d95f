"""The seats of a class as a draught scale: the load line is the cap, right of it people wait."""

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.entry import mark_of
from pages.components.journey import aria
from services.registration.offers import Offer
from services.registration.standing import Counts, IfNow
from services.words import Words, mark

TAGS: dict[IfNow, tuple[str, str, str, str]] = {
    IfNow.SEAT: (mark("Free seats"), "admitted", "user", ""),
    IfNow.WAITING: (mark("Full, waiting list"), "waiting", "hourglass", ""),
    IfNow.PAID_SEAT: (mark("Free seats, self-funded"), "selffunded", "coin", ""),
    IfNow.PAID_ONLY: (mark("Self-funded only"), "selffunded", "coin", ""),
    IfNow.PAID_WAITING: (mark("Full, self-funded list"), "selffunded", "hourglass", ""),
    IfNow.DRAW: (mark("Seats are drawn"), "waiting", "card", ""),
    IfNow.NOT_YET: (mark("Not open yet"), "closed", "clock", "st-others"),
    IfNow.CLOSED: (mark("Registration closed"), "closed", "lock", "st-over"),
    IfNow.CANCELLED: (mark("Class cancelled"), "problem", "x", "st-done"),
}
_SEATED = (
    ("confirmed", "confirmed", mark("Confirmed")),
    ("self_funded", "selffunded", mark("Self-funded, confirmed")),
    ("admitted", "admitted", mark("Admitted, not confirmed yet")),
    ("reserved", "reserved", mark("Under review, seat kept")),
)
_QUEUED = (
    ("waiting", "waiting", mark("Waitlisted")),
    ("offered", "offered", mark("Self-funded seat offered")),
    ("reviewing", "reviewing", mark("Under review, no seat yet")),
)
_FREE = ("free", "free", mark("Free"))
ROOM_TO_SAY = 0.15  # of the bar; below it the count under the bar would not fit on a phone
Part = tuple[str, str, int]  # look of the segment, its word, how many


def tag(words: Words, if_now: IfNow) -> Component:
    """The badge of a class: its colour is the colour of the status you would get now."""
    text, tone, icon, form = TAGS[if_now]
    return mark_of(words(text), tone, icon, form)


def seats_line(words: Words, offer: Offer) -> str:
    """The one number that counts in a row: seats left, or people in line."""
    if offer.if_now.free:
        return words.many("{n} seat left", "{n} seats left", offer.free)
    if offer.if_now is IfNow.NOT_YET:
        return words.many("{n} seat", "{n} seats", offer.cap)
    if offer.if_now.takes:
        return words.many("{n} person in line", "{n} people in line", offer.counts.queue)
    return words("{held} of {cap} seats taken", held=offer.counts.held, cap=offer.cap)


def gauge_mini(words: Words, counts: Counts, cap: int) -> Component:
    """The gauge of a row: no numbers drawn, all of them said to those who cannot see it."""
    left, right = _left(words, counts, cap), _right(words, counts)
    bar = [_segment(part) for part in left] + [html.Span(className="gauge-load")]
    bar += [_segment(part) for part in right]
    return html.Div(
        _bar(bar), className="gauge gauge-mini", role="img", **_said(words, cap, left, right)
    )


def seats(words: Words, offer: Offer) -> Component:
    """The seats of a class in a row: tag, the number that counts, and the small gauge."""
    top = html.Div(
        [tag(words, offer.if_now), html.Span(seats_line(words, offer), className="num")],
        className="line line-between",
    )
    return html.Div([top, gauge_mini(words, offer.counts, offer.cap)], className="seats")


def gauge(words: Words, counts: Counts, cap: int) -> Component:
    """The full gauge: seats by status, the load line at the cap, who waits right of it, a key."""
    left, right = _left(words, counts, cap), _right(words, counts)
    bar = [_segment(part, labelled=True) for part in left] + [html.Span(className="gauge-load")]
    bar += [_segment(part, labelled=True) for part in right]
    spans = {"--cap": cap, "--wait": counts.queue}
    marks: list[Any] = [html.Span([html.Span(str(n)) for n in _scale(cap)])]
    if counts.queue >= ROOM_TO_SAY * (cap + counts.queue):
        marks.append(html.Span(words("in line {n}", n=counts.queue)))
    return html.Div(
        [
            html.Div(
                [
                    _bar(bar),
                    html.Div(
                        [html.Span(className="gauge-ticks"), html.I() if counts.queue else None],
                        className="gauge-scale", style=spans, **aria(hidden="true"),
                    ),
                    html.Div(marks, className="gauge-marks", style=spans, **aria(hidden="true")),
                ],
                className="gauge", role="img", **_said(words, cap, left, right),
            ),
            _key(left + right),
        ],
        className="stack",
    )  # fmt: skip


def _left(words: Words, counts: Counts, cap: int) -> list[Part]:
    parts = [(look, words(word), getattr(counts, name)) for name, look, word in _SEATED]
    parts.append((_FREE[1], words(_FREE[2]), cap - counts.held))
    return [part for part in parts if part[2] > 0]


def _right(words: Words, counts: Counts) -> list[Part]:
    parts = [(look, words(word), getattr(counts, name)) for name, look, word in _QUEUED]
    return [part for part in parts if part[2] > 0]


def _segment(part: Part, *, labelled: bool = False) -> Component:
    look, _, n = part
    return html.Span(
        html.B(str(n)) if labelled else None, className=f"seg seg-{look}", style={"--n": n}
    )


def _bar(segments: Sequence[Component]) -> Component:
    return html.Div(list(segments), className="gauge-bar", **aria(hidden="true"))


def _scale(cap: int) -> list[int]:
    """Give the numbers under the scale: nought, the cap, and even marks between where they fit."""
    step = next((cap // parts for parts in (4, 3, 5, 2) if cap % parts == 0), cap)
    return list(range(0, cap + 1, step))


def _said(words: Words, cap: int, left: Sequence[Part], right: Sequence[Part]) -> dict[str, Any]:
    """Say the whole gauge in one sentence."""
    comma = "、" if words.zh else ", "
    gap = "" if words.zh else " "
    told = words(
        "{cap} seats: {parts}", cap=cap, parts=comma.join(f"{w}{gap}{n}" for _, w, n in left)
    )
    if right:
        waiting = comma.join(f"{w}{gap}{n}" for _, w, n in right)
        told += words("; without a seat: {parts}", parts=waiting)
    return aria(label=told)


def _key(parts: Sequence[Part]) -> Component:
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(className=f"seg seg-{look}", **aria(hidden="true")),
                    f"{word} ",
                    html.B(str(n)),
                ]
            )
            for look, word, n in parts
        ],
        className="key",
    )
