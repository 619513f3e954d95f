"""Compress once: bundles are kept compressed in memory, pages and data on the way."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 700
TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")
BUNDLES = ("/_dash-component-suites/", "/assets/")


def compress(server: Flask) -> None:
    """Compress text answers for those who accept gzip; registered first, so it runs last."""

    @server.after_request
    def _compress(response: Response) -> Response:
        accepts = "gzip" in request.headers.get("Accept-Encoding", "")
        kind = response.mimetype or ""
        if not accepts or response.status_code != 200 or not kind.startswith(TEXT):
            return response
        if "Content-Encoding" in response.headers:
            return response
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < SMALLEST:
            return response
        fixed = request.path.startswith(BUNDLES)
        response.set_data(_kept(body) if fixed else gzip.compress(body, 5))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
        if fixed:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@lru_cache(maxsize=256)
def _kept(body: bytes) -> bytes:
    return gzip.compress(body, 9)
