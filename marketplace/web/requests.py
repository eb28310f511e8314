"""The number of every request and its lines in the logs.

A sane X-Request-ID from in front is kept, so that one number follows a request through the
proxy, the logs and the events; otherwise a new one is made. The line names the route, not the
address, for addresses may carry one-time codes. What leaves the house as a file, and what was
refused without an exception, has its line in the security log from here: no view can forget it.
"""

import time
import uuid

from flask import Flask, g, request
from werkzeug.wrappers import Response

from marketplace.infra import security_log
from marketplace.infra.logs import bind_request, get_logger, is_request_id, release_request
from marketplace.infra.security_log import Asking, Kind
from marketplace.kernel.identifiers import is_public_id
from marketplace.web.context import address_pattern
from marketplace.web.limits import visitor

_HEADER = "X-Request-ID"
# Faults of typing in a form or body; what is refused for a reason has its line of it already.
_NOT_VALID = 422
# What no page is made of, however it is sent.
_FILES = frozenset(
    {
        "application/pdf",
        "application/zip",
        "text/csv",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
log = get_logger(__name__)


def init_app(app: Flask) -> None:
    """Number and log the requests of this application."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_release)


def _begin() -> None:
    asked = request.headers.get(_HEADER, "")
    g.request_id = asked if is_request_id(asked) else str(uuid.uuid4())
    g.request_began = time.perf_counter()
    bind_request(g.request_id)
    asking = Asking(g.request_id, visitor(), request.method, address_pattern())
    security_log.begin_request(asking)


def _end(response: Response) -> Response:
    began = g.get("request_began")
    if began is None:
        return response
    response.headers[_HEADER] = g.request_id
    _note(response)
    if request.endpoint != "static":
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )
    return response


def _release(_error: BaseException | None) -> None:
    release_request()
    security_log.end_request()


def _note(response: Response) -> None:
    """What leaves as a file, and the refusal of an address that exists."""
    if request.endpoint in {None, "static"}:
        return
    endpoint, status = str(request.endpoint), response.status_code
    if status == 200 and is_export(response):
        named = [value for value in (request.view_args or {}).values() if is_public_id(str(value))]
        facts = {"record": named, "bytes": response.content_length}
        security_log.note(Kind.EXPORT, endpoint, facts)
    elif 400 <= status < 500 and status != _NOT_VALID and not security_log.was_refused():
        security_log.note(Kind.REFUSED, f"http.{status}")


def is_export(response: Response) -> bool:
    """Whether an answer is to be kept as a file, rather than read on the site."""
    disposition = response.headers.get("Content-Disposition", "")
    return disposition.startswith("attachment") or response.mimetype in _FILES
