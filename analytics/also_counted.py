"""How the measures without a figure come about, from what the figures of their board have asked."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from analytics.asking import ask_demand, ask_equity, ask_review_time, ask_sign_up, facts
from analytics.class_facts import ClassFact
from analytics.disclosure import small_groups
from analytics.fill_rate import same_day
from analytics.filters import Filters
from analytics.number import Counted, share
from services.kernel.work import Look


class Measured(NamedTuple):
    """What a measure came to: its value, what it is made of, and the value of the year before."""

    value: float | None
    counted: int | None
    of: int | None
    before: float | None = None


def _divided(now: Counted, then: Counted | None = None) -> Measured:
    """Divide n by N; then: of the year before, where it is alike."""
    return Measured(share(now), *now, share(then) if then else None)


def _whole(look: Look, filters: Filters, then: Counted) -> Counted | None:
    """Give the whole of the year before only beside a year that is over too."""
    return then if filters.year < look.today.year else None


def registrations_each(look: Look, filters: Filters) -> Measured:
    """Divide all registrations by the persons and courses they are of."""
    came, wanted = ask_sign_up(look, filters).value, ask_demand(look, filters).value
    then = came.registered_last, wanted.total_last.persons
    return _divided((came.registered, wanted.total.persons), _whole(look, filters, then))


def reviews_in_time(look: Look, filters: Filters) -> Measured:
    """Divide the reviews decided in time by those whose time is up."""
    return _divided(ask_review_time(look, filters).value.in_time)


def without_traits(look: Look, filters: Filters) -> Measured:
    """Divide persons without a known region or rank by all; of a few people nothing is said."""
    found = ask_equity(look, filters).value
    if any(small_groups([found.unknown, found.size - found.unknown])):
        return Measured(None, None, None)
    return _divided((found.unknown, found.size))


def _of_classes(
    look: Look, filters: Filters, count: Callable[[Sequence[ClassFact]], Counted]
) -> Measured:
    """Count the classes that have begun, and those begun by the same day a year before."""
    rows, year, day = facts(look, filters).value, filters.year, look.today
    then = same_day(day, day.year - 1)
    now = [f for f in rows if f.year == year and f.begun(day)]
    return _divided(count(now), count([f for f in rows if f.year == year - 1 and f.begun(then)]))


def classes_held(look: Look, filters: Filters) -> Measured:
    """Divide the classes that took place by all that were planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        return sum(f.state != "cancelled" for f in begun), len(begun)

    return _of_classes(look, filters, count)


def funded_seats(look: Look, filters: Filters) -> Measured:
    """Divide the funded seats that were used by all that were planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        return sum(map(_funded, begun)), _planned(begun)

    return _of_classes(look, filters, count)


def own_cost_seats(look: Look, filters: Filters) -> Measured:
    """Divide the seats that people paid for and used by all that were planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        return sum(f.attended - _funded(f) for f in begun), _planned(begun)

    return _of_classes(look, filters, count)


def _funded(f: ClassFact) -> int:
    """Count who came on a funded seat; nobody in a wholly self-funded class."""
    return f.attended - f.by_own_cost if f.kind == "funded" else 0


def _planned(begun: Sequence[ClassFact]) -> int:
    """Count the planned seats of classes whose attendance is known; of others nobody came yet."""
    return sum(f.planned for f in begun if f.known)
