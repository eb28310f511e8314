"""Projects of the public interface: one's own, and adding one by its code."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.scopes import Scope
from marketplace.kernel.times import local_date
from marketplace.projects import policy
from marketplace.projects.queries import reading
from marketplace.projects.queries.needing import needs
from marketplace.projects.queries.rows import NeedRow, ProjectRow, WantedRow
from marketplace.projects.rules import Need as NeedState
from marketplace.projects.services import mirroring
from marketplace.web.api import ApiBlueprint
from marketplace.web.api_fields import (
    N_,
    PUBLIC_ID,
    Answer,
    NoParameters,
    Schema,
    WholePattern,
    money,
)
from marketplace.web.api_once import once
from marketplace.web.api_paging import Page, Paging, fetched_page, read_cursor
from marketplace.web.context import current_actor, reading_session, request_time

blp = ApiBlueprint("api_projects", __name__, tag="projects")

# Either format of a code that was given in the province.
CODE = (
    r"^([0-9]{2}(0[1-9]|1[0-2])-22[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9]{6}"
    r"|20(1[3-9]|2[01])-22[0-9]{4}-[0-9]{2}-0[1-3]-[0-9]{6})$"
)


class Project(Answer):
    """A project as the approval platform records it."""

    id = fields.String(attribute="public_id", required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    enterprise_name = fields.String(required=True)
    region_code = fields.String(required=True)
    stage_code = fields.String(required=True)
    state = fields.String(required=True)
    investment = money(attribute="investment_fen", required=True)
    changed_at = fields.AwareDateTime(required=True)


class Projects(Answer):
    """A page of projects."""

    data = fields.List(fields.Nested(Project), required=True)
    next = fields.String(required=True, allow_none=True)


class Approval(Answer):
    """An approval item of a project."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)


class Need(Answer):
    """An item or service that the project's approval items call for, and whether it is needed."""

    item_code = fields.String(required=True)
    approval_codes = fields.List(fields.String(), required=True)
    need = fields.String(
        required=True,
        metadata={
            "enum": [str(one) for one in NeedState],
            "description": N_(
                "Whether the project needs it: unknown while a change that the approval platform "
                "told of could not be fetched."
            ),
        },
    )
    granted_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": N_("The day on which what called for it was granted; else null.")},
    )
    claimed_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": N_("Who commissions it already, enterprise or department.")},
    )


class OneProject(Project):
    """A project with its approval items and what it needs."""

    approvals = fields.List(fields.Nested(Approval), required=True)
    needs = fields.List(
        fields.Nested(Need), required=True, metadata={"description": N_("The listed items.")}
    )
    services = fields.List(
        fields.Nested(Need),
        required=True,
        metadata={"description": N_("Market services, apart from the listed items.")},
    )


class NewProject(Schema):
    """The code of a project that is to be looked up."""

    code = fields.String(
        required=True,
        validate=WholePattern(CODE),
        metadata={
            "description": N_("The project code, with its hyphens."),
            "examples": ["2106-220102-04-01-123455"],
        },
    )


class Wanted(Answer):
    """What became of a code that was asked for."""

    id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": N_("Under which to ask again; null when the project is here.")},
    )
    code = fields.String(required=True)
    state = fields.String(required=True, metadata={"enum": ["waiting", "recorded", "refused"]})
    reason = fields.String(
        required=True, metadata={"description": N_("The code of the refusal; else empty.")}
    )
    project_id = fields.String(required=True, allow_none=True)


@blp.operation(
    "/projects",
    summary=N_("Our projects"),
    description=N_("An enterprise’s own projects; for departments those of their region."),
    scope=Scope.PROJECTS_READ,
    takes=Paging,
    gives=Projects,
    problems=(404,),
)
def list_projects(asked: Mapping[str, Any]) -> Page[ProjectRow]:
    session, actor = reading_session(), current_actor()
    if actor.provisional:
        raise Refused("account.provisional")
    (above,) = read_cursor(asked) or ("",)
    rows = reading.projects_by_code(
        session,
        enterprise_id=actor.organisation_id if actor.has(Role.ENTERPRISE_AGENT) else None,
        regions=_regions(actor),
        above=above,
        limit=asked["limit"] + 1,
    )
    return fetched_page(rows, asked, lambda row: row.code)


def _regions(actor: Actor) -> frozenset[str]:
    """The regions of whose projects a department's staff may know."""
    if not (actor.is_a(Capacity.DEPARTMENT) and policy.may_browse(actor)):
        return frozenset()
    session = reading_session()
    region = accounts.organisation(session, actor.organisation_id or 0).region_code
    return catalogue.regions(session).descendants(region)


@blp.operation(
    "/projects/<project_id>",
    summary=N_("One of our projects, with its approval items and needs"),
    scope=Scope.PROJECTS_READ,
    takes=NoParameters,
    gives=OneProject,
    problems=(404,),
    address={"project_id": (PUBLIC_ID, N_("The id of the project."))},
)
def read_project(_asked: Mapping[str, Any], project_id: str) -> dict[str, Any]:
    session, actor = reading_session(), current_actor()
    row, standing = reading.seen_project(session, actor, project_id)
    today, whole = local_date(request_time()), policy.may_read(actor, standing)
    found = needs(session, row.id, today) if whole else ()
    return {
        **vars(row),
        "approvals": reading.approvals_of(session, row.id) if whole else (),
        "needs": [_need(one) for one in found if not one.item.of_market],
        "services": [_need(one) for one in found if one.item.of_market],
    }


def _need(one: NeedRow) -> dict[str, Any]:
    return {
        "item_code": one.item.code,
        "approval_codes": [approval.code for approval in one.approvals],
        "need": str(one.needed.need),
        "granted_on": one.needed.granted_on,
        "claimed_by": str(one.claim.claimed_by) if one.claim else None,
    }


@blp.operation(
    "/projects",
    method="POST",
    summary=N_("Add a project by its code"),
    description=N_(
        "The approval platform is asked for the record, normally within seconds. Ask for the "
        "wanted project until its state is no longer “waiting”."
    ),
    scope=Scope.PROJECTS_WRITE,
    takes=NoParameters,
    body=NewProject,
    gives=Wanted,
    status=202,
    problems=(404, 409, 413, 415),
    keyed=True,
)
def add_project(
    _asked: Mapping[str, Any], body: Mapping[str, Any], headers: Mapping[str, str]
) -> dict[str, Any]:
    def work(uow: UnitOfWork) -> dict[str, Any]:
        made = mirroring.want_project(uow, code=body["code"])
        here = bool(made.project_public_id)
        return {
            "id": made.public_id or None,
            "code": body["code"],
            "state": "recorded" if here else "waiting",
            "reason": "",
            "project_id": made.project_public_id or None,
        }

    return once(headers["key"], body, work)


@blp.operation(
    "/wanted-projects/<wanted_id>",
    summary=N_("What became of a code that was asked for"),
    scope=Scope.PROJECTS_READ,
    takes=NoParameters,
    gives=Wanted,
    problems=(404,),
    address={"wanted_id": (PUBLIC_ID, N_("The id that adding the project gave."))},
)
def read_wanted_project(_asked: Mapping[str, Any], wanted_id: str) -> dict[str, Any]:
    row: WantedRow = reading.wanted(reading_session(), wanted_id)
    if not current_actor().acts_for(row.organisation_id):
        raise NotFound
    return {
        "id": row.public_id,
        "code": row.code,
        "state": str(row.state),
        "reason": row.reason,
        "project_id": row.project_public_id or None,
    }
