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
from marketplace.web.context import current_actor, identity, language, request_time
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


def _asked() -> dict[str, str]:
    """What the address asks of how pages are shown."""
    asked = {what: request.args.get(what, "") for what in _DISPLAY}
    return {what: one for what, one in asked.items() if one in _DISPLAY[what]}


def _chosen(what: str) -> str:
    """How the reader wants to see pages: asked for in the address, kept for them, remembered."""
    kept = identity().display().get(what) or request.cookies.get(what, "")
    return _asked().get(what) or (kept if kept in _DISPLAY[what] else "")


def _remember_display(response: Response) -> Response:
    """Keep how somebody wants to see pages: with their account, else for a year in the browser."""
    asked = {} if is_api_request() else _asked()
    if asked and not _kept_for_person(asked):
        for what, one in asked.items():
            response.set_cookie(
                what,
                one,
                max_age=_A_YEAR,
                secure=request.is_secure,
                httponly=True,
                samesite="Lax",
            )
    return response


def _kept_for_person(asked: dict[str, str]) -> bool:
    """Whether the choice is kept with an account; what is kept already is not written again."""
    kept = identity().display()
    same = kept and all(kept.get(what) == one for what, one in asked.items())
    return bool(same) or identity().keep_display(asked)


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
