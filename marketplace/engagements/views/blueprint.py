"""The blueprint of engagements, the words its templates use, and what each of its pages asks."""

from datetime import date

from flask import Blueprint
from flask_babel import gettext as _

from marketplace.catalogue.forms import region_text
from marketplace.catalogue.wording import limit_text
from marketplace.engagements import policy, wording
from marketplace.engagements.queries import page
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.queries.page import EngagementPage
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.web.context import current_actor, language, reading_session, request_time

bp = Blueprint("engagements", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "engagement_tone": wording.state_tone,
        "engagement_owes": wording.owes_text,
        "engagement_turn": wording.turn_text,
        "engagement_item": wording.item_text,
        "engagement_limit": wording.limit_words,
        "limit_note": wording.limit_note,
        "limit_text": limit_text,
        "region_path": region_text,
        "lang": language(),
    }


def today() -> date:
    """The Shanghai day of the request."""
    return local_date(request_time())


def own_organisation() -> int:
    """The organisation the actor acts for."""
    found = current_actor().organisation_id
    if found is None:
        raise NotFound
    return found


def load(engagement_id: str) -> EngagementPage:
    """The engagement as its page shows it; to outsiders it does not exist."""
    loaded = page.page(reading_session(), engagement_id, today())
    if not policy.may_see(current_actor(), loaded.standing):
        raise NotFound
    return loaded


def facts(row: EngagementRow) -> list[dict[str, str]]:
    """What an act is about."""
    return [
        {"label": _("Engagement"), "value": row.number},
        {"label": _("Project"), "value": row.project_name},
        {"label": _("Item"), "value": wording.item_text(row)},
        {"label": _("Limit"), "value": wording.limit_words(row), "note": wording.limit_note(row)},
        {"label": _("Client"), "value": row.client_name},
        {"label": _("Institution"), "value": row.provider_name},
    ]
