"""Tables as CSV files, for those who may see the dashboard they come from."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Flask, Response, abort, request

from analytics.exports import sheet_of
from analytics.filters import choices, parse
from analytics.sheet import Sheet
from callbacks.dashboards import READERS
from callbacks.desk import Desk
from services.kernel.actor import Role
from services.kernel.clock import TAIPEI

BOM = "\ufeff"  # so that spreadsheets read Chinese
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_routes(server: Flask, desk: Desk) -> None:
    """Hang the export routes."""

    @server.get("/export/<path:name>")
    def _csv(name: str) -> Response:
        question, actor = name.removesuffix(".csv"), desk.actor()
        if actor.role not in READERS:
            abort(401 if actor.role is Role.VISITOR else 403)
        with desk.office.look(actor) as look:
            filters, _ = parse(request.args, choices(look.connection), look.today)
            found = sheet_of(question, look, filters.locked_to(actor), desk.words())
        if found is None or question == name:
            abort(404)
        sheet, as_of = found
        file = f"{question}_{filters.year}_{as_of.astimezone(TAIPEI):%Y%m%dT%H%M}.csv"
        answer = Response(written(sheet), mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer


def written(sheet: Sheet) -> str:
    """Write a sheet: one header row, numbers as numbers, shares as 0 to 1, days as ISO dates."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(column.title) for column in sheet.columns])
    writer.writerows(_row(row) for row in sheet.rows)
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
