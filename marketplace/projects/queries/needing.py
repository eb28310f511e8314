"""What projects need of the market: read from the approval items that the platform keeps."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.infra.rows import row_of
from marketplace.projects.models import ItemClaim, Project, ProjectApproval
from marketplace.projects.queries.reading import announced_of, approvals_of, claims_of
from marketplace.projects.queries.rows import ApprovalStanding, NeedRow
from marketplace.projects.rules import PENDING, Needed, ProjectState, need_of

_STANDING = row_of(ApprovalStanding, ProjectApproval)


def need_on(session: Session, project_id: int, item_code: str, today: date) -> Needed:
    """Whether the project needs the item as it stands today; raises `NotFound`."""
    item = catalogue.item(session, item_code, today)
    return needs_on(session, [project_id], item, today)[project_id]


def needs_on(
    session: Session, project_ids: Iterable[int], item: ItemRow, today: date
) -> dict[int, Needed]:
    """Whether each of these projects needs the item as it stands today, by the project's id."""
    ids, linked = set(project_ids), _linked(item, today)
    announced, standing = announced_of(session, ids), defaultdict(list)
    query = _STANDING.query().where(
        ProjectApproval.project_id.in_(ids), ProjectApproval.code.in_(linked)
    )
    for row in _STANDING.all(session, query):
        standing[row.project_id].append(row)
    return {one: need_of(linked, standing[one], announced=one in announced) for one in ids}


_today = bindparam("today", type_=Date)
_calls = catalogue.linked_approvals(_today)
_held = (
    select(ItemClaim.id)
    .where(
        ItemClaim.project_id == ProjectApproval.project_id,
        ItemClaim.item_code == _calls.c.item_code,
        ItemClaim.released_at.is_(None),
    )
    .exists()
)
_uncommissioned = (
    ProjectApproval.project_id == Project.id,
    ProjectApproval.code == _calls.c.approval_code,
    ProjectApproval.status.in_(PENDING),
    Project.state == ProjectState.ACTIVE,
    ~_held,
)
# How many listed items a project calls for that nobody has commissioned, and whether any, by what
# the platform last said; as the catalogue links them on the day `today`.
NEEDS_NOW: ColumnElement[int] = (
    select(func.count(_calls.c.item_code.distinct()))
    .select_from(ProjectApproval)
    .join(_calls, _uncommissioned[1])
    .where(*_uncommissioned)
    .correlate(Project)
    .scalar_subquery()
)
NEEDS_SOMETHING: ColumnElement[bool] = (
    select(ProjectApproval.id)
    .join(_calls, _uncommissioned[1])
    .where(*_uncommissioned)
    .correlate(Project)
    .exists()
)


def _linked(item: ItemRow, today: date) -> tuple[str, ...]:
    """What calls for the item today: an approval item that has ended calls for nothing."""
    return tuple(one.code for one in item.called_by(today))


def needs(session: Session, project_id: int, today: date) -> tuple[NeedRow, ...]:
    """What the project's approval items call for, and what is held already; services come last.

    The catalogue links approval items with listed items and market services; what somebody
    commissions is shown although none of the project's approval items calls for it.
    """
    approvals = approvals_of(session, project_id)
    held = {claim.item_code: claim for claim in claims_of(session, project_id)}
    announced = bool(announced_of(session, [project_id]))
    found = []
    for item in catalogue.by_code(session, today).values():
        linked = _linked(item, today)
        calling = tuple(one for one in approvals if one.code in linked)
        if (calling and not item.ended) or item.code in held:
            need = need_of(linked, calling, announced=announced)
            found.append(NeedRow(item, calling, need, held.get(item.code)))
    return tuple(found)


def asking_for_approval(session: Session, code: str) -> int:
    """In how many active projects an approval item is not granted yet, as the platform says."""
    query = (
        select(func.count(ProjectApproval.project_id.distinct()))
        .join(Project, Project.id == ProjectApproval.project_id)
        .where(ProjectApproval.code == code, ProjectApproval.status.in_(PENDING))
        .where(Project.state == ProjectState.ACTIVE)
    )
    return session.scalar(query) or 0
