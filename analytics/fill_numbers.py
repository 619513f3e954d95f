"""The numbers at the head of the fill-rate dashboard."""

from analytics.asking import ask_attention, ask_fill_rate, facts
from analytics.fill_rate import seats_of
from analytics.filters import Filters
from analytics.like_with_like import change, looks_ahead
from analytics.number import Number
from analytics.trend import by_month
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the numbers cover and what is not in them."""
    found = ask_fill_rate(look, filters).value
    said = words.many("{n} class begun", "{n} classes begun", found.planned.classes)
    text = words("{period}: {said}, {cancelled} of them cancelled.",
                 period=filters.period(words), said=said, cancelled=found.cancelled)  # fmt: skip
    if not found.without_roll:
        return text
    left = words.many(
        "{n} class without a roll is left out.",
        "{n} classes without a roll are left out.",
        found.without_roll,
    )
    return text + ("" if words.zh else " ") + left


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give fill rate, fill rate of classes held; of the running year idle seats, too small ones."""
    found, due = ask_fill_rate(look, filters).value, ask_attention(look, filters).value
    rows = facts(look, filters).value
    taken_place = [f for f in rows if f.state != "cancelled"]
    seats = found.planned.attended, found.planned.planned
    last = found.last.attended, found.last.planned
    moved, before = change(words, look, filters, seats, last, found.wider)
    rate = Number(
        words("Fill rate (people who came)"),
        "fill-rate",
        _bare(words, found.planned.rate),
        "%",
        before,
        words("{n}/{all} seats", n=words.number(seats[0]), all=words.number(seats[1])),
        "#fill-rate",
        moved,
        trend=by_month(rows, filters.year, look.today, seats_of, words),
    )
    held = Number(
        words("Only classes that were held"),
        "fill-rate-held",
        _bare(words, found.held.rate),
        "%",
        words.many(
            "The gap comes from {n} cancelled class.",
            "The gap comes from {n} cancelled classes.",
            found.cancelled,
        )
        if found.cancelled
        else words("No class was cancelled."),
        words("Why look at both"),
        "/definitions#fill-rate-held",
        trend=by_month(taken_place, filters.year, look.today, seats_of, words),
    )
    if not looks_ahead(look, filters):
        return rate, held
    idle = Number(
        words("Free seats ahead while people wait"),
        "idle-seats",
        words.number(due.idle_seats),
        words.many("seat", "seats", due.idle_seats),
        words.many("in {n} class that has not begun", "in {n} classes that have not begun",
                   len(due.idle)),
        words("See these classes") if due.idle else words("What this means"),
        "#attention" if due.idle else "/definitions#idle-seats",
        alarm=due.idle_seats > 0,
    )  # fmt: skip
    small = Number(
        words("Below the minimum size"),
        "below-minimum",
        words.number(len(due.small)),
        words.many("class", "classes", len(due.small)),
        words("The first begins on {day}; at the freeze it is cancelled.",
              day=words.day(due.small[0].starts_on))
        if due.small
        else words("Every class of the next four weeks has enough people."),
        words("See these classes") if due.small else words("What this means"),
        "#attention" if due.small else "/definitions#below-minimum",
        alarm=bool(due.small),
    )  # fmt: skip
    return rate, held, idle, small


def _bare(words: Words, share: float | None) -> str:
    """Write a share without its sign, which stands smaller beside it."""
    return words.percent(share).rstrip("%")
