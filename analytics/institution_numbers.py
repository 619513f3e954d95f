"""The numbers at the head of the comparison of institutions."""

from collections.abc import Callable, Sequence

from analytics.asking import ask_compared, everybody, facts
from analytics.fill_rate import same_day, seats_of, settled, share, spread
from analytics.filters import Filters
from analytics.institutions import Comparison, Place, measure, names_of, seats_used
from analytics.like_with_like import beside, change, together
from analytics.no_shows import absent_of
from analytics.number import Number
from analytics.queue_numbers import no_show
from analytics.trend import by_month
from services.kernel.actor import Role
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say what is compared, and that nobody is ranked."""
    found = ask_compared("fill")(look, filters).value
    seats = words.number(found.of)
    if found.own:
        return words(
            "{period}: {n} institutions, {seats} planned seats. You see yourself by name, the "
            "others without, in groups of like volume; nobody is ranked.",
            period=filters.period(words), n=len(found.places), seats=seats,
        )  # fmt: skip
    return words(
        "{period}: {n} institutions, {seats} planned seats. Nobody is ranked: what lies between "
        "the limits is chance.",
        period=filters.period(words), n=len(found.places), seats=seats,
    )  # fmt: skip


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give fill rate, who lies outside, who below (for an institution: limits), no-show."""
    fill = ask_compared("fill")(look, filters).value
    last = _last(look, filters, fill)

    def before(then: str) -> str:
        return beside(words, look, filters, then) if last.overall is not None else ""

    return (
        _rate(look, filters, fill, words),
        _outside(fill, words, before(_counted(last.outside, words))),
        _wider(fill, words) if fill.own else _below(fill, last, words, before),
        _away(look, filters, words),
    )


def _counted(places: Sequence[Place], words: Words) -> str:
    return words.many("{n} institution", "{n} institutions", len(places))


def _below(
    found: Comparison, last: Comparison, words: Words, before: Callable[[str], str]
) -> Number:
    """Name those below the limits of 95 %, whom a planner may visit."""
    n = len(found.below)
    names = names_of(words, found.below) if n else words("nobody lies below")
    return Number(
        words("Below the 95% limit"),
        "adjusted-fill",
        words.number(n),
        words.many("institution", "institutions", n),
        together(words, names, before(_counted(last.below, words))),
        words("See the institutions"),
        "#institution-fill",
    )


def _wider(found: Comparison, words: Words) -> Number:
    """Say how wide the limits are among which an institution sees itself."""
    return Number(
        words("Limits wider by"),
        "over-dispersion",
        f"{found.wider**0.5:.1f}",
        words("times"),
        words("The seats of one class fill or stay empty together"),
        words("What this means"),
        "/definitions#over-dispersion",
    )


def _last(look: Look, filters: Filters, now: Comparison) -> Comparison:
    """Compare the institutions in the year before, by the same day; an officer is told of none."""
    rows = facts(look, everybody(filters)).value if not now.own else ()
    units = seats_used(rows, filters.year - 1, same_day(look.today, look.today.year - 1))
    return measure(units, None, filters.institution)


def _away(look: Look, filters: Filters, words: Words) -> Number:
    found = ask_compared("no-show")(look, filters).value
    moved, before, trend = "", words("of all institutions, by the written rolls"), None
    if not found.own:  # months in which few institutions give classes would tell of single ones
        wide = everybody(filters)
        now, then, wider = no_show(look, wide)
        moved, before = change(words, look, filters, now, then, wider)
        rows = facts(look, wide).value
        trend = by_month(rows, filters.year, look.today, absent_of, words)
    return Number(
        words("No-show"),
        "no-show",
        words.percent(found.overall).rstrip("%"),
        "%",
        before,
        words("See the institutions"),
        "#institution-no-show",
        moved,
        trend=trend,
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


def _outside(found: Comparison, words: Words, before: str) -> Number:
    if found.own:
        return _mine(found, words)
    n = len(found.outside)
    note = found.sides(words) or words("the differences are no larger than chance makes them")
    return Number(
        words("Outside the limits"),
        "adjusted-fill",
        words.number(n),
        words.many("institution", "institutions", n),
        together(words, note, before),
        words("See the institutions"),
        "#institution-fill",
        alarm=n > 0,
    )


def _mine(found: Comparison, words: Words) -> Number:
    """Tell an institution where it lies; where it has nothing to compare, that and no number."""
    me = found.me
    return Number(
        words("Adjusted for courses"),
        "adjusted-fill",
        words.percent(me.adjusted(found.overall or 0.0)).rstrip("%") if me else "–",
        "%" if me else "",
        words("Among the limits: {place}", place=words(found.place(me)))
        if me
        else words(found.silence),
        words("What this means"),
        "/definitions#adjusted-fill",
        alarm=me is not None and abs(found.far(me)) == 2,
    )
