"""A list of engagements as an Excel workbook."""

from collections.abc import Iterable

from flask_babel import gettext as _

from marketplace.engagements import wording
from marketplace.engagements.queries import EngagementRow
from marketplace.web import sheets
from marketplace.web.wording import label
from marketplace.web.words import day, yuan


def workbook(rows: Iterable[EngagementRow]) -> bytes:
    """The rows as an .xlsx file."""
    columns = [
        (_("Engagement number"), 18),
        (_("Project"), 36),
        (_("Project code"), 26),
        (_("Item"), 36),
        (_("Client"), 30),
        (_("Institution"), 30),
        (_("State"), 16),
        (_("Whose turn"), 34),
        (_("Light"), 12),
        (_("Due day"), 14),
        (_("Amount of the contract in yuan"), 18),
        (_("Requested on"), 14),
        (_("Accepted on"), 14),
        (_("Returns"), 10),
        (_("Within the limit"), 12),
    ]
    return sheets.workbook(columns, map(_cells, rows))


def _cells(row: EngagementRow) -> list[str]:
    return [
        row.number,
        row.project_name,
        row.project_code,
        f"{row.item_code} {wording.item_text(row)}",
        row.client_name,
        row.provider_name,
        label(f"engagement_state.{row.state}"),
        wording.owes_text(row),
        label(f"light.{row.light}") if row.light in {"green", "yellow", "red"} else "",
        day(row.turn_due_on),
        yuan(row.amount_fen),
        day(row.requested_at),
        day(row.accepted_at),
        str(row.returns),
        "" if row.within_limit is None else _("yes") if row.within_limit else _("no"),
    ]
