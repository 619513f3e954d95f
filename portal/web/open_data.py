"""The public tables for programs: JSON and CSV with their definitions, cached by their content.

Nothing that is not on the public page; what is hidden there is null here.
"""

import json
from hashlib import sha256
from typing import Any

from flask import Flask, Response, abort, request

from analytics.cache import Found
from analytics.definitions import definition
from analytics.disclosure import BASE, LEAST
from analytics.filters import Filters
from analytics.licence import ATTRIBUTION, IDENTIFIER, NAME, TERMS, URL
from analytics.published import PUBLIC, Public, Published, years
from callbacks.desk import Desk
from callbacks.statistics import API, chosen
from portal.settings import Settings
from portal.web.tables import EN, ZH, both, defined_at, described, holding, written
from services.kernel.clock import TAIPEI
from services.kernel.work import Look

MAX_AGE = 300  # seconds


def open_data_routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the open-data routes; nobody logs in for them."""

    @server.get(API)
    def _list() -> Response:
        with desk.office.look() as look:
            body = {
                "licence": licence(),
                "years": years(look),
                "metrics": [
                    {
                        "id": code,
                        "name": both(definition(table.measure).name),
                        "by": both(table.heading),
                        "url": f"{settings.base_url}{API}/{code}",
                    }
                    for code, table in PUBLIC.items()
                ],
            }
        return tagged(json.dumps(body, ensure_ascii=False), "application/json")

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
            year = chosen(known, wish, look.today.year)
            asked = table.ask(look, Filters(year))
            found, since = asked.value, asked.as_of
            if as_csv:
                words = desk.words()
                defined = defined_at(settings.base_url, table.measure)
                terms = f"{words(TERMS)} {URL}"
                holds = holding(since, defined, Filters(year), terms, words)
                sheet = written(table.sheet(found, look, words), words, holds)
                answer = tagged(sheet, "text/csv")
                answer.headers["Link"] = f'<{API}/{code}?year={year}>; rel="describedby"'
                answer.headers["Content-Disposition"] = f'attachment; filename="{code}_{year}.csv"'
                answer.vary.add("Cookie")  # its language
                answer.vary.add("Accept-Language")
                return answer
            body = _described(table, asked, look, year)
        return tagged(json.dumps(body, ensure_ascii=False), "application/json")


def _described(table: Public, asked: Found[Published], look: Look, year: int) -> dict[str, Any]:
    found = asked.value
    parts = [part.code for part in table.parts]
    names = [*parts, "total"] if len(parts) > 1 else parts

    def cells(counts: tuple[int | None, ...]) -> dict[str, int | None]:
        return dict(zip(names, counts, strict=False))

    return {
        "id": table.code,
        "definition": described(table.measure),
        "as_of": asked.as_of.astimezone(TAIPEI).isoformat(timespec="seconds"),
        "filters": {"year": year},
        "disclosure": {
            "hidden": f"1-{LEAST - 1}, and cells that would give them away; null",
            "rounded_to": BASE,
            "renewed": "each month, as of its end: at every step it would tell whose"
            if table.monthly
            else "with every step",
        }
        if not table.told
        else {"hidden": "nothing: each class page tells how many wait", "rounded_to": 1,
              "renewed": "with every step"},
        "licence": licence(),
        "parts": {part.code: both(part.name) for part in table.parts},
        "rows": [
            {"code": code, "name": {"zh-Hant": table.name(ZH, code, look),
                                    "en": table.name(EN, code, look)}} | cells(counts)
            for code, counts in found.rows
        ],
        "total": cells(found.total),
    }  # fmt: skip


def licence() -> dict[str, Any]:
    """Give the terms under which everybody may use the data."""
    return {"id": IDENTIFIER, "name": both(NAME), "url": URL, "attribution": both(ATTRIBUTION)}


def tagged(body: str, mimetype: str) -> Response:
    """Answer with the content's own tag, or with 304 to whoever has it already.

    No date is given: numbers may change without a newer step, and nobody is to be told otherwise.
    """
    answer = Response(body, mimetype=mimetype)
    answer.set_etag(sha256(body.encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.make_conditional(request)
    return answer
