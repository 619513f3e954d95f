"""The numbers at the head of the dashboard of equity and queue integrity."""

from analytics.asking import ask_equity, ask_examined, ask_order, ask_told
from analytics.examined import ORDER, Examined
from analytics.filters import Filters
from analytics.like_with_like import beside_whole, of_whole, together
from analytics.number import Number
from analytics.source import NOT_KNOWN
from analytics.told import spoken, timed
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the shares cover and what is held back."""
    found = ask_equity(look, filters).value
    return words(
        "{period}: {n} qualified persons and courses; {rate} got a seat. Groups of fewer than 5 "
        "are not shown.",
        period=filters.period(words), n=words.number(found.size), rate=words.percent(found.rate),
    )  # fmt: skip


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give seatings out of order, promises that hold, share by staff, time until told."""
    return (
        _order(look, filters, words),
        _promises(look, filters, words),
        _staff(look, filters, words),
        _told(look, filters, words),
    )


def _order(look: Look, filters: Filters, words: Words) -> Number:
    examined = ask_examined(look, filters).value
    found = examined.of(ORDER)
    faults = found[1] if found else None
    return Number(
        words("Seated out of order"),
        "out-of-order",
        "–" if faults is None else words.number(faults),
        words.many("registration", "registrations", faults or 0),
        words("of {n} registrations still waiting, none was passed by", n=words.number(found[0]))
        if found and not faults
        else words("The examination of last night tells.")
        if found
        else _not_told(examined, words),
        words("What this means"),
        "/definitions#out-of-order",
        alarm=bool(faults),
    )


def _promises(look: Look, filters: Filters, words: Words) -> Number:
    found = ask_examined(look, filters).value
    return Number(
        words("Promises that hold"),
        "invariants",
        f"{len(found.rows) - found.broken}/{len(found.rows)}" if found.rows else "–",
        "",
        words("examined {moment}", moment=words.moment(found.at))
        if found.at
        else _not_told(found, words),
        words("See each promise"),
        "#invariants",
        alarm=found.broken > 0,
    )


def _not_told(found: Examined, words: Words) -> str:
    return words("The queue has not been examined yet.") if found.known else words(NOT_KNOWN)


def _staff(look: Look, filters: Filters, words: Words) -> Number:
    found = ask_order(look, filters).value
    now = found.by_staff, found.registered
    moved, before = beside_whole(words, look, filters, now, found.last)
    return Number(
        words("Registered by staff"),
        "on-behalf",
        words.percent(found.staff_share).rstrip("%"),
        "%",
        before,
        words("{n}/{all} registrations", n=words.number(found.by_staff),
              all=words.number(found.registered)),
        "#equity-groups",
        moved,
    )  # fmt: skip


def _told(look: Look, filters: Filters, words: Words) -> Number:
    found = ask_told(look, filters).value
    value, unit = ("–", "") if found.median is None else spoken(found.median, words)
    return Number(
        words("Until told of a freed seat"),
        "told",
        value,
        unit,
        together(
            words,
            words.many("median of {n} letter", "median of {n} letters", found.sent),
            ""
            if found.late is None
            else words("9 in 10 within {late}", late=timed(found.late, words)),
            "" if found.last is None else of_whole(words, filters, timed(found.last, words)),
        ),
        words("See how long"),
        "#told",
    )
