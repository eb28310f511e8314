"""The blueprint of complaints and the words its templates use."""

from flask import Blueprint

from marketplace.complaints.wording import complaint_tone
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id

bp = Blueprint("complaints", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"complaint_tone": complaint_tone}


def known_id(key: str) -> str:
    """The key, if it can be one of ours; else there is no such record."""
    if not is_public_id(key):
        raise NotFound
    return key
