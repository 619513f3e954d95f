"""Parts of the seafarer's pages: steps, what happens next, plotted course, number ticket."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import ico, mark_of
from services.kernel.clock import TAIPEI
from services.registration.cards import Mark, NextStep, RegistrationCard, Say
from services.registration.lifecycle import Seat, Status
from services.words import Words, mark

BADGES: dict[Status, tuple[str, str, str, str]] = {
    Status.IN_REVIEW: (mark("Under review"), "reviewing", "eye", "st-others"),
    Status.WAITLISTED: (mark("Waitlisted"), "waiting", "hourglass", ""),
    Status.ADMITTED: (mark("Admitted"), "admitted", "user", ""),
    Status.OFFERED: (mark("Self-funded seat claimed"), "selffunded", "hourglass", ""),
    Status.CONFIRMED: (mark("Confirmed"), "confirmed", "check", ""),
    Status.SELF_FUNDED: (mark("Self-funded, confirmed"), "selffunded", "check", ""),
    Status.INELIGIBLE: (mark("Not eligible"), "problem", "warn", ""),
    Status.CANCELLED: (mark("Cancelled"), "closed", "dash", "st-over"),
    Status.LAPSED: (mark("Lapsed"), "closed", "clock", "st-over"),
    Status.UNPLACED: (mark("Not placed"), "closed", "dash", "st-over"),
    Status.COMPLETED: (mark("Completed"), "confirmed", "star", "st-done"),
    Status.FAILED: (mark("Not passed"), "problem", "x", "st-done"),
    Status.ABSENT: (mark("Absent"), "closed", "x", "st-over"),
}
MONEY = ("fee",)


def aria(**names: str) -> dict[str, Any]:
    """Give aria attributes: `aria(label=...)` for `aria-label`."""
    return {f"aria-{name}": value for name, value in names.items()}


def data(**names: str) -> dict[str, Any]:
    """Give data attributes: `data(title=...)` for `data-title`."""
    return {f"data-{name}": value for name, value in names.items()}


def told(words: Words, say: Say) -> str:
    """Say a sentence with its facts as the reader's language writes them."""
    return words(say.sentence, **{k: _written(words, k, v) for k, v in say.facts.items()})


