"""The blueprint of engagements and the words its templates use."""

from flask import Blueprint

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.engagements import wording
from marketplace.web.context import language, reading_session

bp = Blueprint("engagements", __name__)


def _region_path(code: str) -> str:
    """The name of a region with those it lies in."""
    return catalogue.regions(reading_session()).path(code, language())


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "engagement_tone": wording.state_tone,
        "engagement_owes": wording.owes_text,
        "engagement_item": wording.item_text,
        "engagement_limit": wording.limit_words,
        "limit_text": limit_text,
        "region_path": _region_path,
        "lang": language(),
    }
