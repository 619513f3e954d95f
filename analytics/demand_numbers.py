"""The numbers at the head of the demand dashboard."""

from analytics.asking import ask_demand, ask_unmet
from analytics.filters import Filters
from analytics.like_with_like import of_whole, together
from analytics.number import Number, growth
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the numbers cover."""
    total = ask_demand(look, filters).value.total
    return words(
        "{period}: {n} persons and courses, each counted once; {seats} seats in classes not "
        "cancelled.",
        period=filters.period(words),
        n=words.number(total.persons),
        seats=words.number(total.seats),
    )


def _before(words: Words, look: Look, filters: Filters, persons: int) -> str:
    """Say how many last year had; beside a year that is over, its whole."""
    if not persons:
        return words("There is no year before to compare with.")
    year, n = words.year(filters.year - 1), words.number(persons)
    if filters.year < look.today.year:
        return words("whole of {year}: {rate}", year=year, rate=n)
    return words("by this day of {year}: {n}", year=year, n=n)


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give demand, pressure, people without a seat, people carried over."""
    found, left = ask_demand(look, filters).value, ask_unmet(look, filters).value
    total, last = found.total, found.total_last
    year = words.year(filters.year - 1)
    wanted = Number(
        words("Demand"),
        "demand",
        words.number(total.persons),
        words.many("person and course", "persons and courses", total.persons),
        _before(words, look, filters, last.by_now),
        words("See every course"),
        "#demand",
        growth(words, total.persons, last.by_now),
    )
    pressure = Number(
        words("Pressure"),
        "pressure",
        "–" if total.pressure is None else f"{total.pressure:.2f}",
        words("per seat"),
        together(
            words,
            words("{n} qualified, {seats} seats offered", n=words.number(total.qualified),
                  seats=words.number(total.seats)),
            "" if last.pressure is None else of_whole(words, filters, f"{last.pressure:.2f}"),
        ),
        words("See the tightest courses"),
        "#demand",
        alarm=(total.pressure or 0) > 1,
    )  # fmt: skip
    unmet = Number(
        words("Without a seat (net)"),
        "net-unmet",
        words.number(total.unmet),
        words.many("person and course", "persons and courses", total.unmet),
        together(
            words,
            words(
                "{n} of them still wait, the others' classes are over; for {free} a funded seat is "
                "free elsewhere",
                n=words.number(total.waiting),
                free=words.number(left.elsewhere),
            )
            if total.unmet
            else words("Everybody who qualified and still wants a seat has one"),
            of_whole(words, filters, words.number(last.unmet)) if last.persons else "",
        ),
        words("See where"),
        "#unmet",
        alarm=left.short > 0,
    )
    carried = Number(
        words("Carried over"),
        "carry-over",
        words.number(found.carried),
        words.many("person and course", "persons and courses", found.carried),
        words("of {n} left without a seat in {year}", n=words.number(found.unseated_last),
              year=year),
        words("What this means"),
        "/definitions#carry-over",
    )  # fmt: skip
    return wanted, pressure, unmet, carried
