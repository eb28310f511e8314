"""The blueprint of vetting and the words its templates use."""

from flask import Blueprint

from marketplace.catalogue.forms import region_text
from marketplace.catalogue.wording import limit_text, need_text
from marketplace.vetting import wording
from marketplace.vetting.views import presenting
from marketplace.web.context import language

bp = Blueprint("vetting", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "region_path": region_text,
        "state_text": wording.state_text,
        "state_tone": wording.state_tone,
        "owes_text": wording.owes_text,
        "point_text": wording.point_text,
        "hint_text": wording.hint_text,
        "limit_text": limit_text,
        "need_text": need_text,
        "document_title": presenting.document_title,
        "day_or_none": presenting.day_or_none,
        "lang": language(),
    }
