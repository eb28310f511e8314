"""The blueprint of complaints and the words its templates use."""

from collections.abc import Iterable

from flask import Blueprint

from marketplace.catalogue import queries as catalogue
from marketplace.complaints.queries import HistoryEntry
from marketplace.complaints.wording import complaint_tone
from marketplace.web.context import language, reading_session
from marketplace.web.wording import event_text
from marketplace.web.words import moment

bp = Blueprint("complaints", __name__)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"complaint_tone": complaint_tone, "region_path": region_path}


def region_path(code: str) -> str:
    """The name of a region with those it lies in."""
    return catalogue.regions(reading_session()).path(code, language()) if code else ""


def time_line(entries: Iterable[HistoryEntry], *, inside: bool) -> list[dict[str, str]]:
    """The history for the macro; names and inner steps are for those who decide only."""
    hidden = set() if inside else {"proposed", "sent_back", "overdue"}
    return [
        {
            "when": moment(one.when),
            "datetime": one.when.isoformat(),
            "who": one.actor_name if inside else "",
            "what": event_text(one.kind),
            "why": one.why,
        }
        for one in entries
        if one.kind.rpartition(".")[2] not in hidden
    ]
