"""The numbers at the head of the comparison of institutions."""

from analytics.asking import ask_compared, everybody, facts
from analytics.fill_rate import same_day, seats_of, settled, share, spread
from analytics.filters import Filters
from analytics.institutions import Comparison, names_of
from analytics.like_with_like import change
from analytics.number import Number
from analytics.trend import by_month
from services.kernel.actor import Role
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what is compared, and that nobody is ranked."""
    found = ask_compared("fill")(look, filters).value
    seats = words.number(sum(p.of for p in found.places))
    if found.own:
        return words(
            "{period}: {n} institutions, {seats} planned seats. You see yourself by name, the "
            "others without; nobody is ranked.",
            period=filters.period(words), n=len(found.places), seats=seats,
        )  # fmt: skip
    return words(
        "{period}: {n} institutions, {seats} planned seats. Nobody is ranked: what lies between "
        "the limits is chance.",
        period=filters.period(words), n=len(found.places), seats=seats,
    )  # fmt: skip


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give fill rate (own, or of all), who lies outside, over-dispersion, no-show."""
    fill = ask_compared("fill")(look, filters).value
    away = ask_compared("no-show")(look, filters).value
    return (
        _rate(look, filters, fill, words),
        _outside(fill, words),
        Number(
            words("Limits wider by"),
            "over-dispersion",
            f"{fill.wider**0.5:.1f}",
            words("times"),
            words("The seats of one class fill or stay empty together."),
            words("What this means"),
            "/definitions#over-dispersion",
        ),
        Number(
            words("No-show"),
            "no-show",
            words.percent(away.overall).rstrip("%"),
            "%",
            words("of all institutions, by the written rolls"),
            words("See the institutions"),
            "#institution-no-show",
        ),
    )


def _rate(look: Look, filters: Filters, found: Comparison, words: Words) -> Number:
    own = look.actor.role is Role.INSTITUTION
    rows, today = facts(look, filters if own else everybody(filters)).value, look.today
    begun = settled(rows, filters.year, today)
    now = share(begun)
    last = share(settled(rows, filters.year - 1, same_day(today, today.year - 1)))
    seats, then = (now.attended, now.planned), (last.attended, last.planned)
    moved, before = change(words, look, filters, seats, then, spread(begun))
    return Number(
        words("Your fill rate") if own else words("Fill rate of all institutions"),
        "fill-rate",
        words.percent(now.rate).rstrip("%"),
        "%",
        before,
        words("All institutions: {rate}", rate=words.percent(found.overall))
        if own
        else words("See the institutions"),
        "#institution-fill",
        moved,
        trend=by_month(rows, filters.year, today, seats_of, words),
    )


def _outside(found: Comparison, words: Words) -> Number:
    me = next((p for p in found.places if p.main), None) if found.own else None
    if me:
        return Number(
            words("Adjusted for courses"),
            "adjusted-fill",
            words.percent(me.adjusted(found.overall or 0.0)).rstrip("%"),
            "%",
            words("Among the limits: {place}", place=words(found.place(me))),
            words("What this means"),
            "/definitions#adjusted-fill",
            alarm=abs(found.far(me)) == 2,
        )
    n = len(found.outside)
    note = words("The differences are no larger than chance makes them.")
    if found.between:
        note = words("Beyond 95% only: {names}", names=names_of(words, found.between))
    if n:
        note = words("more than chance and courses explain: ask why")
    return Number(
        words("Outside the limits"),
        "adjusted-fill",
        words.number(n),
        words.many("institution", "institutions", n),
        note,
        words("See the institutions"),
        "#institution-fill",
        alarm=n > 0,
    )
