"""A queue as an Excel workbook."""

from flask_babel import gettext as _

from marketplace.vetting import wording
from marketplace.vetting.queries import CaseRow
from marketplace.web import sheets
from marketplace.web.wording import label
from marketplace.web.words import day, local_name


def workbook(rows: tuple[CaseRow, ...]) -> bytes:
    """The rows as an .xlsx file."""
    columns = [
        (_("Case number"), 18),
        (_("Kind"), 16),
        (_("Institution"), 36),
        (_("Item"), 36),
        (_("State"), 18),
        (_("Light"), 12),
        (_("Due day"), 14),
        (_("Received on"), 14),
        (_("Examiner"), 16),
    ]
    return sheets.workbook(columns, map(_cells, rows))


def _cells(row: CaseRow) -> list[str]:
    return [
        row.number,
        label(f"case_kind.{row.kind}"),
        row.applicant_name,
        f"{row.item_code} {local_name(row.item)}",
        wording.state_text(row.state, row.outcome, row.ending),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.due_on),
        day(row.opened_at),
        row.examiner_name,
    ]
