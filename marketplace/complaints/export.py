"""A queue of complaints as an Excel workbook; whoever complained is not in it."""

from collections.abc import Iterable

from flask_babel import gettext as _

from marketplace.complaints.queries import ComplaintRow
from marketplace.web import sheets
from marketplace.web.wording import label
from marketplace.web.words import day, local_name


def workbook(rows: Iterable[ComplaintRow]) -> bytes:
    """The rows as an .xlsx file."""
    columns = [
        (_("Complaint"), 18),
        (_("About"), 36),
        (_("Item"), 36),
        (_("Filed as"), 18),
        (_("State"), 18),
        (_("Light"), 12),
        (_("Due day"), 14),
        (_("Filed on"), 14),
        (_("Outcome"), 14),
    ]
    return sheets.workbook(columns, map(_cells, rows))


def _cells(row: ComplaintRow) -> list[str]:
    return [
        row.number,
        row.about_name,
        f"{row.item_code} {local_name(row.item)}" if row.item else "",
        label(f"filer.{row.filer}"),
        label(f"complaint_state.{row.state}"),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.due_on),
        day(row.filed_at),
        label(f"complaint_outcome.{row.outcome}") if row.outcome else "",
    ]
