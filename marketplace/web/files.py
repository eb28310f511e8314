"""Files as people meet them: a viewer page, the pages as pictures, the file to keep."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from marketplace.infra import security_log
from marketplace.infra.blobs import BlobMissing
from marketplace.infra.crypto import SealBroken
from marketplace.infra.file_pages import PageNotDrawn, page_picture
from marketplace.infra.files import FileRow, content, find_file, may_read_file
from marketplace.infra.logs import get_logger
from marketplace.infra.media_types import CALLED
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor, reading_session

bp = Blueprint("files", __name__, url_prefix="/files")

SHOWN_PAGES = 50
_SANDBOX = "sandbox; default-src 'none'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_BRIEFLY = "private, max-age=3600"
_NEVER = "private, no-store"

log = get_logger(__name__)


def _readable(file_id: str) -> FileRow:
    """The file if the asker may read it; else sign-in for visitors and 404 for members."""
    session, actor = reading_session(), current_actor()
    try:
        row = find_file(session, file_id)
        if may_read_file(actor, session, row):
            return row
    except NotFound:
        pass
    if not actor.signed_in:
        raise Refused("request.sign_in")
    raise NotFound


def _opened(row: FileRow, read: Callable[[FileRow], bytes]) -> bytes:
    """What is read of a file; refuses `file.not_opened` where its key or its content is gone."""
    try:
        return read(row)
    except (SealBroken, BlobMissing) as error:
        security_log.ended_by(error)
        log.exception("files.not_opened", file=row.public_id)
        raise Refused("file.not_opened") from error


@bp.get("/<file_id>")
def show(file_id: str) -> ResponseReturnValue:
    """The document in our own viewer."""
    row = _readable(file_id)
    pages = [
        url_for(".page", file_id=row.public_id, number=number)
        for number in range(1, min(row.pages, SHOWN_PAGES) + 1)
    ]
    return render_template(
        "files/show.html",
        file=row,
        pages=pages,
        kind=CALLED[row.media_type],
        size=_size(row.size),
        # The name of a personal paper says nothing of it, and its digest is for nobody to compare.
        digest="" if row.personal else row.sha256,
    )


@bp.get("/<file_id>/download")
def download(file_id: str) -> ResponseReturnValue:
    """The file as it was uploaded, to be saved and never run by the browser."""
    row = _readable(file_id)
    response = Response(_opened(row, content), mimetype=row.media_type)
    ascii_name = row.name.encode("ascii", "ignore").decode("ascii").strip(" .") or "file"
    response.headers["Content-Disposition"] = dump_options_header(
        "attachment", {"filename": ascii_name, "filename*": f"UTF-8''{quote(row.name, safe='')}"}
    )
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = _NEVER
    return response


@bp.get("/<file_id>/pages/<int:number>.png")
def page(file_id: str, number: int) -> ResponseReturnValue:
    """One page as a picture."""
    try:
        row = _readable(file_id)
        picture = _opened(row, lambda file: page_picture(file, number))
    except PageNotDrawn:
        raise NotFound from None
    response = Response(picture, mimetype="image/png")
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["Cache-Control"] = _NEVER if row.personal else _BRIEFLY
    return response


def _size(count: int) -> str:
    """A size as people read it: `1.2 MB` or `340 KB`."""
    if count >= 1024 * 1024:
        return f"{count / (1024 * 1024):.1f} MB"
    return f"{max(1, round(count / 1024))} KB"
