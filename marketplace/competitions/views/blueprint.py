"""The blueprint of competitions, who may open which side, and the words of its templates."""

from flask import Blueprint

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import region_text
from marketplace.catalogue.wording import limit_text
from marketplace.competitions import wording
from marketplace.competitions.policy import STAFF
from marketplace.kernel.actors import Role
from marketplace.web.context import reading_session
from marketplace.web.guard import for_roles

bp = Blueprint("competitions", __name__)
staff = for_roles(*STAFF)
agents = for_roles(Role.INSTITUTION_AGENT)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "region_path": region_text,
        "item_of": item_of,
        "state_text": wording.state_text,
        "state_tone": wording.state_tone,
        "limit_text": limit_text,
    }


def item_of(code: str) -> catalogue.ItemRow:
    """A listed item as it is now."""
    return catalogue.item(reading_session(), code)
