"""Addresses of static files carry a stamp of their content, so that browsers may keep them."""

import hashlib
import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

_ONE_YEAR = 365 * 24 * 3600
_LENGTH = 10


def init_app(app: Flask) -> None:
    """Stamp every address of a static file; let what was asked for by its stamp be kept."""
    folder = str(app.static_folder)

    @app.url_defaults
    def _stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint != "static" or "v" in values:
            return
        stamp = stamp_of(folder, str(values.get("filename", "")))
        if stamp:
            values["v"] = stamp

    @app.after_request
    def _let_keep(response: Response) -> Response:
        known = request.endpoint == "static" and response.status_code in {200, 304}
        wanted = request.args.get("v", "")
        if known and wanted and wanted == stamp_of(folder, (request.view_args or {})["filename"]):
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = _ONE_YEAR
            response.cache_control.immutable = True
        return response


def stamp_of(folder: str, name: str) -> str:
    """The stamp of a file below the folder; empty where there is none."""
    path = safe_join(folder, name)
    if path is None:
        return ""
    try:
        state = os.stat(path)  # noqa: PTH116 - asked for each asset of each page
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(state.st_mode):
        return ""
    return _digest(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=512)
def _digest(path: str, _changed: int, _size: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:_LENGTH]
