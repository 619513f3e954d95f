"""Papers go in by a multipart route and out as attachments; they lie outside the web root."""

import re
import secrets
from functools import partial
from hashlib import sha256
from typing import Any

from flask import Flask, abort, redirect, request, send_file

from callbacks.desk import Desk
from pages.components.upload import LIMIT_MB
from portal.web.rendering import with_query
from services.kernel.actor import Role
from services.kernel.errors import DomainError, NotFound
from services.registration.lookup import registration_of_case
from services.supplements import add, open_file

LARGEST = LIMIT_MB * 1024 * 1024  # bytes
KINDS = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
SANDBOX = "default-src 'none'; sandbox"


def kind_of(data: bytes) -> str | None:
    """Tell the kind of a file by its content, never by its name."""
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return "pdf"
    if data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in data[-16:]:
        return "png"
    return None


def upload_routes(server: Flask, desk: Desk) -> None:
    """Hang the routes that take and give papers."""

    @server.post("/supplements/<int:case_id>")
    def _take(case_id: int) -> Any:
        actor = desk.actor()
        if actor.role is not Role.SEAFARER:
            abort(401 if actor.role is Role.VISITOR else 403)
        with desk.office.look(actor) as look:
            try:
                page = f"/registrations/{registration_of_case(look, case_id)}"
            except NotFound:
                abort(404)
        file = request.files.get("paper")
        data = file.stream.read(LARGEST + 1) if file else b""
        if file:
            file.close()  # a large one lies in a temporary file
        kind = kind_of(data)
        if not data or len(data) > LARGEST or kind is None:
            told = "paper_too_large" if len(data) > LARGEST else "paper_not_readable"
            chosen = file is not None and file.filename
            return redirect(with_query(page, told=told if chosen else "paper_missing"), 303)
        stored = f"{secrets.token_hex(20)}.{kind}"
        desk.uploads.mkdir(parents=True, exist_ok=True)
        path = desk.uploads / stored
        path.write_bytes(data)
        try:
            adding = partial(
                add,
                case_id=case_id,
                stored=stored,
                kind=kind,
                size=len(data),
                sha256=sha256(data).hexdigest(),
                given_name=_plain(file.filename if file else None, kind),
            )
            desk.office.do(actor, adding)
        except DomainError as refusal:
            path.unlink(missing_ok=True)  # kept only together with its row
            return redirect(with_query(page, told=refusal.code.replace(".", "_")), 303)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return redirect(with_query(page, told="uploaded"), 303)

    @server.get("/supplements/file/<int:supplement_id>")
    def _give(supplement_id: int) -> Any:
        with desk.office.look(desk.actor()) as look:
            try:
                paper = open_file(look, supplement_id)
            except NotFound:
                abort(404)
        path = desk.uploads / paper.stored
        if not path.is_file():
            abort(404)
        inline = paper.kind in ("jpeg", "png") and request.args.get("inline") == "1"
        answer = send_file(
            path,
            mimetype=KINDS[paper.kind],
            as_attachment=not inline,
            download_name=paper.given_name,
        )
        answer.headers["Content-Security-Policy"] = SANDBOX
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _plain(name: str | None, kind: str) -> str:
    """Give a harmless name for display and download; the stored name is ours."""
    kept = re.sub(r"[^\w.()\- ]", "", (name or "").replace("\\", "/").rsplit("/", 1)[-1])[:100]
    return kept.strip(". ") or f"paper.{kind}"
