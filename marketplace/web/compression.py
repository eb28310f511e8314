"""Answers travel compressed where their length gives nothing away.

The length of a compressed page tells whether words that somebody smuggled into it resemble a secret
in it (the attack known as BREACH). So only what nobody's session has a part in is compressed:
static files, and pages and data for visitors of whom nothing but the language is known.
"""

import gzip
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, g, request, session
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from marketplace.web.api_problems import is_api_request

_WORTH_IT = 1000
_QUICKLY, _THOROUGHLY = 5, 9
_TEXTS = frozenset(
    {
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


def init_app(app: Flask) -> None:
    """Compress what may be; the last to see an answer, so that all others see it as it is."""
    folder = str(app.static_folder)

    @app.before_request
    def _note() -> None:
        if request.endpoint != "static":
            g.came_as_nobody = _of_nobody()

    @app.after_request
    def _compress(response: Response) -> Response:
        static = request.endpoint == "static"
        if not _may_be(response, static=static):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") <= 0:
            return response
        if static:
            response.close()
            _put(response, _packed_file(folder, (request.view_args or {})["filename"]))
        elif len(plain := response.get_data()) >= _WORTH_IT:
            _put(response, gzip.compress(plain, _QUICKLY, mtime=0))
        return response


def _of_nobody() -> bool:
    """True while the session knows nothing but a language; programs have a token instead."""
    return "Authorization" not in request.headers if is_api_request() else set(session) <= {"lang"}


def _may_be(response: Response, *, static: bool) -> bool:
    """Text, as a whole, in which no session has a part: neither at first nor since."""
    if response.status_code != 200 or response.mimetype not in _TEXTS:
        return False
    if static:
        return True
    whole = not response.is_streamed and "no-store" not in response.headers.get("Cache-Control", "")
    return whole and bool(g.get("came_as_nobody")) and _of_nobody()


def _packed_file(folder: str, name: str) -> bytes:
    path = str(safe_join(folder, name))
    state = os.stat(path)  # noqa: PTH116 - asked for each file of each visit
    return _packed(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _packed(path: str, _changed: int, _size: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), _THOROUGHLY, mtime=0)


def _put(response: Response, packed: bytes) -> None:
    """Send this instead; its mark says from now on that it is the same in meaning, not in bytes."""
    response.direct_passthrough = False
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    mark, _weak = response.get_etag()
    if mark:
        response.set_etag(mark, weak=True)
