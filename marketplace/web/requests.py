"""The number and the log line of every request.

A sane X-Request-ID from in front is kept, so that one number follows a request through the
proxy, the logs and the events; otherwise a new one is made. The line names the route, not the
address, for addresses may carry one-time codes.
"""

import time
import uuid

from flask import Flask, g, request
from werkzeug.wrappers import Response

from marketplace.infra.logs import bind_request, get_logger, is_request_id, release_request

_HEADER = "X-Request-ID"
log = get_logger(__name__)


def init_app(app: Flask) -> None:
    """Number and log the requests of this application."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: release_request())


def _begin() -> None:
    asked = request.headers.get(_HEADER, "")
    g.request_id = asked if is_request_id(asked) else str(uuid.uuid4())
    g.request_began = time.perf_counter()
    bind_request(g.request_id)


def _end(response: Response) -> Response:
    began = g.get("request_began")
    if began is None:
        return response
    response.headers[_HEADER] = g.request_id
    if request.endpoint != "static":
        log.info(
            "request",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
        )
    return response
