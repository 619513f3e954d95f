"""The public tables for programs: JSON and CSV with their definitions, cached by their content.

Nothing that is not on the public page; what is hidden there is null here.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.http import http_date

from analytics.definitions import definition
from analytics.disclosure import BASE, LEAST
from analytics.filters import Filters
from analytics.licence import ATTRIBUTION, IDENTIFIER, NAME, URL
from analytics.published import PUBLIC, Public, Published, changed, years
from callbacks.desk import Desk
from callbacks.statistics import API, chosen
from portal.settings import Settings
from portal.web.exports import written
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.words import ENGLISH, ZH_HANT, words_for

ZH, EN = words_for(ZH_HANT), words_for(ENGLISH)
MAX_AGE = 300  # seconds


def open_data_routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the open-data routes; nobody logs in for them."""

    @server.get(API)
    def _list() -> Response:
        with desk.office.look() as look:
            since = changed(look)
            body = {
                "licence": _licence(),
                "years": years(look),
                "metrics": [
                    {
                        "id": code,
                        "name": _both(definition(table.measure).name),
                        "by": _both(table.heading),
                        "url": f"{settings.base_url}{API}/{code}",
                    }
                    for code, table in PUBLIC.items()
                ],
            }
        return _answer(json.dumps(body, ensure_ascii=False), "application/json", since)

    @server.get(f"{API}/<name>")
    def _one(name: str) -> Response:
        code, as_csv = name.removesuffix(".csv"), name.endswith(".csv")
        table = PUBLIC.get(code)
        if table is None:
            abort(404)
        with desk.office.look() as look:
            known, wish = years(look), request.args.get("year")
            if not known or (wish is not None and wish not in {str(year) for year in known}):
                abort(404)
            year, since = chosen(known, wish, look.today.year), changed(look)
            found = table.ask(look, Filters(year))
            if as_csv:
                sheet = written(table.sheet(found, look, desk.words()))
                answer = _answer(sheet, "text/csv", since)
                answer.headers["Content-Disposition"] = f'attachment; filename="{code}_{year}.csv"'
                answer.vary.add("Cookie")  # its language
                answer.vary.add("Accept-Language")
                return answer
            body = _described(table, found, look, year, since)
        return _answer(json.dumps(body, ensure_ascii=False), "application/json", since)


def _described(
    table: Public, found: Published, look: Look, year: int, since: datetime
) -> dict[str, Any]:
    m = definition(table.measure)
    parts = [part.code for part in table.parts]
    names = [*parts, "total"] if len(parts) > 1 else parts

    def cells(counts: tuple[int | None, ...]) -> dict[str, int | None]:
        return dict(zip(names, counts, strict=False))

    return {
        "id": table.code,
        "definition": {
            "name": _both(m.name), "unit": _both(m.unit), "formula": _both(m.formula),
            "numerator": _both(m.numerator), "denominator": _both(m.denominator),
            "caveat": _both(m.caveat),
        },
        "as_of": since.astimezone(TAIPEI).isoformat(timespec="seconds"),
        "filters": {"year": year},
        "disclosure": {
            "hidden": f"1-{LEAST - 1}, and cells that would give them away; null",
            "rounded_to": BASE,
        },
        "licence": _licence(),
        "parts": {part.code: _both(part.name) for part in table.parts},
        "rows": [
            {"code": code, "name": {"zh-Hant": table.name(ZH, code, look),
                                    "en": table.name(EN, code, look)}} | cells(counts)
            for code, counts in found.rows
        ],
        "total": cells(found.total),
    }  # fmt: skip


def _both(sentence: str) -> dict[str, str]:
    return {"zh-Hant": ZH(sentence), "en": EN(sentence)}


def _licence() -> dict[str, Any]:
    return {"id": IDENTIFIER, "name": _both(NAME), "url": URL, "attribution": _both(ATTRIBUTION)}


def _answer(body: str, mimetype: str, since: datetime) -> Response:
    """Answer with the content's own tag, or with 304 to whoever has it already."""
    answer = Response(body, mimetype=mimetype)
    answer.set_etag(sha256(body.encode()).hexdigest()[:32])
    answer.headers["Last-Modified"] = http_date(since.astimezone(UTC))
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.make_conditional(request)
    return answer
