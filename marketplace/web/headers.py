"""Security headers of every answer; scripts run only with the request's nonce."""

import secrets

from flask import Flask, g
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from marketplace.settings import Settings

_POLICY = (
    "default-src 'none'",
    "script-src 'self' 'nonce-{nonce}'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ONE_YEAR = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings) -> None:
    """Give every request a nonce and every answer its headers; trust one proxy if there is one."""
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=1, x_proto=1, x_host=1
        )

    @app.before_request
    def _nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(_POLICY).format(nonce=g.get("csp_nonce", ""))
        )
        if settings.is_production:
            response.headers.setdefault(
                "Strict-Transport-Security", f"max-age={_ONE_YEAR}; includeSubDomains"
            )
        _forbid_keeping(response)
        return response


def _forbid_keeping(response: Response) -> None:
    """Pages made for a signed-in person are kept by no cache, so "back" shows nobody else's."""
    actor = g.get("actor")
    if actor is not None and actor.signed_in and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
