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
    """What is sure, what could be at most, and whether government service is part of it."""

    sure: int
    at_most: int
    government: bool


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
        else:
            merchant.append(span)
            if certain and match is True:
                sure.append(span)
    merchant += _unrecorded(periods, window[1])
    counted = length(_clipped(sure, window))
    upper = length(_clipped(merchant, window)) + length(_clipped(government, window)) * 2 // 3
    return Counted(counted, max(upper, counted), bool(_clipped(government, window)))


def _window(rule: Mapping[str, Any], anchor: date) -> Span:
    last = anchor - timedelta(days=1)
    if rule.get("within_years"):
        return months_before(anchor, 12 * rule["within_years"]), last
    if rule.get("within_months"):
        return months_before(anchor, rule["within_months"]), last
    return date.min, last


def _ended(periods: Sequence[Service], last: date) -> Iterable[tuple[Service, date, bool]]:
    """Give each period its end; one without sign-off is never sure."""
    for n, period in enumerate(periods):
        if period.signed_off is not None:
            yield period, period.signed_off, True
        else:  # a later sign-on contradicts it: it could have lasted until then
            later = periods[n + 1].signed_on - timedelta(days=1) if n + 1 < len(periods) else last
            yield period, max(min(later, last), period.signed_on), False


def _unrecorded(periods: Sequence[Service], last: date) -> list[Span]:
    """Give the days after the last record that could be service of any kind."""
    if not periods:
        return []
    newest = periods[-1]
    if newest.signed_off is None:
        return [(newest.signed_on, last)] if newest.signed_on <= last else []
    start = newest.signed_off + timedelta(days=1)
    end = min(last, newest.signed_off + timedelta(days=UNRECORDED_DAYS))
    return [(start, end)] if start <= end else []


def _matches(period: Service, rule: Mapping[str, Any]) -> bool | None:
    """Tell whether a period is of the kind asked for; None where the record does not say."""
    answers: list[bool | None] = []
    if rule.get("department", "any") != "any":
        answers.append(period.department == rule["department"])
    if rule.get("ranks"):
        answers.append(period.rank in rule["ranks"])
    if rule.get("role") == "oow":
        answers.append(period.rank in OPERATIONAL)
    if rule.get("ship_types"):
        answers.append(
            period.ship_type in rule["ship_types"] or (None if period.government else False)
        )
    if rule.get("voyage"):
        answers.append(period.voyage == rule["voyage"])
    if rule.get("area"):
        answers.append(None if period.area is None else period.area == rule["area"])
    for name, size in (("min_gt", period.gt), ("min_kw", period.kw)):
        if rule.get(name):
            answers.append(None if size is None else size >= rule[name])
    if False in answers:
        return False
    return None if None in answers else True


def _clipped(spans: Iterable[Span], window: Span) -> list[Span]:
    return [
        (max(first, window[0]), min(last, window[1]))
        for first, last in spans
        if first <= window[1] and last >= window[0]
    ]


def length(spans: Iterable[Span]) -> int:
    """Give the length of the union of spans: whole calendar months as 30 days, and days."""
    total = 0
    for first, last in merged(spans):
        months = 0
        while months_after(first, months + 1) <= last + timedelta(days=1):
            months += 1
        total += 30 * months + (last + timedelta(days=1) - months_after(first, months)).days
    return total


def merged(spans: Iterable[Span]) -> list[Span]:
    """Merge overlapping and touching spans."""
    result: list[Span] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1] + timedelta(days=1):
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def months_after(day: date, months: int) -> date:
    """Give the same day some months later; a missing day becomes the first of the next month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


def months_before(day: date, months: int) -> date:
    """Give the same day some months earlier."""
    return months_after(day, -months)
