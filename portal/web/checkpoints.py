"""Files of the checkpoints for everybody: each as JSON, and the script that compares them."""

import json
from datetime import datetime

from flask import Flask, Response, abort, redirect

from callbacks.desk import Desk
from pages.checkpoints import PATH, SCRIPT, address, source
from portal.web.draws import file_of
from portal.web.open_data import licence, tagged
from services.checkpoints.kept import checkpoint_facts, newest
from services.kernel.errors import NotFound


def checkpoint_routes(server: Flask, desk: Desk) -> None:
    """Hang the routes; they are open to everybody, programs that keep copies as well."""

    @server.get(f"{PATH}/<int:number>.json")
    def _checkpoint_json(number: int) -> Response:
        with desk.office.look() as look:
            try:
                facts = checkpoint_facts(look, number)
            except NotFound:
                abort(404)
        body = json.dumps(facts | {"licence": licence()}, ensure_ascii=False, indent=1)
        file = tagged(body, "application/json", datetime.fromisoformat(facts["made_at"]))
        file.headers["Content-Disposition"] = f'attachment; filename="checkpoint-{number}.json"'
        return file

    @server.get(f"{PATH}/newest.json")
    def _checkpoint_newest() -> Response:
        with desk.office.look() as look:
            last = newest(look)
        if last is None:
            abort(404)
        return redirect(address(last.number))  # type: ignore[return-value]

    @server.get(SCRIPT)
    def _checkpoint_script() -> Response:
        return file_of(source(), "text/x-python", "check_checkpoints.py")
