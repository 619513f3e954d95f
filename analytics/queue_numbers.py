"""The numbers at the head of the dashboard of queue and promotion."""

from analytics.asking import ask_answers, ask_waiting, facts
from analytics.fill_rate import same_day, settled
from analytics.filters import Filters
from analytics.number import Number, points
from services.kernel.work import Look
from services.words import Words


def no_show(look: Look, filters: Filters) -> tuple[float | None, int, int, float | None]:
    """Give the share of absent people on written rolls, absent, marked, and last year's share."""
    found, year = facts(look, filters).value, filters.year
    now = settled(found, year, look.today)
    last = settled(found, year - 1, same_day(look.today, look.today.year - 1))
    sums = [
        (sum(f.marked - f.attended for f in of), sum(f.marked for f in of)) for of in (now, last)
    ]
    rates = [absent / marked if marked else None for absent, marked in sums]
    return rates[0], *sums[0], rates[1]


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the numbers cover."""
    found = ask_waiting(look, filters).value
    return words(
        "{period}: {n} persons and courses wait, {seated} came off the list.",
        period=filters.period(words),
        n=words.number(found.people),
        seated=words.number(found.seated),
    )


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give people waiting, days until a seat, share that says yes, share that stays away."""
    found, said = ask_waiting(look, filters).value, ask_answers(look, filters).value
    absent, away, marked, then = no_show(look, filters)
    year = words.year(filters.year - 1)
    waiting = Number(
        words("Waiting now"),
        "waiting-now",
        words.number(found.people),
        words.many("person and course", "persons and courses", found.people),
        words("half of them for {n} days or more", n=found.so_far)
        if found.people
        else words("Nobody is waiting for a seat"),
        words("See how long"),
        "#waiting",
    )
    until = Number(
        words("Days until a seat came"),
        "until-seated",
        "–" if found.until is None else words.number(found.until),
        words("days"),
        words.many(
            "median of {n} person off the list", "median of {n} persons off the list", found.seated
        ),
        words("What this means"),
        "/definitions#until-seated",
    )
    yes = Number(
        words("Said yes when asked"),
        "answers",
        words.percent(said.yes).rstrip("%"),
        "%",
        words("whole of {year}: {rate}", year=year, rate=words.percent(said.last))
        if said.last is not None
        else words("There is no year before to compare with."),
        words("See the occasions"),
        "#answers",
        points(words, said.yes, said.last),
    )
    stayed = Number(
        words("No-show"),
        "no-show",
        words.percent(absent).rstrip("%"),
        "%",
        words("same days of {year}: {rate}", year=year, rate=words.percent(then))
        if then is not None
        else words("There is no year before to compare with."),
        words("{n}/{all} people on the roll", n=words.number(away), all=words.number(marked)),
        "/definitions#no-show",
        points(words, absent, then),
    )
    return waiting, until, yes, stayed
