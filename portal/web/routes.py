"""Plain routes: log-in, log-out, language, theme, health, the plotly bundle."""

from typing import Any

from flask import Flask, g, redirect, request, send_file, session

from callbacks.desk import Desk
from pages.account import PASSWORD_REFUSALS
from portal.front_end import ASSETS
from portal.migrate import is_current
from portal.settings import Settings
from portal.web.rendering import local, with_query
from portal.wiring import cookie_name, keys_for
from services.identity.accounts import Account, find_account, login_of
from services.identity.known_devices import KnownDevices
from services.identity.limiter import TooManyAttempts, may_try, note_failure
from services.identity.national_id import BadIdNumber, validate
from services.identity.sessions import ABSOLUTE, begin_session, end_session
from services.kernel.actor import STAFF
from services.kernel.errors import InvalidInput
from services.own_password import change_password
from services.words import LOCALES

YEAR = 365 * 24 * 3600
DEVICES = "known"  # the cookie of browsers that somebody has logged in with
PLOTLY = ASSETS / "vendor" / "plotly-cartesian.min.js"


def routes(server: Flask, desk: Desk, settings: Settings) -> None:
    """Hang the plain routes."""
    _doors(server, desk, settings)
    _choices(server, settings)
    _health(server, desk)

    @server.before_request
    def _plotly() -> Any:
        """Serve the cartesian bundle in place of the full one: a third of the bytes."""
        full = request.path.startswith("/_dash-component-suites/plotly/package_data/plotly")
        if full and PLOTLY.exists():
            return send_file(PLOTLY, mimetype="application/javascript", max_age=YEAR)
        return None


def _doors(server: Flask, desk: Desk, settings: Settings) -> None:
    index = keys_for(settings).index
    cookie = cookie_name(settings)
    devices = KnownDevices(settings.secret_key.encode())

    @server.post("/auth/login")
    def _login() -> Any:
        typed = request.form.get("id_number", "")[:40]
        password = request.form.get("password", "")
        target = local(request.form.get("next"))
        session["typed"] = typed  # kept in the reader's own signed cookie, never in an address
        try:
            number = validate(typed)
        except BadIdNumber as error:
            return _again(error.code.rsplit(".", 1)[1], target)
        key = index.of(number)
        account = _known(desk, devices, key, password)
        if isinstance(account, dict):
            return _again(account.pop("told"), target, **account)
        if account.temporary:
            return redirect("/account?told=temporary", 303)
        return _let_in(desk, settings, devices, account, key, target)

    @server.post("/auth/password")
    def _password() -> Any:
        """Change the password: whoever gives the old one, logged in or not."""
        actor, old = desk.actor(), request.form.get("password", "")
        try:
            if actor.account_id is None:
                session["typed"] = request.form.get("id_number", "")[:40]
                key = index.of(validate(session["typed"]))
            else:
                with desk.office.look() as look:
                    key = login_of(look, actor.account_id)
        except BadIdNumber as error:
            return redirect(with_query("/account", told=error.code.rsplit(".", 1)[1]), 303)
        account = _known(desk, devices, key, old)
        if isinstance(account, dict):
            return redirect(with_query("/account", **account), 303)
        new = request.form.get("new", "")
        if new != request.form.get("again", ""):
            return redirect("/account?told=not_the_same", 303)
        try:
            change_password(desk.office, account, new)
        except InvalidInput as refused:
            sentence, _ = refused.problems["new"]
            return redirect(with_query("/account", told=PASSWORD_REFUSALS[sentence]), 303)
        return _let_in(desk, settings, devices, account, key, "/account?told=password_changed")

    @server.post("/logout")
    def _logout() -> Any:
        token = request.cookies.get(cookie)
        if token:
            with desk.office.open() as work:
                end_session(work, token)
        session.clear()
        g.pop("actor", None)
        answer = redirect("/?told=logged_out", 303)
        answer.headers["Clear-Site-Data"] = '"storage"'
        answer.delete_cookie(cookie, httponly=True, samesite="Lax", secure=settings.secure_cookies)
        return answer


def _known(desk: Desk, devices: KnownDevices, key: str, password: str) -> Account | dict[str, str]:
    """Find the account of an index and password; what to tell where there is none to let in."""
    address = request.remote_addr or ""
    known = devices.knows(request.cookies.get(DEVICES, ""), key)
    try:
        with desk.office.look() as look:
            may_try(look, key, address, known=known)
            account = find_account(look, key, password)
    except TooManyAttempts as refusal:
        return {"told": "too_many_attempts", "wait": str(refusal.facts["minutes"])}
    if account is None:
        with desk.office.open() as work:
            note_failure(work, key, address, known=known)
        return {"told": "wrong_login"}
    return account


def _let_in(
    desk: Desk, settings: Settings, devices: KnownDevices, account: Account, key: str, target: str
) -> Any:
    """Begin a session under a new token, and go on."""
    cookie = cookie_name(settings)
    with desk.office.open(account.actor) as work:
        old = request.cookies.get(cookie)
        if old:
            end_session(work, old)
        token = begin_session(work, account.id)
    session.clear()
    home = "/" if account.role not in STAFF else STAFF_HOME.get(account.role.value, "/")
    answer = redirect(target if target != "/" else home, 303)
    answer.set_cookie(
        cookie,
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.secure_cookies,
    )
    answer.set_cookie(
        DEVICES,
        devices.adding(request.cookies.get(DEVICES, ""), key),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.secure_cookies,
    )
    return answer


STAFF_HOME = {
    "institution": "/desk/review",
    "planner": "/fill-rate",
    "administrator": "/admin/accounts",
}


def _again(told: str, target: str, **more: str) -> Any:
    where = with_query("/login", told=told, **more)
    return redirect(where if target == "/" else with_query(where, next=target), 303)


def _choices(server: Flask, settings: Settings) -> None:
    def remember(name: str, value: str) -> Any:
        answer = redirect(local(request.args.get("next")), 303)
        answer.set_cookie(
            name, value, max_age=YEAR, samesite="Lax", secure=settings.secure_cookies, httponly=True
        )
        return answer

    @server.get("/lang/<code>")
    def _lang(code: str) -> Any:
        return remember("lang", code if code in LOCALES else LOCALES[0])

    @server.get("/theme/<name>")
    def _theme(name: str) -> Any:
        return remember("theme", "dark" if name == "dark" else "light")


def _health(server: Flask, desk: Desk) -> None:
    @server.get("/healthz")
    def _alive() -> Any:
        return {"alive": True}

    @server.get("/readyz")
    def _ready() -> Any:
        with desk.office.look() as look:
            current = is_current(look.connection)
        return {"ready": current}, 200 if current else 503
