"""PostgreSQL asked by its library's own call: what comes again is prepared, sent and read at once.

psycopg's cursor can be waited for in ways nobody here waits for; for a small question that costs as
much as the answer. Within a pipeline, and for whatever comes once, it is the way all the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NoReturn

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus


class Telling(psycopg.RawCursor[Any]):
    """Write the refused statement into the driver's error, as `sent_as`.

    Within a pipeline nobody else can tell. None where it was refused while it was being sent:
    whoever sent it is told.
    """

    def _raise_for_result(self, result: Any) -> NoReturn:
        try:
            super()._raise_for_result(result)
        except psycopg.Error as refusal:
            refusal.sent_as = self._last_query  # type: ignore[attr-defined]
            raise


class Answer:
    """What a statement gave: its rows, or how many it changed."""

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows


class Asked(psycopg.Connection[Any]):
    """A connection that is asked straight; beside psycopg's statements it keeps its own."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._adapting = Transformer(self)
        self._names: dict[str, bytes] = {}
        self._numbers = count()

    def ask(self, text: str, values: Sequence[Any] = ()) -> Any:
        """Execute a statement with its values, and wait for what it gives.

        Raises:
            psycopg.Error: what the database refuses, by its code.
        """
        server = self.pgconn
        if server.pipeline_status:
            return self.execute(text, values)
        name = self._names.get(text) or self._keep(text)
        adapting = self._adapting
        sent: Any = adapting.dump_sequence(values, [PyFormat.TEXT] * len(values))
        result = server.exec_prepared(name, sent)
        if result.status == ExecStatus.TUPLES_OK:
            adapting.set_pgresult(result)
            return Answer(adapting.load_rows(0, result.ntuples, tuple), result.ntuples)
        return Answer([], self._sound(result).command_tuples or 0)

    @contextmanager
    def pipeline(self) -> Iterator[psycopg.Pipeline]:
        """Send what comes without waiting; after a refusal nothing counts as prepared.

        What stood behind the refused statement was never prepared, and psycopg does not notice.
        """
        try:
            with super().pipeline() as opened:
                yield opened
        except BaseException:
            self._prepared.clear()
            raise

    def end(self, how: str) -> None:
        """Commit or roll back the transaction, if there is one."""
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self._sound(self.pgconn.exec_(how.encode()))

    def _keep(self, text: str) -> bytes:
        name = b"portal_%d" % next(self._numbers)
        self._sound(self.pgconn.prepare(name, text.encode()))
        self._names[text] = name
        return name

    def _sound(self, result: Any) -> Any:
        if result.status == ExecStatus.COMMAND_OK:
            return result
        if self.pgconn.status == ConnStatus.BAD:
            raise psycopg.OperationalError(result.get_error_message())
        raise error_from_result(result)

    def _deallocate(self, name: bytes | None) -> Any:
        if name is None:  # psycopg drops everything, ours too: what stood behind it may be gone
            self._names.clear()
        return super()._deallocate(name)
