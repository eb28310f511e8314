"""The list of a party's engagements, and the same as a workbook."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from marketplace.engagements import policy, wording
from marketplace.engagements.queries import lists
from marketplace.engagements.queries.lists import EngagementRow
from marketplace.engagements.views.blueprint import bp, own_organisation, today
from marketplace.kernel.actors import Role
from marketplace.web.context import current_actor, reading_session
from marketplace.web.filters import same_list
from marketplace.web.guard import for_roles
from marketplace.web.listing import Column, asked_of, chosen_filters, panel, workbook
from marketplace.web.sheets import amount, local_day
from marketplace.web.submit import page as show_page
from marketplace.web.wording import label

parties = for_roles(
    Role.ENTERPRISE_AGENT,
    Role.INSTITUTION_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
    Role.BUDGET_OFFICER,
)
SORTS = (
    ("", _("My turn first")),
    ("due", _("Due day")),
    ("newest", _("Newest first")),
    ("number", _("Number")),
)


def _light(row: EngagementRow) -> str:
    return "" if row.light == "none" else label(f"light.{row.light}")


def _within(row: EngagementRow) -> str:
    return "" if row.within_limit is None else str(_("yes") if row.within_limit else _("no"))


COLUMNS: tuple[Column[EngagementRow], ...] = (
    Column(_("Engagement number"), 18, lambda row: row.number),
    Column(_("Project"), 36, lambda row: row.project_name),
    Column(_("Project code"), 26, lambda row: row.project_code),
    Column(_("Item"), 36, lambda row: f"{row.item_code} {wording.item_text(row)}"),
    Column(_("Client"), 30, lambda row: row.client_name),
    Column(_("Institution"), 30, lambda row: row.provider_name),
    Column(_("State"), 16, lambda row: label(f"engagement_state.{row.state}")),
    Column(_("Whose turn"), 34, wording.owes_text),
    Column(_("Light"), 12, _light),
    Column(_("Due day"), 14, lambda row: row.turn_due_on),
    Column(_("Amount of the contract in yuan"), 18, lambda row: amount(row.amount_fen), total=True),
    Column(_("Requested on"), 14, lambda row: local_day(row.requested_at)),
    Column(_("Accepted on"), 14, lambda row: local_day(row.accepted_at)),
    Column(_("Returns"), 10, lambda row: row.returns, total=True),
    Column(_("Within the limit"), 12, _within),
)


def _values() -> dict[str, object]:
    return {"own": own_organisation(), "today": today()}


@bp.get("/engagements")
@parties
def mine() -> ResponseReturnValue:
    """The engagements of my organisation: my turn first, the most urgent first."""
    asked = asked_of(lists.MINE)
    listed = lists.MINE.read(reading_session(), asked, _values())
    return show_page(
        "engagements/mine.html",
        listed=listed,
        asked=asked,
        own=own_organisation(),
        groups=panel(lists.MINE, asked, listed, text_title=_("Number, project or name")),
        chosen=chosen_filters(lists.MINE, asked, url_for(".mine")),
        sorts=SORTS,
        may_request=policy.may_request(current_actor()),
        export=same_list(url_for(".export")),
    )


@bp.get("/engagements/export.xlsx")
@parties
def export() -> ResponseReturnValue:
    """The engagements that the filters find, as a workbook."""
    rows = lists.MINE.stream(reading_session(), asked_of(lists.MINE), _values())
    return workbook(f"engagements-{today()}", str(_("Engagements")), COLUMNS, rows)