def _written(words: Words, name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if name in MONEY:
        return words.money(value)
    return value


def own_badge(words: Words, card: RegistrationCard) -> Component:
    """The status of the reader's own registration; solid when it is the reader's turn."""
    if card.is_open and card.case_state == "supplement":
        return mark_of(words("Paper needed"), "problem", "clip", "st-act")
    if card.status is Status.ADMITTED and card.asked is not None:
        return mark_of(words("Admitted: please answer"), "admitted", "reply", "st-act")
    if card.status is Status.OFFERED and card.claimed_at is None:
        return mark_of(words("Self-funded: please answer"), "selffunded", "reply", "st-act")
    if card.status is Status.WAITLISTED and card.place:
        text = words("Waitlisted, place {place}", place=card.place)
        return mark_of(text, "waiting", "hourglass")
    text, tone, icon, form = BADGES[card.status]
    return mark_of(words(text), tone, icon, form)


def steps(words: Words, titles: Sequence[str], now: int, hrefs: Sequence[str | None]) -> Component:
    """The four steps: finished ones are links, the present one is named on a phone too."""
    return html.Ol(
        [
            _step(words, number, title, now, len(titles), href)
            for number, (title, href) in enumerate(zip(titles, hrefs, strict=True), start=1)
        ],
        className="steps",
        **aria(label=words("Steps of the registration")),
    )


def _step(
    words: Words, number: int, title: str, now: int, count: int, href: str | None
) -> Component:
    if number == now:
        phone = html.Span(
            words(" (step {n} of {count})", n=number, count=count), className="only-phone"
        )
        label = words("Step {n}, in progress", n=number)
        inner: list[Any] = [html.Span(label), html.B([title, phone])]
        return html.Li(inner, className="now", **aria(current="step"))
    if href:
        label = words("Step {n}, done", n=number) if number < now else words("Step {n}", n=number)
        done = "done" if number < now else None
        return html.Li([html.Span(label), html.B(dcc.Link(title, href=href))], className=done)
    return html.Li([html.Span(words("Step {n}", n=number)), html.B(title)])


def ticket(words: Words, card: RegistrationCard, *, several: bool = False) -> Component:
    """The number ticket: number, rank, preference, and the waiting place or the seat."""
    cells = [(words("Number"), html.B(f"{card.number:03d}"))]
    if card.in_line:
        cells.append((words("Rank"), html.B(words("to be drawn"), className="ticket-word")))
    elif card.told_rank is not None:
        cells.append((words("Rank"), html.B(str(card.told_rank))))
    if several:
        cells.append((words("Choice"), html.B(str(card.preference))))
    if card.in_line and card.draw and card.draw.ticket:
        cells.append((words("Ticket"), html.B(card.draw.ticket, className="ticket-word")))
    elif card.place is not None:
        cells.append((words("Waiting place"), html.B(str(card.place))))
    elif card.seat in (Seat.FUNDED, Seat.SELF_FUNDED):
        seat = words("Funded") if card.seat is Seat.FUNDED else words("Self-funded")
        cells.append((words("Seat"), html.B(seat, className="ticket-word")))
    elif card.seat is Seat.RESERVED:
        cells.append((words("Seat"), html.B(words("Reserved"), className="ticket-word")))
    return html.Div(
        [html.Span([html.Small(name), value]) for name, value in cells],
        className="ticket",
        role="group",
        **aria(label=words("Your number")),
    )


def next_panel(
    words: Words, step: NextStep, now: datetime, actions: Sequence[Component] = ()
) -> Component:
    """What happens next, by when, and what if nothing is done; then the buttons."""
    columns = [
        (words("What happens next"), told(words, step.then), step.then_more, ""),
        (
            words("If you do nothing") if step.turn else words("What you need to do"),
            told(words, step.otherwise),
            step.otherwise_more,
            "",
        ),
    ]
    if step.by is not None:
        term = words("By when") if step.turn else words("When")
        columns.insert(1, (term, *_by(words, step, step.by, now)))
    grid = html.Dl([_column(words, *column) for column in columns], className="next-grid")
    return html.Section(
        [
            html.Div(html.H2(told(words, step.head), id="next-head"), className="next-head"),
            grid,
            html.Div(list(actions), className="next-act") if actions else None,
        ],
        className="next",
        **aria(labelledby="next-head"),
    )


def _column(words: Words, term: str, main: Any, more: Any, late: str) -> Component:
    small = told(words, more) if isinstance(more, Say) else more
    return html.Div(
        [
            html.Dt(term),
            html.Dd([main, html.Small(small) if small else None], className=late or None),
        ]
    )


def _by(words: Words, step: NextStep, by: datetime | date, now: datetime) -> tuple[Any, Any, str]:
    day = by.astimezone(TAIPEI) if isinstance(by, datetime) else by
    text = words.moment(by) if isinstance(by, datetime) else words.day(by)
    when = html.Time(text, dateTime=day.isoformat(), className="num")
    lines: list[Any] = [words("Taipei time ({other})", other=_other(words, day))]
    if step.turn and isinstance(by, datetime) and by > now:
        lines += [html.Br(), left(words, by - now)]
    if step.by_more is not None:
        lines += [html.Br(), told(words, step.by_more)]
    return when, lines, "late" if step.turn else ""


def _other(words: Words, day: date) -> str:
    """Write a day in the other calendar, to compare with a paper."""
    return f"{day:%Y-%m-%d}" if words.zh else f"ROC {day.year - 1911}/{day.month}/{day.day}"


def left(words: Words, span: timedelta) -> str:
    """How long is left: days and hours, or hours on the last day."""
    hours = max(0, int(span.total_seconds() // 3600))
    if hours >= 24:
        return words("{days} d {hours} h left", days=hours // 24, hours=hours % 24)
    return words.many("{n} hour left", "{n} hours left", hours)


def log(words: Words, marks: Sequence[Mark]) -> Component:
    """The plotted course: sailed, now, ahead."""
    return html.Ol([_mark(words, m) for m in marks], className="log")


def _mark(words: Words, m: Mark) -> Component:
    if isinstance(m.at, datetime):
        text, iso = words.deadline(m.at), m.at.astimezone(TAIPEI).isoformat()
    else:
        text, iso = words.date(m.at), m.at.isoformat()
    text = words("by {moment}", moment=text) if m.until else text
    parts = [html.H3(told(words, m.title)), html.Time(text, dateTime=iso)]
    if m.note is not None:
        parts.append(html.P(told(words, m.note)))
    current = aria(current="step") if m.state == "now" else {}
    return html.Li(parts, className=m.state if m.state != "ahead" else None, **current)


def link_about(words: Words, label: str, about: str, href: str, look: str = "") -> Component:
    """A link whose words repeat in a list; who cannot see the row hears what it is about."""
    heard = words(": {about}", about=about)
    return dcc.Link(
        [label, html.Span(heard, className="visually-hidden")], href=href, className=look
    )


def note(title: str, text: Any, tone: str, icon: str = "info") -> Component:
    """A note in a tone: one bold line and what it means."""
    return html.Div(
        [ico(icon), html.Div([html.Strong(title), text])], className=f"note tone-{tone}"
    )
