"""Taiwan's public holidays 2022 to 2028 and the working days between them (pure).

Fixed days by law (since 2025 also 28 September, 25 October, 25 December and Labour Day for all);
the lunar ones are listed. Make-up days and days off in lieu are data to be checked each year.
"""

from datetime import date, timedelta
from functools import cache

from services.words import mark

FIXED = {
    (1, 1): mark("New Year's Day"),
    (2, 28): mark("Peace Memorial Day"),
    (4, 4): mark("Children's Day"),
    (5, 1): mark("Labour Day"),
    (10, 10): mark("National Day"),
}
SINCE_2025 = {
    (9, 28): mark("Teachers' Day"),
    (10, 25): mark("Retrocession Day"),
    (12, 25): mark("Constitution Day"),
}
LUNAR_NEW_YEAR = {  # New Year's Eve, four days off follow at least
    2022: date(2022, 1, 31), 2023: date(2023, 1, 21), 2024: date(2024, 2, 9),
    2025: date(2025, 1, 28), 2026: date(2026, 2, 16), 2027: date(2027, 2, 5),
    2028: date(2028, 1, 25),
}  # fmt: skip
QINGMING = {2022: 5, 2023: 5, 2024: 4, 2025: 4, 2026: 5, 2027: 5, 2028: 4}  # of April
DRAGON_BOAT = {
    2022: date(2022, 6, 3), 2023: date(2023, 6, 22), 2024: date(2024, 6, 10),
    2025: date(2025, 5, 31), 2026: date(2026, 6, 19), 2027: date(2027, 6, 9),
    2028: date(2028, 5, 28),
}  # fmt: skip
MID_AUTUMN = {
    2022: date(2022, 9, 10), 2023: date(2023, 9, 29), 2024: date(2024, 9, 17),
    2025: date(2025, 10, 6), 2026: date(2026, 9, 25), 2027: date(2027, 9, 15),
    2028: date(2028, 10, 3),
}  # fmt: skip


@cache
def holidays(year: int) -> dict[date, str]:
    """Give the holidays of a year with their names (English message ids)."""
    fixed = FIXED | (SINCE_2025 if year >= 2025 else {})
    days = {date(year, month, day): name for (month, day), name in fixed.items()}
    if year in LUNAR_NEW_YEAR:
        eve = LUNAR_NEW_YEAR[year]
        days |= {eve + timedelta(days=n): mark("Lunar New Year") for n in range(4)}
        days[date(year, 4, QINGMING[year])] = mark("Tomb Sweeping Day")
        days[DRAGON_BOAT[year]] = mark("Dragon Boat Festival")
        days[MID_AUTUMN[year]] = mark("Mid-Autumn Festival")
    return days


def holiday(day: date) -> str | None:
    """Give the name of a holiday, or None."""
    return holidays(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day."""
    return day.weekday() < 5 and holiday(day) is None


def add_working_days(day: date, n: int) -> date:
    """Give the n-th working day after a day."""
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day
