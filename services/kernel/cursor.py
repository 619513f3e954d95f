"""A cursor of PostgreSQL that says what was refused: within a pipeline nobody else can tell."""

from typing import Any, NoReturn

import psycopg


class Telling(psycopg.Cursor[Any]):
    """Write the refused statement into the driver's error, as `sent_as`.

    None where it was refused while it was being sent: whoever sent it is told.
    """

    def _raise_for_result(self, result: Any) -> NoReturn:
        try:
            super()._raise_for_result(result)
        except psycopg.Error as refusal:
            refusal.sent_as = self._last_query  # type: ignore[attr-defined]
            raise
