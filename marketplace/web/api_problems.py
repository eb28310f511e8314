"""Errors of the public interface as problems (RFC 9457), each with a stable code and its words."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import current_app, g, jsonify, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from marketplace.infra.room import is_full
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.api_fields import N_
from marketplace.web.wording import refusal_text

MEDIA_TYPE = "application/problem+json"

DOCS = "/api/docs"

_RETRY_SECONDS = 60


# Refusals that are about who asks or how, not about the state of a record.
_STATUS = {
    "request.sign_in": 401,
    "api.token_unknown": 401,
    "api.scope_missing": 403,
    "account.no_membership": 403,
    "account.not_your_role": 403,
    "account.provisional": 403,
    "api.page_unknown": 404,
    "request.key_reused": 422,
    "request.unencrypted": 403,
}

_HTTP_CODES = {
    400: "api.not_readable",
    404: "api.not_found",
    405: "api.method",
    413: "api.too_large",
    415: "api.not_json",
    429: "api.too_often",
    500: "api.broken",
}

TITLES = {
    400: N_("The request cannot be read"),
    401: N_("A valid token is needed"),
    403: N_("The token or its member may not do this"),
    404: N_("There is nothing at this address"),
    405: N_("The address has no such method"),
    409: N_("This cannot be done now"),
    413: N_("The request is too large"),
    415: N_("The body is not JSON"),
    422: N_("The request does not make sense"),
    429: N_("Too many requests"),
    500: N_("Something went wrong on our side"),
    503: N_("Nothing can be saved at present"),
}


class InvalidRequest(Exception):
    """Parameters or body do not keep to the description; one error for each fault."""

    def __init__(self, faults: Sequence[Mapping[str, str]]) -> None:
        super().__init__("invalid request")
        self.faults = faults


def is_api_request() -> bool:
    """Whether the request is one of a program; the page about the interface is for people."""
    return request.path.startswith("/api/") and request.path != DOCS


def problem_of(error: Exception) -> Response:
    """The problem that an exception means."""
    if isinstance(error, InvalidRequest):
        return problem(422, "api.not_valid", errors=list(error.faults))
    if isinstance(error, NotFound):
        return problem(404, "api.not_found")
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, HTTPException):
        return _http(error)
    if is_full(error):
        current_app.logger.error("no room on the disk")
        return problem(503, "api.no_room")
    current_app.logger.error("request failed", exc_info=error)
    return problem(500, "api.broken")


def problem(status: int, code: str, *, detail: str = "", **more: Any) -> Response:
    """A problem document; `more` are further members."""
    body = {
        "type": f"{request.host_url.rstrip('/')}{DOCS}#{code}",
        "title": gettext(TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "code": code,
        "detail": detail or refusal_text(code),
        "request_id": g.get("request_id", ""),
        **more,
    }
    response = jsonify(body)
    response.status_code, response.content_type = status, MEDIA_TYPE
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status in {429, 503}:
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _refused(refusal: Refused) -> Response:
    status = _STATUS.get(refusal.code, 409)
    words = refusal_text(refusal)
    if refusal.field:
        fault = {"location": "body", "name": refusal.field, "message": words}
        return problem(status, refusal.code, detail=words, errors=[fault])
    return problem(status, refusal.code, detail=words)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    answer = problem(status, _HTTP_CODES.get(status, "api.not_readable"))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


REFUSALS = {
    "api.not_readable": _("The request cannot be read. Check how it is written."),
    "api.token_unknown": _("This token is unknown, revoked or expired. Make a new one."),
    "api.scope_missing": _("The token does not allow this: %(scope)s."),
    "api.not_found": _("There is nothing at this address that the token may see."),
    "api.page_unknown": _(
        "This cursor belongs to another question. Ask for the first page without a cursor."
    ),
    "api.no_room": _("The disk of the platform is full. Nothing was changed; send it again later."),
    "api.method": _(
        "This address does not know the method; the header “Allow” names those it knows."
    ),
    "api.too_large": _("The request is too large."),
    "api.not_json": _("Send the body as JSON with the content type “application/json”."),
    "api.not_valid": _("Parameters or body do not keep to the description; “errors” names each."),
    "api.too_often": _("Too many requests in a minute. Wait as long as “Retry-After” says."),
    "api.broken": _("Something went wrong on our side. It has been recorded."),
}
