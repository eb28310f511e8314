"""What the frame of every page shows: who I am, notices, language, banners."""

from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, has_request_context, request, session, url_for
from werkzeug.routing import BuildError

from marketplace.infra.clock import offset, real_now
from marketplace.infra.database import db
from marketplace.kernel.actors import Actor
from marketplace.web.api_problems import is_api_request
from marketplace.web.context import current_actor, language, request_time
from marketplace.web.filters import same_list

LANGUAGES = {"zh": "zh_Hans_CN", "en": "en"}
THEMES = ("light", "contrast", "dark")
PRINTS = ("normal", "large")

_A_YEAR = 366 * 24 * 60 * 60
_DISPLAY = {"theme": THEMES, "print": PRINTS}


class FrameSource(Protocol):
    """What the frame asks of the features; `app` wires it."""

    def person(self, actor: Actor) -> dict[str, Any]:
        """`user_name`, `organisation_name`, `memberships` of a signed-in actor."""
        ...

    def unread(self, actor: Actor) -> int:
        """How many notifications are unread."""
        ...


class _Frame:
    """Read by `base.html`; each value is computed when first asked for."""

    def __init__(self) -> None:
        actor = current_actor()
        source: FrameSource | None = current_app.extensions.get("frame")
        person = source.person(actor) if source and actor.signed_in else {}
        self.signed_in = actor.signed_in
        self.actor = actor
        self.user_name = person.get("user_name", "")
        self.organisation_name = person.get("organisation_name", "")
        self.memberships = person.get("memberships", [])
        self.unread = source.unread(actor) if source and actor.signed_in else 0
        self.locale = language()
        self.theme = _chosen("theme")
        self.large_print = _chosen("print") == "large"
        self.html_lang = "en" if self.locale == "en" else "zh-CN"
        self.csp_nonce = g.get("csp_nonce", "")
        settings = current_app.extensions["settings"]
        self.demo_banner = settings.is_demo
        self.site_host = urlsplit(settings.base_url).hostname if settings.is_production else None
        self.clock_banner = None
        if not settings.is_production and offset(db.session()):
            self.clock_banner = request_time()
        # Without a moved clock this asks nothing of the database, which may be what has failed.
        self.now = self.clock_banner or real_now()


def link(endpoint: str, **values: Any) -> str:
    """The address of an endpoint, or an empty text where it does not exist."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return ""


def choose_locale() -> str:
    """The locale: `?lang=`, else the one remembered; Chinese by default and without a request."""
    if not has_request_context():
        return LANGUAGES["zh"]
    if is_api_request():
        return LANGUAGES[request.accept_languages.best_match(LANGUAGES, "zh")]
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return LANGUAGES[asked]
    return LANGUAGES.get(session.get("lang", "zh"), LANGUAGES["zh"])


def _remember_language() -> None:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES and not is_api_request() and session.get("lang") != asked:
        session["lang"] = asked


def _chosen(what: str) -> str:
    """How the reader wants to see pages: asked for in the address, else as remembered."""
    asked = request.args.get(what, "")
    kept = asked if asked in _DISPLAY[what] else request.cookies.get(what, "")
    return kept if kept in _DISPLAY[what] else ""


def _remember_display(response: Response) -> Response:
    """Keep for a year how somebody wants to see pages, signed in or not."""
    for what, possible in _DISPLAY.items():
        asked = request.args.get(what, "")
        if asked in possible and not is_api_request() and request.cookies.get(what) != asked:
            response.set_cookie(
                what,
                asked,
                max_age=_A_YEAR,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
    return response


def init_app(app: Flask) -> None:
    """Give every template the frame and the address helpers."""

    def context() -> dict[str, Callable[..., Any] | Any]:
        return {"frame": _frame(), "link": link}

    app.context_processor(context)
    # Only the demonstration tells codes.
    app.jinja_env.globals.update(link=link, same_list=same_list, code_shown=lambda: "")
    app.before_request(_remember_language)
    app.after_request(_remember_display)


def _frame() -> _Frame:
    if "frame" not in g:
        g.frame = _Frame()
    frame: _Frame = g.frame
    return frame
