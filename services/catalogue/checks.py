"""Collect what is wrong with an entry, field by field, and refuse once."""

import unicodedata
from typing import Any

from services.kernel.errors import InvalidInput
from services.words import mark

UNKEPT = mark("These characters cannot be kept. Please type the text again.")


def keepable(text: str) -> bool:
    """Tell whether a text holds no control characters but line ends and tabs."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in text)


class Checks:
    """Problems found so far; `settle` raises them all together: one correction is enough."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, dict[str, Any]]] = {}

    def refuse(self, field: str, sentence: str, /, **facts: Any) -> None:
        """Note a problem beside a field; the first one of a field is kept."""
        self.found.setdefault(field, (sentence, facts))

    def within(self, field: str, value: int, least: int, most: int) -> None:
        """Refuse a number outside both ends inclusive."""
        if not least <= value <= most:
            self.refuse(
                field,
                "Please enter a number from {least} to {most}.",
                least=least,
                most=most,
            )

    def short(self, field: str, value: str | None, most: int) -> None:
        """Refuse a text longer than its column, or with characters no database keeps."""
        if value and not keepable(value):
            self.refuse(field, UNKEPT)
        if value and len(value) > most:
            self.refuse(field, "This is too long: at most {most} characters.", most=most)

    def settle(self) -> None:
        """Raise everything that was found.

        Raises:
            InvalidInput: at least one field was refused.
        """
        if self.found:
            raise InvalidInput(self.found)
