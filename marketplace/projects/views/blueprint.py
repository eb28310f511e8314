"""The blueprint of projects and the words its templates use."""

from flask import Blueprint

from marketplace.catalogue import queries as catalogue
from marketplace.web.context import language, reading_session

bp = Blueprint("projects", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"region_path": region_path, "stage_names": stage_names}


def region_path(code: str) -> str:
    """The name of a region with those it lies in."""
    return catalogue.regions(reading_session()).path(code, language())


def stage_names() -> dict[str, str]:
    """What the stages are called on this page."""
    english = language() == "en"
    rows = catalogue.stages(reading_session())
    return {row.code: row.name_en if english else row.name for row in rows}
