"""/supervision: every red and yellow light, by organisation."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.kernel.actors import Role
from marketplace.kernel.times import local_date
from marketplace.supervision import forms, queries, rules
from marketplace.supervision.export import what_text, workbook
from marketplace.web.context import current_actor, reading_session, request_time
from marketplace.web.filters import same_list
from marketplace.web.frame import link
from marketplace.web.guard import for_roles
from marketplace.web.limits import limiter
from marketplace.web.sheets import download
from marketplace.web.submit import page
from marketplace.web.wording import label

bp = Blueprint("supervision", __name__, url_prefix="/supervision")
bp.add_app_template_filter(what_text)

# The records that a supervisor may open: endpoint, and the name of the id in its address.
_RECORDS = {
    "engagement": ("engagements.show", "engagement_id"),
    "complaint": ("complaints.case", "complaint_id"),
    "objection": ("complaints.objection", "objection_id"),
    "removal_case": ("assessments.removal", "case_id"),
}

supervisors = for_roles(Role.SUPERVISOR)


@bp.get("")
@supervisors
def board() -> ResponseReturnValue:
    """Organisations with lights that are not green, worst first."""
    session = reading_session()
    asked = forms.read_address(session, request.args)
    found = queries.board(session, _office(), asked, local_date(request_time()))
    return page(
        "supervision/board.html",
        board=found,
        asked=asked,
        groups=forms.filter_groups(session, asked, found.counts),
        chart=[
            (label(f"waiting.{kind}"), number)
            for kind, number in rules.by_kind(found.waits, "red").items()
        ],
        regions=catalogue.regions(session),
        export=same_list(url_for(".export")),
    )


@bp.get("/export.xlsx")
@supervisors
@limiter.limit("20 per minute")
def export() -> ResponseReturnValue:
    """Every light that the filters leave, as a workbook."""
    session, today = reading_session(), local_date(request_time())
    asked = forms.read_address(session, request.args)
    waits, organisations = queries.all_waits(session, _office(), asked, today)
    return download(workbook(session, waits, organisations), f"supervision-{today}")


@bp.get("/<organisation_id>")
@supervisors
def organisation(organisation_id: str) -> ResponseReturnValue:
    """What one organisation owes, record by record."""
    session = reading_session()
    asked = forms.read_address(session, request.args)
    return page(
        "supervision/organisation.html",
        found=queries.one_owing(
            session, _office(), organisation_id, asked, local_date(request_time())
        ),
        asked=asked,
        items={item.code: item for item in catalogue.items(session)},
        regions=catalogue.regions(session),
        back=same_list(url_for(".board")),
    )


@bp.app_template_filter("waiting_address")
def waiting_address(one: Waiting) -> str:
    """The page of what waits; empty where a supervisor has none."""
    if one.kind not in _RECORDS:
        return ""
    endpoint, name = _RECORDS[one.kind]
    return link(endpoint, **{name: one.public_id})


def _office() -> int:
    """The supervising organisation acted for."""
    return current_actor().organisation_id or 0
