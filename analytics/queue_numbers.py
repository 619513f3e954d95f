"""The numbers at the head of the dashboard of queue and promotion."""

from analytics.asking import ask_answers, ask_waiting, facts
from analytics.fill_rate import same_day, settled
from analytics.filters import Filters
from analytics.like_with_like import beside_whole, change, together
from analytics.limits import dispersion
from analytics.no_shows import absent_of
from analytics.number import Counted, Number, share
from analytics.trend import by_month
from services.kernel.work import Look
from services.words import Words


def no_show(look: Look, filters: Filters) -> tuple[Counted, Counted, float]:
    """Give the absent of all on written rolls, this year and last; how much classes differ."""
    found, year = facts(look, filters).value, filters.year
    now = settled(found, year, look.today)
    last = settled(found, year - 1, same_day(look.today, look.today.year - 1))
    absent, marked = sums = absent_of(now)
    rate = absent / marked if marked else 0.0
    units = ((f.marked - f.attended, f.marked, rate) for f in now)
    return sums, absent_of(last), dispersion(units, 1)


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what the numbers cover."""
    found = ask_waiting(look, filters).value
    return words(
        "{period}: {n} people wait (once per course), {seated} came off the list.",
        period=filters.period(words),
        n=words.number(found.people),
        seated=words.number(found.seated),
    )


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give people waiting, days until a seat, share that says yes, share that stays away."""
    found, said = ask_waiting(look, filters).value, ask_answers(look, filters).value
    absent, then, wider = no_show(look, filters)
    gone, before = change(words, look, filters, absent, then, wider)
    moved, by_then = beside_whole(words, look, filters, said.yes, said.last)
    waiting = Number(
        words("Waiting now"),
        "waiting-now",
        words.number(found.people),
        words.many("person and course", "persons and courses", found.people),
        words(
            "half of them for {n} days or more, a tenth for {late}",
            n=found.so_far,
            late=found.so_far_late,
        )
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
        together(
            words,
            words.many(
                "median of {n} registration off the list",
                "median of {n} registrations off the list",
                found.seated,
            ),
            ""
            if found.until_late is None
            else words("9 in 10 within {late} days", late=found.until_late),
        ),
        words("What this means"),
        "/definitions#until-seated",
    )
    yes = Number(
        words("Said yes when asked"),
        "answers",
        words.percent(share(said.yes)).rstrip("%"),
        "%",
        by_then,
        words("See the occasions"),
        "#answers",
        moved,
    )
    stayed = Number(
        words("No-show"),
        "no-show",
        words.percent(share(absent)).rstrip("%"),
        "%",
        before,
        words(
            "{n}/{all} people on the roll", n=words.number(absent[0]), all=words.number(absent[1])
        ),
        "#no-shows",
        gone,
        trend=by_month(facts(look, filters).value, filters.year, look.today, absent_of, words),
    )
    return waiting, until, yes, stayed
