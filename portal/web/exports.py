"""Tables as CSV, JSON and XLSX files, for those who may see the dashboard they come from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from flask import Flask, Response, abort, request

from analytics.boards import BOARDS
from analytics.exports import Export, board_exports, export_of
from analytics.filters import Filters, choices, parse
from analytics.licence import INTERNAL
from analytics.source import told_of
from callbacks.dashboard_filters import in_words
from callbacks.desk import Desk
from pages.dashboards import READERS
from portal.settings import Settings
from portal.web.tables import defined_at, holding, told, written
from portal.web.workbook import Table, TooManyRows, workbook
from services.kernel.actor import Actor, Role
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.words import Words

KINDS = ("csv", "json", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export_routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the export routes."""

    @server.get("/export/<path:name>")
    def _file(name: str) -> Response:
        code, dot, kind = name.rpartition(".")
        actor = _reader(desk)
        if kind not in KINDS or not dot:
            abort(404)
        words = desk.words()
        with desk.office.look(actor) as look:
            asked = _asked(look, actor, words)
            found = export_of(code, look, asked.filters, words)
        if found is None:
            abort(404)
        if kind == "xlsx":
            return _book([found], code, asked, words)
        if kind == "json":
            body = told(found, code, asked.filters.query(), words, asked.notes)
            return _attached(body, "application/json", code, asked.filters, found.as_of, kind)
        defined = defined_at(settings.base_url, found.measure)
        terms = words(INTERNAL)
        holds = holding(found.as_of, defined, asked.filters, terms, words, asked.notes)
        body = written(found.sheet, words, holds)
        return _attached(body, "text/csv", code, asked.filters, found.as_of, kind)

    @server.get("/export/board/<code>.xlsx")
    def _board(code: str) -> Response:
        actor = _reader(desk)
        if code not in BOARDS:
            abort(404)
        words = desk.words()
        with desk.office.look(actor) as look:
            asked = _asked(look, actor, words)
            found = board_exports(BOARDS[code], look, asked.filters, words)
        return _book(found, code, asked, words)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for as far as it can be told, in the reader's words, and what to know of it."""

    filters: Filters
    in_words: list[tuple[str, str]]
    notes: list[str]


def _reader(desk: Desk) -> Actor:
    """Give who asks, if dashboards are open to them."""
    actor = desk.actor()
    if actor.role not in READERS:
        abort(401 if actor.role is Role.VISITOR else 403)
    return actor


def _asked(look: Look, actor: Actor, words: Words) -> Asked:
    offered = choices(look.connection)
    filters, notes = parse(request.args, offered, look.today)
    filters, more = told_of(look.connection, filters.locked_to(actor))
    notes_ = [words(note) for note in (*notes, *more)]
    return Asked(filters, in_words(words, filters, offered), notes_)


def _book(found: Sequence[Export], code: str, asked: Asked, words: Words) -> Response:
    tables = [Table(e.name, e.measure, e.title, e.subtitle, e.sheet, e.more) for e in found]
    as_of = min(e.as_of for e in found)
    try:
        book = workbook(tables, asked.in_words, [words(INTERNAL)], as_of, words, asked.notes)
    except TooManyRows:
        abort(422)
    return _attached(book, XLSX, code, asked.filters, as_of, "xlsx")


def _attached(
    body: str | bytes, mimetype: str, code: str, filters: Filters, as_of: datetime, kind: str
) -> Response:
    answer = Response(body, mimetype=mimetype)
    moment = f"{as_of.astimezone(TAIPEI):%Y%m%dT%H%M}"  # a past day stands in it
    chosen = quote("_".join(replace(filters, as_of=None).query().values()))
    file = f"{code}_{chosen}_{moment}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
