"""The page of a contract's code: what both confirmed, and whether a PDF is the market's."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import make_response
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from marketplace.catalogue.wording import limit_text
from marketplace.contracts.forms import CheckForm
from marketplace.contracts.queries import reading
from marketplace.contracts.queries.prints import given_at
from marketplace.contracts.queries.reading import VersionRow
from marketplace.contracts.views.blueprint import bp
from marketplace.kernel.workdays import Limit, LimitUnit
from marketplace.web.context import reading_session
from marketplace.web.limits import limiter
from marketplace.web.submit import page


@dataclass(frozen=True)
class _Checked:
    """A file that was compared: its digest, and when the market gave it out; None for never."""

    sha256: str
    given_at: datetime | None


@bp.route("/verify/contract/<code>", methods=["GET", "POST"])
@limiter.limit("120 per hour", methods=["POST"])
def verify(code: str) -> ResponseReturnValue:
    """What the market keeps of the contract that this code stands on: for whoever has it."""
    row = reading.version_of_code(reading_session(), code)
    form = CheckForm()
    checked = _compared(row, form.file.data) if form.validate_on_submit() else None
    limit = limit_text(Limit(row.limit_days, LimitUnit(row.facts["limit"]["unit"])))
    shown = page("contracts/verify.html", row=row, limit=limit, form=form, checked=checked)
    answer = make_response(shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _compared(row: VersionRow, file: FileStorage) -> _Checked:
    """The file is read once, to its end; nothing of it is kept."""
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    return _Checked(digest, given_at(reading_session(), row.id, digest))
