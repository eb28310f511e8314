"""The event trail as an Excel workbook."""

import json
from collections.abc import Iterable

from flask_babel import gettext as _

from admin.trail.reading import Entry
from marketplace.web import sheets
from marketplace.web.wording import event_text, label
from marketplace.web.words import moment


def workbook(entries: Iterable[Entry]) -> bytes:
    """The events as an .xlsx file, one a line."""
    columns = [
        (_("Event"), 10),
        (_("When"), 18),
        (_("What happened"), 36),
        (_("About"), 20),
        (_("Number"), 12),
        (_("Who"), 16),
        (_("Acting for"), 28),
        (_("Details"), 60),
    ]
    return sheets.workbook(columns, map(_cells, entries))


def _cells(entry: Entry) -> list[str]:
    return [
        str(entry.id),
        moment(entry.occurred_at),
        event_text(entry.kind),
        label(f"subject.{entry.subject_kind}"),
        str(entry.subject_id),
        entry.actor or str(_("The platform or a visitor")),
        entry.organisation,
        json.dumps(entry.payload, ensure_ascii=False),
    ]
