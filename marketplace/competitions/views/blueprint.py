"""The blueprint of competitions, who may open which side, and the words of its templates."""

from flask import Blueprint

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import region_text
from marketplace.catalogue.wording import limit_text
from marketplace.clocks.rules import TimeLeft
from marketplace.competitions import wording
from marketplace.competitions.policy import STAFF
from marketplace.competitions.queries import reading, rows
from marketplace.kernel.actors import Role
from marketplace.web.context import reading_session, request_time
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
        "time_to_sign_up": time_to_sign_up,
        "sign_up_text": wording.sign_up_text,
    }


def item_of(code: str) -> catalogue.ItemRow:
    """A listed item as it is now."""
    return catalogue.item(reading_session(), code)


def time_to_sign_up(row: rows.CompetitionRow | rows.MyBid) -> TimeLeft | None:
    """How long one can still sign up; None once that is over."""
    return reading.time_to_sign_up(reading_session(), row, request_time())
