"""Files of checkpoints and queues for everybody, as JSON, and the scripts that check them."""

import json

from flask import Flask, Response, abort, redirect

from callbacks.desk import Desk
from pages.checkpoints import PATH, QUEUE_SCRIPT, SCRIPT, address, source
from portal.web.draws import file_of
from portal.web.open_data import licence, tagged
from services.checkpoints import check_checkpoints
from services.checkpoints.kept import checkpoint_facts, newest
from services.kernel.errors import NotFound
from services.queue_file import queue_facts
from services.registration import check_queue


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
        file = tagged(body, "application/json")
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
        return file_of(source(check_checkpoints), "text/x-python", "check_checkpoints.py")

    @server.get("/classes/<int:class_id>/queue.json")
    def _queue_json(class_id: int) -> Response:
        with desk.office.look() as look:
            try:
                facts = queue_facts(look, class_id, desk.unseal)
            except NotFound:
                abort(404)
        body = json.dumps(facts | {"licence": licence()}, ensure_ascii=False, indent=1)
        return file_of(body, "application/json", f"queue-{facts['class']}.json")

    @server.get(QUEUE_SCRIPT)
    def _queue_script() -> Response:
        return file_of(source(check_queue), "text/x-python", "check_queue.py")
