"""Tables as CSV and XLSX files, for those who may see the dashboard they come from."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, abort, request

from analytics.boards import BOARDS
from analytics.exports import Export, board_exports, export_of
from analytics.filters import Filters, choices, parse
from analytics.licence import INTERNAL
from analytics.sheet import Sheet
from analytics.source import told_of
from callbacks.dashboards import READERS
from callbacks.desk import Desk
from portal.web.workbook import Table, TooManyRows, workbook
from services.kernel.actor import Actor, Role
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.words import Words

BOM = "\ufeff"  # so that spreadsheets read Chinese
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_routes(server: Flask, desk: Desk) -> None:
    """Hang the export routes."""

    @server.get("/export/<path:name>")
    def _file(name: str) -> Response:
        code, dot, kind = name.rpartition(".")
        actor = _reader(desk)
        if kind not in ("csv", "xlsx") or not dot:
            abort(404)
        with desk.office.look(actor) as look:
            filters, notes = _asked(look, actor, desk.words())
            found = export_of(code, look, filters, desk.words())
        if found is None:
            abort(404)
        if kind == "csv":
            body = written(found.sheet, notes)
            return _attached(body, "text/csv", code, filters, found.as_of, kind)
        return _book([found], code, filters, notes, desk.words())

    @server.get("/export/board/<code>.xlsx")
    def _board(code: str) -> Response:
        actor = _reader(desk)
        if code not in BOARDS:
            abort(404)
        with desk.office.look(actor) as look:
            filters, notes = _asked(look, actor, desk.words())
            found = board_exports(BOARDS[code], look, filters, desk.words())
        return _book(found, code, filters, notes, desk.words())


def _reader(desk: Desk) -> Actor:
    """Give who asks, if dashboards are open to them."""
    actor = desk.actor()
    if actor.role not in READERS:
        abort(401 if actor.role is Role.VISITOR else 403)
    return actor


def _asked(look: Look, actor: Actor, words: Words) -> tuple[Filters, list[str]]:
    """Give what is asked for as far as it can be told, with what the reader must know about it."""
    filters, notes = parse(request.args, choices(look.connection), look.today)
    filters, more = told_of(look.connection, filters.locked_to(actor))
    return filters, [words(note) for note in (*notes, *more)]


def _book(
    found: Sequence[Export], code: str, filters: Filters, notes: Sequence[str], words: Words
) -> Response:
    tables = [Table(e.name, e.measure, e.title, e.subtitle, e.sheet) for e in found]
    as_of = min(e.as_of for e in found)
    try:
        book = workbook(tables, filters.query(), [words(INTERNAL)], as_of, words, notes)
    except TooManyRows:
        abort(422)
    return _attached(book, XLSX, code, filters, as_of, "xlsx")


def _attached(
    body: str | bytes, mimetype: str, code: str, filters: Filters, as_of: datetime, kind: str
) -> Response:
    answer = Response(body, mimetype=mimetype)
    file = f"{code}_{filters.year}_{as_of.astimezone(TAIPEI):%Y%m%dT%H%M}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def written(sheet: Sheet, notes: Sequence[str] = ()) -> str:
    """Write a sheet: one header row, numbers as numbers, shares as 0 to 1, days as ISO dates.

    notes: what the reader must know, below the table and apart from it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(column.title) for column in sheet.columns])
    writer.writerows(_row(row) for row in sheet.rows)
    writer.writerows([[], *([_cell(note)] for note in notes)] if notes else [])
    return BOM + buffer.getvalue()


def _row(row: Sequence[Any]) -> list[Any]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    """Write a value so that no spreadsheet takes it for a formula."""
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
