"""The blueprint of assessments and the words its templates use."""

from decimal import Decimal

from flask import Blueprint

from marketplace.assessments.rules import shown
from marketplace.assessments.wording import assessment_tone, grade_tone
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id
from marketplace.web.context import language, reading_session

bp = Blueprint("assessments", __name__)
bp.add_app_template_filter(grade_tone, "grade_tone")


@bp.app_template_filter("score_number")
def score_number(value: Decimal | str) -> str:
    """Points and means with at most four decimals and no zeros that say nothing."""
    return shown(Decimal(value))


@bp.context_processor
def _words() -> dict[str, object]:
    return {"assessment_tone": assessment_tone, "region_path": region_path}


def region_path(code: str) -> str:
    """The name of a region with those it lies in."""
    return catalogue.regions(reading_session()).path(code, language()) if code else ""


def known_id(key: str) -> str:
    """A public id as an address carries it; anything else is no record."""
    if not is_public_id(key):
        raise NotFound
    return key
