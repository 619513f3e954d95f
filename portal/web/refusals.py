"""What a plain route answers when it refuses: a short page in the reader's language."""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from callbacks.desk import Desk
from portal.visitor import locale_of_request
from services.words import mark

NO_SUCH = mark("We could not find this page")
SENTENCES = {
    401: mark("Please log in first"),
    403: mark("This page is not open to your account"),
    404: NO_SUCH,
    405: NO_SUCH,
    413: mark("The file is larger than 5 MB. Nothing was kept."),
    422: mark("The table has more than 20,000 rows. Take the CSV file."),
    500: mark("Something went wrong on our side"),
}
NOT_TAKEN = mark("The portal could not read what was sent. Nothing was changed.")
TOO_OLD = mark("The page is too old; load it again. Nothing was changed.")
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{text}</title></head>
<body><main><h1>{text}</h1><p><a href="{href}">{on}</a></p></main></body></html>"""


def refusals(server: Flask, desk: Desk) -> None:
    """Say what did not happen, whichever route refuses; callbacks get the status alone."""

    @server.errorhandler(HTTPException)
    def _refused(error: HTTPException) -> Response:
        code = error.code or 500
        if code < 400:
            return Response(status=code, headers=error.get_headers())
        if request.path.startswith("/_dash-"):
            return Response(status=code)
        words = desk.words()
        sentence = TOO_OLD if isinstance(error, CSRFError) else SENTENCES.get(code, NOT_TAKEN)
        text = escape(words(sentence))
        href, on = (
            ("/login", words("Log in")) if code == 401 else ("/", words("Back to the start page"))
        )
        body = PAGE.format(lang=locale_of_request(), text=text, href=href, on=escape(on))
        return Response(body, status=code, mimetype="text/html")
