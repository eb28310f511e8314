"""What came to the proxy without TLS: people are led to HTTPS, programs and forms are refused.

A program that writes `http://` by mistake would never notice if it were led on, and its token
would have travelled readable. What asks the web processes themselves (health checks of the
machine) comes without the proxy's header and is answered.
"""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from marketplace.kernel.errors import Refused
from marketplace.settings import Settings
from marketplace.web.api_problems import is_api_request


def init_app(app: Flask, settings: Settings) -> None:
    """Look at every request where a proxy in front of production ends TLS."""
    if not (settings.is_production and settings.behind_proxy):
        return

    @app.before_request
    def _ask_for_tls() -> ResponseReturnValue | None:
        if request.headers.get("X-Forwarded-Proto") is None or request.is_secure:
            return None
        if request.method in {"GET", "HEAD"} and not _is_for_programs():
            return redirect(settings.base_url + request.full_path.rstrip("?"), 301)
        raise Refused("request.unencrypted")


def _is_for_programs() -> bool:
    return is_api_request() or request.blueprint == "health"
