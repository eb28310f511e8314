"""The event trail as an Excel workbook; nothing in it can become a formula."""

import io
import json
from collections.abc import Iterable

import xlsxwriter
from flask_babel import gettext as _

from admin.trail.reading import Entry
from marketplace.vetting.export import safe_text
from marketplace.web.wording import event_text, label
from marketplace.web.words import moment

_WIDTHS = (10, 18, 36, 20, 12, 16, 28, 60)


def _heads() -> list[str]:
    return [
        _("Event"),
        _("When"),
        _("What happened"),
        _("About"),
        _("Number"),
        _("Who"),
        _("Acting for"),
        _("Details"),
    ]


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


def workbook(entries: Iterable[Entry]) -> bytes:
    """The events as an .xlsx file, one a line, every cell a text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(zip(_heads(), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, bold)
    for line, entry in enumerate(entries, 1):
        for column, text in enumerate(_cells(entry)):
            sheet.write_string(line, column, safe_text(text))
    book.close()
    return buffer.getvalue()
