"""Security headers on every answer, CSRF tokens, and the cookie that carries one to the pages."""

import re
from base64 import b64encode
from hashlib import sha256

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

from portal.settings import Settings

INLINE = re.compile(  # programs; what is only data needs no leave
    rb"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.S
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",  # card log-in needs its popup
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = (
    "default-src 'self'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self'; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def headers(server: Flask, settings: Settings) -> None:
    """Protect every form and callback, and mark every answer."""
    CSRFProtect(server)

    @server.after_request
    def _mark(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and not response.direct_passthrough
        if is_page and request.method == "GET" and _carries_the_portal(response):
            response.set_cookie(
                "_csrf_token",
                generate_csrf(),
                samesite="Lax",
                secure=settings.secure_cookies,
            )
        response.headers.setdefault("Content-Security-Policy", _policy(response, is_page))
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            hsts = "max-age=31536000; includeSubDomains"
            response.headers.setdefault("Strict-Transport-Security", hsts)
        if is_page or (
            request.path.startswith("/_dash-") and "component-suites" not in request.path
        ):
            response.headers["Cache-Control"] = "no-store"
        return response


def _carries_the_portal(response: Response) -> bool:
    """Tell pages that go on to call the server: found ones, and a mistyped address a person sees.

    A missing picture also answers 404 as a page; a token for it would race with the page's own.
    """
    asked = "text/html" in request.headers.get("Accept", "")
    return response.status_code == 200 or (response.status_code == 404 and asked)


def _policy(response: Response, is_page: bool) -> str:
    """Allow exactly the inline scripts that this very answer carries."""
    hashes = ""
    if is_page:
        for script in INLINE.findall(response.get_data()):
            digest = b64encode(sha256(script).digest()).decode()
            hashes += f" 'sha256-{digest}'"
    return POLICY.format(hashes=hashes)
