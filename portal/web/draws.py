"""Files of the draws for everybody: one draw as JSON or CSV, and the script that recomputes it."""

import json
from typing import Any

from flask import Flask, Response, abort

from analytics.sheet import Column, Sheet
from callbacks.desk import Desk
from pages.draws import SCRIPT, source
from portal.web.tables import written
from services.kernel.errors import NotFound
from services.lottery.public import draw_facts


def draw_routes(server: Flask, desk: Desk) -> None:
    """Hang the routes; they are open to everybody."""

    @server.get("/draws/<int:draw_id>.json")
    def _draw_json(draw_id: int) -> Response:
        text = json.dumps(_facts(draw_id), ensure_ascii=False, indent=1)
        return file_of(text, "application/json", f"draw-{draw_id}.json")

    @server.get("/draws/<int:draw_id>.csv")
    def _draw_csv(draw_id: int) -> Response:
        facts, words = _facts(draw_id), desk.words()
        columns = (Column(words("Rank"), "number"), Column(words("Ticket")))
        rows = [(one["rank"], one["ticket"]) for one in facts["tickets"]]
        return file_of(written(Sheet.of(columns, rows), words), "text/csv", f"draw-{draw_id}.csv")

    @server.get(SCRIPT)
    def _draw_script() -> Response:
        return file_of(source(), "text/x-python", "check_draw.py")

    def _facts(draw_id: int) -> dict[str, Any]:
        with desk.office.look(desk.actor()) as look:
            try:
                return draw_facts(look, draw_id)
            except NotFound:
                abort(404)


def file_of(text: str, mimetype: str, name: str) -> Response:
    """Give a text as a file to save."""
    answer = Response(text, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
