"""Build the web application: hang the rooms, tie the hands, close the gate."""

from functools import lru_cache, partial
from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from callbacks.desk import Desk
from callbacks.directory import HANDS
from callbacks.guard import EVERYBODY, Registrar
from pages.directory import ROOMS
from pages.frame import CONTENT, GO, frame
from portal.front_end import ASSETS
from portal.settings import Settings
from portal.visitor import locale_of_request, theme_of_request
from portal.web.along import along, data_of, first_page, page_at, script_of
from portal.web.calendars import calendar_routes
from portal.web.checkpoints import checkpoint_routes
from portal.web.components import plain, quicken
from portal.web.compress import compress
from portal.web.draws import draw_routes
from portal.web.exports import export_routes
from portal.web.gate import assert_all_guarded, gate
from portal.web.headers import headers
from portal.web.open_data import open_data_routes
from portal.web.refusals import refusals
from portal.web.rendering import render
from portal.web.reports import report_routes
from portal.web.routes import routes
from portal.web.uploads import upload_routes
from services.kernel.actor import Actor, Role
from services.registration.inbox import unread
from services.words import Words, words_for

INDEX = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{theme}">
<head>{metas}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="/assets/favicon.ico">{css}</head>
<body><div id="react-entry-point"><p class="waiting" role="status">{waiting}</p></div>
<noscript><p class="waiting">{noscript}</p></noscript>
<div id="react-entry-footer">{config}{along}{scripts}{renderer}</div></body>
</html>"""


class Key(IntegerConverter):
    """The key of a row in an address: what no database could look for is not found."""

    def __init__(self, of: Any, **rest: Any) -> None:
        super().__init__(of, max=2**31 - 1, **rest)


def build(desk: Desk, settings: Settings) -> Dash:
    """Build the application; nothing is served that has no policy."""
    quicken()
    server = Flask("portal", static_folder=None)  # assets are served by Dash
    server.url_map.converters["int"] = Key
    server.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=6 * 1024 * 1024,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="__Host-portal" if settings.secure_cookies else "portal",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    compress(server)  # runs last: it sees the finished body
    app = Dash(
        "portal",
        server=server,  # type: ignore[arg-type]  # Dash takes a Flask as well
        assets_folder=str(ASSETS),
        assets_ignore=r".*\.json$|^00-bootstrap|^plotly",
        external_stylesheets=["/assets/vendor/00-bootstrap.min.css"],  # before our own
        update_title=None,  # type: ignore[arg-type]  # None leaves the title alone
        suppress_callback_exceptions=True,
        csrf_token_name="_csrf_token",  # noqa: S106  the cookie's name
        csrf_header_name="X-CSRFToken",
        enable_mcp=False,
        title="船員訓練報名平臺",
    )
    app.interpolate_index = partial(_index, app, desk)  # type: ignore[method-assign]
    app.layout = lambda: _shell(desk)
    _tie(app, desk)
    along(server, app)
    headers(server, settings)
    refusals(server, desk)
    gate(app, desk.actor)
    routes(server, desk, settings)
    upload_routes(server, desk)
    calendar_routes(server, desk, settings)
    export_routes(server, desk, settings)
    open_data_routes(server, desk, settings)
    draw_routes(server, desk)
    checkpoint_routes(server, desk)
    report_routes(server, desk, settings)
    assert_all_guarded(app)
    return app


def _tie(app: Dash, desk: Desk) -> None:
    registrar = Registrar(app, desk.actor, lambda address: page_at(desk, address))
    where = [Input(GO, "pathname"), Input(GO, "search")]

    @registrar.callback([Output(CONTENT, "children")], where, allow=EVERYBODY, at_load=True)
    def _route(pathname: Any, search: Any) -> list[Any]:
        path, query = (text if isinstance(text, str) else "" for text in (pathname, search))
        return [plain(render(desk, ROOMS, path or "/", query))]

    for hand in HANDS:
        hand.register(registrar, desk)


def _shell(desk: Desk) -> Any:
    """Give what stands around every page, in the reader's language; the page is asked for."""
    return _around(desk.words(), desk.actor(), theme_of_request(), _unread(desk), None)


def _around(words: Words, actor: Actor, theme: str, count: int, page: Any) -> Any:
    rooms = [room for room in ROOMS if room.in_menu_of(actor.role)]
    place = html.Div(page, id=CONTENT)
    return html.Div(
        [
            dcc.Location(id=GO, refresh="callback-nav"),
            frame(words, actor, theme, rooms, count, place),
        ]
    )


def _unread(desk: Desk) -> int:
    actor = desk.actor()
    if actor.person_id is None:
        return 0
    with desk.office.glance(actor) as look:
        return unread(look, actor.person_id)


NAME, PAGE = "\0name", "\0page"  # gaps: no text of ours carries a NUL


@lru_cache(maxsize=256)
def _written(locale: str, role: Role, theme: str, count: int) -> str:
    """Write what stands around every page once for all its readers; name and page are gaps."""
    return data_of(_around(words_for(locale), Actor(role, name=NAME), theme, count, PAGE))


def _layout(desk: Desk) -> str:
    """Write layout and page of the present request."""
    actor, locale = desk.actor(), locale_of_request()
    around = _written(locale, actor.role, theme_of_request(), _unread(desk))
    named = around.replace(data_of(NAME), data_of(actor.name))
    return named.replace(data_of(PAGE), data_of(first_page(desk)))


def _index(app: Dash, desk: Desk, **parts: str) -> str:
    """Write the first HTML: what stands there until the page is drawn, and the page itself."""
    words = words_for(locale_of_request())
    return INDEX.format(
        lang=words.locale,
        theme=theme_of_request(),
        metas=parts["metas"],
        title=parts["title"],
        css=parts["css"],
        waiting=words("Loading"),
        noscript=words(
            "This portal needs JavaScript. Please switch it on, or call 02-0000-0000 to register."
        ),
        config=parts["config"],
        along=script_of(app, _layout(desk)),
        scripts=parts["scripts"],
        renderer=parts["renderer"],
    )
