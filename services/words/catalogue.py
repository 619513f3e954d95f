"""Look sentences up in the catalogues and write dates, numbers and money as each language does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from services.kernel.clock import TAIPEI

ZH_HANT = "zh-Hant-TW"
ENGLISH = "en"
LOCALES = (ZH_HANT, ENGLISH)
FOLDER = Path(__file__).parent / "zh_Hant_TW"

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    "",
    *[
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
)


def mark(sentence: str) -> str:
    """Mark a sentence for the catalogue where it is written down before it is translated."""
    return sentence


@cache
def merged() -> Catalog:
    """Read every zh_Hant_TW/*.po into one catalogue."""
    whole = Catalog(locale="zh_Hant_TW", domain="messages")
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hant_TW"):
                if message.id:
                    whole[message.id] = message
    return whole


@cache
def _translations(locale: str) -> NullTranslations:
    if locale == ENGLISH:
        return NullTranslations()
    buffer = BytesIO()
    write_mo(buffer, merged())
    buffer.seek(0)
    return Translations(buffer)


@dataclass(frozen=True, slots=True)
class Words:
    """One reader's language: call it with an English sentence and its facts."""

    locale: str

    def __call__(self, sentence: str, /, **facts: Any) -> str:
        text = str(_translations(self.locale).gettext(sentence)) if sentence else ""
        return text.format(**facts) if facts else text

    def many(self, one: str, several: str, n: int, /, **facts: Any) -> str:
        """Choose between singular and plural by n (also usable as {n} in the sentence)."""
        text = str(_translations(self.locale).ngettext(one, several, n))
        return text.format(n=self.number(n), **facts)

    @property
    def zh(self) -> bool:
        return self.locale != ENGLISH

    def name(self, named: Any, field: str = "name") -> str:
        """Pick `<field>_zh` or `<field>_en` of a card or mapping."""
        key = f"{field}_zh" if self.zh else f"{field}_en"
        value = named[key] if isinstance(named, Mapping) else getattr(named, key)
        return str(value or "")

    def number(self, value: float) -> str:
        return f"{value:,.0f}"

    def money(self, value: int) -> str:
        """NT dollars: 2,400元 / NT$2,400."""
        return f"{value:,}元" if self.zh else f"NT${value:,}"

    def percent(self, share: float | None, digits: int = 1) -> str:
        """A share 0..1 as 84.3%; a dash when there is none."""
        return "–" if share is None else f"{share * 100:.{digits}f}%"

    def year(self, year: int) -> str:
        """A plan year: 116年 / 2027 (the Republic's year 1 is 1912)."""
        return f"{year - 1911}年" if self.zh else str(year)

    def date(self, day: Day) -> str:
        """The long date with weekday: 116年4月12日（一） / Mon 12 April 2027."""
        if self.zh:
            return f"{day.year - 1911}年{day.month}月{day.day}日（{_WEEKDAYS_ZH[day.weekday()]}）"
        return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month]} {day.year}"

    def day(self, day: Day) -> str:
        """The short date inside a known year: 4月12日（一） / Mon 12 Apr."""
        if self.zh:
            return f"{day.month}月{day.day}日（{_WEEKDAYS_ZH[day.weekday()]}）"
        return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month][:3]}"

    def brief(self, day: Day) -> str:
        """The day alone, where its weekday and year stand beside it: 4/12 / 12 Apr."""
        return f"{day.month}/{day.day}" if self.zh else f"{day.day} {_MONTHS_EN[day.month][:3]}"

    def weekday(self, day: Day) -> str:
        return f"週{_WEEKDAYS_ZH[day.weekday()]}" if self.zh else _WEEKDAYS_EN[day.weekday()]

    def month(self, year: int, month: int) -> str:
        """A month: 116年4月 / April 2027."""
        return f"{year - 1911}年{month}月" if self.zh else f"{_MONTHS_EN[month]} {year}"

    def moment(self, instant: datetime) -> str:
        """A moment with weekday and Taipei time: 3月22日（一）09:00 / Mon 22 Mar, 09:00."""
        local = instant.astimezone(TAIPEI)
        gap = "" if self.zh else ", "
        return f"{self.day(local.date())}{gap}{local:%H:%M}"

    def deadline(self, instant: datetime) -> str:
        """A moment with its year: 116年3月22日（一）09:00 / Mon 22 March 2027, 09:00."""
        local = instant.astimezone(TAIPEI)
        gap = "" if self.zh else ", "
        return f"{self.date(local.date())}{gap}{local:%H:%M}"

    def period(self, first: Day, last: Day) -> str:
        """Both ends inclusive: 116年4月12日（一）–16日（五） / Mon 12 – Fri 16 April 2027."""
        if first == last:
            return self.date(first)
        if self.zh:
            same = first.month == last.month and first.year == last.year
            tail = f"{last.day}日（{_WEEKDAYS_ZH[last.weekday()]}）" if same else self.day(last)
            return f"{self.date(first)}–{tail}"
        if first.month == last.month and first.year == last.year:
            return f"{_WEEKDAYS_EN[first.weekday()]} {first.day} – {self.date(last)}"
        return f"{self.day(first)} – {self.date(last)}"


@cache
def words_for(locale: str) -> Words:
    """Give the words of a locale; anything unknown reads Traditional Chinese."""
    return Words(ENGLISH if locale == ENGLISH else ZH_HANT)
