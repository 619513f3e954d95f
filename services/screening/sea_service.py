"""Count sea service (rules.md 6): calendar months, overlaps once, two thirds for government ships.

Lengths are in days of months of 30 days (STCW I/1): n calendar months and d days are 30 n + d.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.mtnet.record import SeafarerRecord, Service

Span = tuple[date, date]  # both ends count
OPERATIONAL = (
    *("MASTER_1", "MASTER_2", "MASTER_3", "CHIEF_MATE_1", "CHIEF_MATE_2"),
    *("DECK_OFFICER_1", "DECK_OFFICER_2", "DECK_OFFICER_3"),
    *("CHIEF_ENGINEER_1", "CHIEF_ENGINEER_2", "CHIEF_ENGINEER_3"),
    *("SECOND_ENGINEER_1", "SECOND_ENGINEER_2"),
    *("ENGINEER_OFFICER_1", "ENGINEER_OFFICER_2", "ENGINEER_OFFICER_3", "ETO"),
)
UNRECORDED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Counted:
    """What is sure, and what could be at most."""

    sure: int
    at_most: int


def count(record: SeafarerRecord, rule: Mapping[str, Any], anchor: date) -> Counted:
    """Count the service a rule asks for up to the day before the anchor.

    The record's sea service must not be absent.
    """
    window = _window(rule, anchor)
    sure: list[Span] = []
    merchant: list[Span] = []
    government: list[Span] = []
    periods = record.sea_service or ()
    for period, end, certain in _ended(periods, window[1]):
        match = _matches(period, rule)
        span = (period.signed_on, end)
        if match is False:
            continue
        if period.government:
            government.append(span)
            continue
        merchant.append(span)
        if certain and match is True:
            sure.append(span)
    merchant += _unrecorded(periods, window[1])
    counted = length(_clipped(sure, window))
    upper = length(_clipped(merchant, window)) + length(_clipped(government, window)) * 2 // 3
    return Counted(counted, max(upper, counted))


def _window(rule: Mapping[str, Any], anchor: date) -> Span:
    last = anchor - timedelta(days=1)
    if rule.get("within_years"):
        return months_before(anchor, 12 * rule["within_years"]), last
    if rule.get("within_months"):
        return months_before(anchor, rule["within_months"]), last
    return date.min, last


def _ended(periods: Sequence[Service], last: date) -> Iterable[tuple[Service, date, bool]]:
    """Give each period its end; one without sign-off, or told by a paper, is never sure."""
    for period in periods:
        if period.signed_off is not None:
            yield period, period.signed_off, not period.paper
        else:  # a later sign-on contradicts it: it could have lasted until then
            later = [p.signed_on for p in periods if p.signed_on > period.signed_on]
            end = min([last, *(day - timedelta(days=1) for day in later)])
            yield period, max(end, period.signed_on), False


def _unrecorded(periods: Sequence[Service], last: date) -> list[Span]:
    """Give the days after the last record that could be service of any kind."""
    if not periods:
        return []
    newest = periods[-1].signed_on
    offs = [p.signed_off for p in periods if p.signed_off is not None]
    if any(p.signed_off is None and p.signed_on == newest for p in periods):
        start, end = newest, last
    else:
        start = max(offs) + timedelta(days=1)
        end = min(last, max(offs) + timedelta(days=UNRECORDED_DAYS))
    return [(start, end)] if start <= end else []


def _matches(period: Service, rule: Mapping[str, Any]) -> bool | None:
    """Tell whether a period is of the kind asked for; None where the record does not say."""
    answers: list[bool | None] = [True if period.kind else None]
    if rule.get("department", "any") != "any":
        answers.append(_one_of(period.department, (rule["department"],)))
    if rule.get("ranks"):
        answers.append(_one_of(period.rank, rule["ranks"]))
    if rule.get("role") == "oow":
        answers.append(_one_of(period.rank, OPERATIONAL))
    if rule.get("ship_types"):
        fits = _one_of(period.ship_type, rule["ship_types"])
        answers.append(None if period.government and not fits else fits)
    if rule.get("voyage"):
        answers.append(_one_of(period.voyage, (rule["voyage"],)))
    if rule.get("area"):
        answers.append(_one_of(period.area, (rule["area"],)))
    for name, size in (("min_gt", period.gt), ("min_kw", period.kw)):
        if rule.get(name):
            answers.append(None if size is None else size >= rule[name])
    if False in answers:
        return False
    return None if None in answers else True


def _one_of(told: str | None, options: Sequence[str]) -> bool | None:
    return told in options if told else None


def _clipped(spans: Iterable[Span], window: Span) -> list[Span]:
    return [
        (max(first, window[0]), min(last, window[1]))
        for first, last in spans
        if first <= window[1] and last >= window[0]
    ]


def length(spans: Iterable[Span]) -> int:
    """Give the length of the union of spans, overlapping days once.

    Periods that run into each other count as one or apart, each from its own sign-on, whichever
    is more: so that one day more on board never makes the service shorter.
    """
    return sum(_longest(first, last, starts) for first, last, starts in merged(spans))


def _longest(first: date, last: date, starts: Sequence[date]) -> int:
    best = {last + timedelta(days=1): 0}
    for start in sorted(starts, reverse=True):
        best[start] = max(
            _calendar(start, end - timedelta(days=1)) + rest for end, rest in best.items()
        )
    return best[first]


def _calendar(first: date, last: date) -> int:
    """Count whole calendar months as 30 days each, and the days left over."""
    after = last + timedelta(days=1)
    months = 12 * (after.year - first.year) + after.month - first.month
    if months_after(first, months) > after:
        months -= 1
    return 30 * months + (after - months_after(first, months)).days


def merged(spans: Iterable[Span]) -> list[tuple[date, date, list[date]]]:
    """Merge overlapping and touching spans: first day, last day, and the sign-ons within."""
    result: list[tuple[date, date, list[date]]] = []
    for first, last in sorted(set(spans)):
        if result and first <= result[-1][1] + timedelta(days=1):
            begin, end, starts = result[-1]
            starts = starts if starts[-1] == first else [*starts, first]
            result[-1] = (begin, max(end, last), starts)
        else:
            result.append((first, last, [first]))
    return result


def months_after(day: date, months: int) -> date:
    """Give the same day some months later; a missing day becomes the first of the next month.

    What lies beyond the calendar is its last day.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year, month + 2, 1)  # December has every day


def months_before(day: date, months: int) -> date:
    """Give the same day some months earlier."""
    return months_after(day, -months)
