"""The board of lights as an Excel workbook."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import OrganisationRow
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.web import sheets
from marketplace.web.context import language
from marketplace.web.wording import label
from marketplace.web.words import day, local_name


def workbook(
    session: Session, waits: tuple[Waiting, ...], organisations: Mapping[int, OrganisationRow]
) -> bytes:
    """The rows as an .xlsx file."""
    items = {item.code: local_name(item) for item in catalogue.items(session)}
    tree = catalogue.regions(session)
    columns = [
        (_("Light"), 10),
        (_("Whose turn it is"), 36),
        (_("Kind of record"), 18),
        (_("Number"), 18),
        (_("What waits"), 26),
        (_("Due day"), 14),
        (_("Item"), 36),
        (_("Region"), 20),
        (_("About"), 36),
    ]

    def name(key: int | None) -> str:
        row = organisations.get(key or 0)
        return row.name if row else ""

    return sheets.workbook(
        columns,
        (
            [
                label(f"light.{one.light}"),
                name(one.owes_organisation_id) or label("supervision.platform"),
                label(f"waiting.{one.kind}"),
                one.number,
                what_text(one),
                day(one.due_on),
                items.get(one.item_code, ""),
                tree.path(one.region_code, language()) if one.region_code else "",
                name(one.about_organisation_id),
            ]
            for one in waits
        ),
    )


def what_text(one: Waiting) -> str:
    """What waits, in words."""
    worded = label(f"waiting.{one.what}")
    return label(one.what) if worded == f"waiting.{one.what}" else worded
