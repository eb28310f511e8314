"""What the page of an engagement shows of the verdicts on its deliverables."""

from flask import Blueprint

from marketplace.engagements.queries.lists import EngagementRow
from marketplace.verdicts.queries import VerdictRow, verdicts_of
from marketplace.verdicts.wording import state_tone
from marketplace.web.context import reading_session

bp = Blueprint("verdicts", __name__)
bp.add_app_template_filter(state_tone, "verdict_tone")


@bp.app_template_global()
def verdicts_on(row: EngagementRow) -> tuple[VerdictRow, ...]:
    """The verdicts on the deliverables of a work, the newest on each version first."""
    return verdicts_of(reading_session(), row.id)
