"""The public interface for programs: operations, their description, what they share.

A feature's `api` module makes an `ApiBlueprint` named `blp` and declares each operation in one
place: address, words, who may, what comes in and what goes out. The description at
`/api/v1/openapi.json` is made of the same declarations, so it cannot differ from them.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

from apispec import APISpec
from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema, ValidationError
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.wrappers import Response

from marketplace.kernel.json_text import MOST_BYTES, read_json
from marketplace.kernel.scopes import Scope
from marketplace.web import api_pages, api_problems, wording
from marketplace.web.api_bearers import caller, current_bearer, require_scope
from marketplace.web.api_fields import Money, NoParameters, Rate
from marketplace.web.api_once import KeyHeader
from marketplace.web.api_problems import MEDIA_TYPE, TITLES, InvalidRequest
from marketplace.web.limits import limiter

PREFIX = "/api/v1"
VERSION = "1.0.0"
_PUBLIC_AGE = 60
_ALWAYS = (400, 401, 422, 429, 500, 503)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["location", "name", "message"],
                "properties": {
                    "location": {"type": "string"},
                    "name": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_PROBLEMS = {
    400: "NotReadable",
    401: "TokenNeeded",
    403: "NotAllowed",
    404: "NothingHere",
    409: "NotNow",
    413: "TooLarge",
    415: "NotJson",
    422: "NotValid",
    429: "TooOften",
    500: "Broken",
    503: "NoRoom",
}


class StrictParser(FlaskParser):
    """Reads parameters and bodies; whatever the description does not name is a fault."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }

    def _raw_load_json(self, req: Any) -> Any:
        if not req.is_json:
            raise UnsupportedMediaType
        if (req.content_length or 0) > MOST_BYTES:
            raise RequestEntityTooLarge
        data = req.get_data(cache=True)
        if len(data) > MOST_BYTES:
            raise RequestEntityTooLarge
        try:
            return read_json(data) if data else missing
        except ValueError:
            raise BadRequest from None

    def handle_error(self, error: ValidationError, *_args: Any, **_more: Any) -> NoReturn:
        """Turn the library's nested messages into a flat list of faults."""
        found = error.normalized_messages()  # type: ignore[no-untyped-call]
        raise InvalidRequest(list(_faults(found)))


def _faults(messages: Mapping[str, Any], *, location: str = "", name: str = "") -> Any:
    for key, found in messages.items():
        inside = {"location": location, "name": f"{name}.{key}".strip(".")}
        if not location:
            yield from _faults(found, location="body" if key == "json" else key)
        elif isinstance(found, Mapping):
            yield from _faults(found, **inside)
        else:
            yield from ({**inside, "message": _(str(message))} for message in found)


class ApiBlueprint(Blueprint):
    """The operations of one feature."""

    ARGUMENTS_PARSER = StrictParser()
    PAGINATION_HEADER_NAME = None

    def __init__(self, name: str, import_name: str, *, tag: str) -> None:
        super().__init__(name, import_name)
        self.tag = tag
        self.after_request(_may_be_kept)

    def operation(
        self,
        rule: str,
        *,
        method: str = "GET",
        summary: str,
        description: str = "",
        scope: Scope | None = None,
        takes: type[Schema] = NoParameters,
        body: type[Schema] | None = None,
        gives: type[Schema],
        status: int = 200,
        problems: tuple[int, ...] = (),
        keyed: bool = False,
        address: Mapping[str, tuple[str, str]] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare an operation; the view gets what `takes`, `body` and `keyed` read.

        Without a scope it is open to everybody. `address` gives each part of the address its
        pattern and what it means; `problems` are the statuses beside those of every operation.
        A `keyed` one creates something and needs a key, by which it happens once.
        """

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            wrapped = self.response(status, gives)(view)
            if keyed:
                wrapped = self.arguments(KeyHeader, location="headers")(wrapped)
            if body is not None:
                wrapped = self.arguments(body, location="json")(wrapped)
            wrapped = self.arguments(takes, location="query")(wrapped)
            described = _described(view.__name__, scope, problems)
            wrapped = self.doc(summary=summary, description=description, **described)(wrapped)
            wrapped = limiter.shared_limit(
                _rate, scope="api", key_func=caller, exempt_when=lambda: not _rate()
            )(_permitted(wrapped, scope))
            parameters = _path_parameters(address or {})
            add = self.route(rule, methods=[method], parameters=parameters, tags=[self.tag])
            routed: Callable[..., Any] = add(wrapped)
            return routed

        return declare


def _described(name: str, scope: Scope | None, problems: tuple[int, ...]) -> dict[str, Any]:
    """What the description says of an operation beside its words, parameters and answer."""
    known = sorted({*_ALWAYS, *problems, *((403,) if scope else ())})
    described: dict[str, Any] = {
        "operationId": name,
        "security": [{"token": []}] if scope else [{}, {"token": []}],
        "responses": {
            str(code): {"$ref": f"#/components/responses/{_PROBLEMS[code]}"} for code in known
        },
    }
    return described | ({"x-scope": str(scope)} if scope else {})


def _permitted(view: Callable[..., Any], scope: Scope | None) -> Callable[..., Any]:
    """The token is looked at before what was sent."""

    @wraps(view)
    def permitted(*args: Any, **kwargs: Any) -> Any:
        if scope is not None:
            require_scope(scope)
        return view(*args, **kwargs)

    return permitted


def _rate() -> str:
    """How often one caller may ask; an empty text where something in front counts."""
    rate: str = current_app.extensions["settings"].api_rate
    return rate


def _path_parameters(address: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {
            "in": "path",
            "name": name,
            "required": True,
            "description": meaning,
            "schema": {"type": "string", "pattern": pattern},
        }
        for name, (pattern, meaning) in address.items()
    ]


def _may_be_kept(response: Response) -> Response:
    """Answers to everybody may be kept a minute and asked for again by their mark."""
    response.vary.update(("Accept-Language", "Authorization"))
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    response.add_etag()
    if current_bearer() is None:
        response.cache_control.public, response.cache_control.max_age = True, _PUBLIC_AGE
    else:
        response.cache_control.private, response.cache_control.no_cache = True, True
    return response.make_conditional(request.environ)


class Rest(SmorestApi):
    """The interface of one application; errors stay with `web.errors`."""

    def _register_error_handlers(self) -> None:
        """The site's own handlers answer, as pages or as problems."""

    def _register_doc_blueprint(self) -> None:
        """The description and its page are `web.api_pages`."""


def init_app(app: Flask) -> Rest:
    """The interface that features' blueprints are registered with."""
    app.config.update(API_TITLE="Intermediary market", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    rest = Rest(app)
    rest.register_field(Money, "string", None)
    rest.register_field(Rate, "string", None)
    _describe(rest.spec)
    app.extensions["rest"] = rest
    wording.register(api_problems)
    app.register_blueprint(api_pages.bp)
    return rest


def register(app: Flask, blp: ApiBlueprint) -> None:
    """Add a feature's operations under the prefix; a token stands in for form tokens."""
    app.extensions["csrf"].exempt(blp)
    app.extensions["rest"].register_blueprint(blp, url_prefix=PREFIX)


def _describe(spec: APISpec) -> None:
    spec.options["servers"] = [{"url": "/"}]
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", PROBLEM)
    for status, name in _PROBLEMS.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        spec.components.response(name, {"description": TITLES[status], "content": content})
