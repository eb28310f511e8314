"""/supervision: every red and yellow light, by organisation."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.forms import all_names, item_name, region_text
from marketplace.clocks.rules import Waiting
from marketplace.infra.lists import Asked
from marketplace.kernel.actors import Role
from marketplace.kernel.times import local_date
from marketplace.supervision import queries
from marketplace.supervision.queries import BOARD, LightRow
from marketplace.supervision.views.pictures import board_pictures
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import Choice, Group, same_list
from marketplace.web.frame import link
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.listing import Column, asked_of, chosen_filters, panel, workbook
from marketplace.web.submit import page
from marketplace.web.wording import label
from marketplace.web.words import local_name

bp = Blueprint("supervision", __name__, url_prefix="/supervision")

# The records that a supervisor may open: endpoint, and the name of the id in its address.
_RECORDS = {
    "engagement": ("engagements.show", "engagement_id"),
    "complaint": ("complaints.case", "complaint_id"),
    "objection": ("complaints.objection", "objection_id"),
    "removal_case": ("assessments.removal", "case_id"),
    "continuation": ("continuations.show", "continuation_id"),
    "ruling": ("rulings.show", "ruling_id"),
    "incident": ("incidents.show", "incident_id"),
    "approval": ("critical_path.show", "project_id"),
}

supervisors = for_roles(Role.SUPERVISOR)


@bp.app_template_filter("what_text")
def what_text(one: Waiting | LightRow) -> str:
    """What waits, in words."""
    worded = label(f"waiting.{one.what}")
    return label(one.what) if worded == f"waiting.{one.what}" else worded


@bp.app_template_filter("light_item")
def light_item(one: LightRow) -> str:
    """The item that a light is about; of what a department decides its approval item."""
    return one.title if one.kind == "approval" else item_name(one.item_code)


COLUMNS: tuple[Column[LightRow], ...] = (
    Column(_l("Light"), 10, lambda row: label(f"light.{row.light}")),
    Column(_l("Whose turn it is"), 36, lambda row: row.owes_name or label("supervision.platform")),
    Column(_l("Kind of record"), 18, lambda row: label(f"waiting.{row.kind}")),
    Column(_l("Number"), 18, lambda row: row.number),
    Column(_l("What waits"), 26, what_text),
    Column(_l("Due day"), 14, lambda row: row.due_on),
    Column(_l("Item"), 36, light_item),
    Column(_l("Region"), 20, lambda row: region_text(row.region_code)),
    Column(_l("About"), 36, lambda row: row.about_name or ""),
)


@bp.get("")
@supervisors
def board() -> ResponseReturnValue:
    """Organisations with lights that are not green, worst first."""
    asked = _asked()
    found = queries.board(reading_session(), _office(), asked, local_date(request_time()))
    return page(
        "supervision/board.html",
        board=found,
        groups=_groups(asked, found),
        chosen=chosen_filters(BOARD, asked, url_for(".board")),
        pictures=board_pictures(reading_session(), found),
        export=same_list(url_for(".export")),
    )


@bp.get("/export.xlsx")
@supervisors
@limiter.limit("20 per minute")
def export() -> ResponseReturnValue:
    """Every light that the filters leave, as a workbook."""
    session, today = reading_session(), local_date(request_time())
    rows = queries.every_light(session, _office(), _asked(), today)
    return workbook(f"supervision-{today}", str(_l("Board of lights")), COLUMNS, rows)


@bp.get("/<organisation_id>")
@supervisors
def organisation(organisation_id: str) -> ResponseReturnValue:
    """What one organisation owes, record by record."""
    today = local_date(request_time())
    return page(
        "supervision/organisation.html",
        found=queries.one_owing(
            reading_session(), _office(), organisation_id, _asked("lights"), today
        ),
        back=same_list(url_for(".board")),
    )


@bp.app_template_filter("waiting_address")
def waiting_address(one: LightRow) -> str:
    """The page of what waits; empty where a supervisor has none."""
    if one.kind not in _RECORDS:
        return ""
    endpoint, name = _RECORDS[one.kind]
    return link(endpoint, **{name: one.public_id})


def _office() -> int:
    """The supervising organisation acted for."""
    return current_actor().organisation_id or 0


def _asked(page_name: str = "page") -> Asked:
    """What the address asks for; a region by its present code, one that is unknown left out."""
    asked, tree = asked_of(BOARD, page_name=page_name), catalogue.regions(reading_session())
    known = sorted({code for code in map(tree.resolve, asked.chosen.get("region", ())) if code})
    others = {name: chosen for name, chosen in asked.chosen.items() if name != "region"}
    return replace(asked, chosen={**others, "region": tuple(known)} if known else others)


def _groups(asked: Asked, found: queries.Board) -> list[Group]:
    """The filters with their counts; only values that something has, or that are chosen."""
    counts, chosen = found.listed.counts, asked.chosen.get("item", ())
    items = {
        code: name
        for code, name in all_names().items()
        if counts["item"].get(code) or code in chosen
    }
    groups = panel(BOARD, asked, found.listed, offered={"item": items})
    # A region stands indented in the one it lies in.
    regions = tuple(_regions(asked.chosen.get("region", ()), counts["region"]))
    return [replace(one, options=regions) if one.name == "region" else one for one in groups]


def _regions(chosen: tuple[str, ...], counts: Mapping[str, int]) -> Iterator[Choice]:
    tree = catalogue.regions(reading_session())
    for prefecture in tree.prefectures:
        for level, place in enumerate((prefecture, *tree.children(prefecture.code))):
            code, count = place.code, counts.get(place.code, 0)
            if count or code in chosen:
                yield Choice(code, local_name(place), count, code in chosen, min(level, 1))
