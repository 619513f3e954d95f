"""How the measures without a figure come about, from what the figures of their board have asked."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from analytics import left_over
from analytics.asking import (
    ask_demand,
    ask_equity,
    ask_failing_rules,
    ask_funnel,
    ask_qualification,
    ask_review_time,
    ask_sign_up,
    ask_waiting,
    facts,
)
from analytics.booked import sums
from analytics.cache import remembered
from analytics.class_facts import ClassFact
from analytics.disclosure import small_groups
from analytics.fill_rate import same_day
from analytics.filters import Filters
from analytics.number import Counted, share
from analytics.qualification import Outcome
from analytics.waiting import within
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


def passed_by_records(look: Look, filters: Filters) -> Measured:
    """Divide who qualified without a person by all who were decided."""
    return _of_decided(look, filters, lambda of: of.by_records)


def refused_by_records(look: Look, filters: Filters) -> Measured:
    """Divide who was refused without a person by all who were decided."""
    return _of_decided(look, filters, lambda of: of.refused_by_records)


def _of_decided(look: Look, filters: Filters, count: Callable[[Outcome], int]) -> Measured:
    found = ask_qualification(look, filters).value
    now, last = ((count(of), of.decided) for of in (found.total, found.last))
    return _divided(now, _whole(look, filters, last))


def stopped_by_one_rule(look: Look, filters: Filters) -> Measured:
    """Divide whom a single rule stopped by everybody refused."""
    found = ask_failing_rules(look, filters).value
    return _divided((found.alone, found.refused))


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


def too_small(look: Look, filters: Filters) -> Measured:
    """Divide the classes with too few confirmed people two weeks before by all planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        return sum(f.at_offer < f.min_size for f in begun), len(begun)

    return _of_classes(look, filters, count)


def empty_with_queue(look: Look, filters: Filters) -> Measured:
    """Divide the seats that stayed empty beside people left over by all seats of classes held."""
    rows = facts(look, filters).value
    few = [f.id for f in rows if f.state == "opened" and f.begun(look.today) and f.free > 0]

    def compute() -> dict[int, int]:
        return left_over.extract(look.connection, filters, few)

    left = remembered(look, "left-over", filters, compute).value

    def count(begun: Sequence[ClassFact]) -> Counted:
        held = [f for f in begun if f.state == "opened"]
        return sum(min(f.free, left.get(f.id, 0)) for f in held), sum(f.cap for f in held)

    return _of_classes(look, filters, count)


def funded_seats(look: Look, filters: Filters) -> Measured:
    """Divide the funded seats that were used by all that were planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        told = _told(begun)
        return sum(map(_funded, told)), sum(f.planned for f in told)

    return _of_classes(look, filters, count)


def own_cost_seats(look: Look, filters: Filters) -> Measured:
    """Divide the seats that people paid for and used by all that were planned."""

    def count(begun: Sequence[ClassFact]) -> Counted:
        told = _told(begun)
        return sum(f.attended - _funded(f) for f in told), sum(f.planned for f in told)

    return _of_classes(look, filters, count)


def _funded(f: ClassFact) -> int:
    """Count who came on a funded seat; nobody in a wholly self-funded class."""
    return f.attended - f.by_own_cost if f.kind == "funded" else 0


def _told(begun: Sequence[ClassFact]) -> list[ClassFact]:
    """Keep the classes whose attendance is known: of the others part of the roll is open."""
    return [f for f in begun if f.known]


def passed_at_the_end(look: Look, filters: Filters) -> Measured:
    """Divide who completed the course by who came; who is still on the way is in neither."""
    *_, came, completed = ask_funnel(look, filters).value.reached
    return _divided((completed, came))


def longest_waits(look: Look, filters: Filters) -> Measured:
    """Give the days that a tenth of those waiting have waited, or more."""
    found = ask_waiting(look, filters).value
    return Measured(found.so_far_late, None, found.people)


def latest_seats(look: Look, filters: Filters) -> Measured:
    """Give the days within which nine in ten who got a seat from the list had it."""
    found = ask_waiting(look, filters).value
    return Measured(found.until_late, None, found.seated)


class Ends(NamedTuple):
    """How the classes held of a plan year were filled, as `tally/kinds` counts it."""

    people: Counter[str]  # due, late, freed, again
    lists: list[tuple[int, bool, int]]  # seats from a waiting list, somebody left on it, classes


def _ends(look: Look, filters: Filters) -> dict[int, Ends]:
    """Give how classes filled, by plan year; the year before only beside a year that is over."""

    def compute() -> dict[int, Ends]:
        found = {year: Ends(Counter(), []) for year in (filters.year, filters.year - 1)}
        years = tuple(found) if filters.year < look.today.year else (filters.year,)
        for year, key, n in sums(look.connection, filters, "ends", look.now, *years, by=("year",)):
            what, *of_list = key.split(":")
            if of_list:
                off, left = map(int, of_list)
                found[year].lists.append((off, left > 0, n))
            else:
                found[year].people[what] += n
        return found

    return remembered(look, "ends", filters, compute).value


def _of_ends(look: Look, filters: Filters, count: Callable[[Ends], Counted]) -> Measured:
    found = _ends(look, filters)
    now, then = (count(found[year]) for year in (filters.year, filters.year - 1))
    return _divided(now, _whole(look, filters, then))


def late_cancellations(look: Look, filters: Filters) -> Measured:
    """Divide who cancelled in the last two weeks by who had confirmed before them."""
    return _of_ends(look, filters, lambda of: (of.people["late"], of.people["due"]))


def lists_ran_out(look: Look, filters: Filters) -> Measured:
    """Divide the classes whose waiting list ran out by those that had one."""

    def count(of: Ends) -> Counted:
        return sum(n for _, left, n in of.lists if not left), sum(n for *_, n in of.lists)

    return _of_ends(look, filters, count)


def list_reached(look: Look, filters: Filters) -> Measured:
    """Give how many people of its list a class gave a seat, the median."""
    this, last = (
        [(off, n) for off, _, n in _ends(look, filters)[year].lists]
        for year in (filters.year, filters.year - 1)
    )
    before = within(last) if filters.year < look.today.year else None
    return Measured(within(this), None, sum(n for _, n in this), before)


def freed_seats_filled(look: Look, filters: Filters) -> Measured:
    """Divide the freed seats that the waiting list filled by all that were freed."""
    return _of_ends(look, filters, lambda of: (of.people["again"], of.people["freed"]))
