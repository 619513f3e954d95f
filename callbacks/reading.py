"""Read what was typed into a form: numbers, days, choices; every problem beside its field."""

import unicodedata
from collections.abc import Collection
from datetime import date, datetime

from services.catalogue.checks import Checks
from services.kernel.clock import TAIPEI
from services.words import mark

Typed = str | int | float | None


def whole_id(value: object) -> int:
    """Read an id that came from the page; 0, which nothing has, if it cannot be one."""
    sound = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return value if sound else 0  # type: ignore[return-value]


class Reading(Checks):
    """Typed values turned into values; call `settle` once everything has been read."""

    def text(self, value: Typed) -> str:
        """Read a line of text; nothing typed is an empty line."""
        return unicodedata.normalize("NFC", str(value)).strip() if value is not None else ""

    def whole(self, field: str, value: Typed) -> int:
        """Read a whole number, full-width digits and thousands commas included; 0 if refused."""
        text = unicodedata.normalize("NFKC", str(value if value is not None else "")).strip()
        text = text.replace(",", "")
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        self.refuse(field, mark("Please enter a whole number, such as 24."))
        return 0

    def day(self, field: str, value: Typed) -> date:
        """Read a calendar day; a far day if refused."""
        try:
            day = date.fromisoformat(str(value or ""))
            if 2000 <= day.year <= 2100:
                return day
        except ValueError:
            pass
        self.refuse(field, mark("Please enter a date."))
        return date.min

    def moment(self, field: str, value: Typed) -> datetime:
        """Read a day and time of Taipei."""
        try:
            moment = datetime.fromisoformat(str(value or ""))
            if 2000 <= moment.year <= 2100 and moment.tzinfo is None and "T" in str(value):
                return moment.replace(tzinfo=TAIPEI)
        except ValueError:
            pass
        self.refuse(field, mark("Please enter a date and a time."))
        return datetime(2000, 1, 1, tzinfo=TAIPEI)

    def choice(self, field: str, value: Typed, options: Collection[str]) -> str:
        """Read one of the options."""
        if isinstance(value, str) and value in options:
            return value
        self.refuse(field, mark("Please choose one of the options."))
        return ""
