"""What a project needs from the market, and who holds which of its items."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.projects.models import ItemClaim, ProjectApproval
from marketplace.projects.queries.rows import (
    ApprovalRow,
    ClaimRow,
    NeedRow,
    approval_row,
    claim_row,
)


def approvals_of(session: Session, project_id: int) -> tuple[ApprovalRow, ...]:
    """The approval items of a project in the platform's order."""
    query = (
        select(ProjectApproval)
        .where(ProjectApproval.project_id == project_id)
        .order_by(ProjectApproval.position, ProjectApproval.id)
    )
    return tuple(approval_row(row) for row in session.scalars(query))


def claims_of(session: Session, project_id: int) -> tuple[ClaimRow, ...]:
    """The claims held on a project's items."""
    query = select(ItemClaim).where(
        ItemClaim.project_id == project_id, ItemClaim.released_at.is_(None)
    )
    return tuple(claim_row(row) for row in session.scalars(query.order_by(ItemClaim.item_code)))


def claims_on(session: Session, project_ids: Iterable[int], item_code: str) -> dict[int, ClaimRow]:
    """The claims held on one item of many projects, by the project's id."""
    query = select(ItemClaim).where(
        ItemClaim.project_id.in_(list(project_ids)),
        ItemClaim.item_code == item_code,
        ItemClaim.released_at.is_(None),
    )
    return {row.project_id: claim_row(row) for row in session.scalars(query)}


def claim_of(session: Session, project_id: int, item_code: str) -> ClaimRow | None:
    """The claim held on an item of a project, if any."""
    query = select(ItemClaim).where(
        ItemClaim.project_id == project_id,
        ItemClaim.item_code == item_code,
        ItemClaim.released_at.is_(None),
    )
    row = session.scalars(query).one_or_none()
    return None if row is None else claim_row(row)


def claim_by(session: Session, record_kind: str, record_id: int) -> ClaimRow | None:
    """The claim that a record holds, if any."""
    query = select(ItemClaim).where(
        ItemClaim.record_kind == record_kind,
        ItemClaim.record_id == record_id,
        ItemClaim.released_at.is_(None),
    )
    row = session.scalars(query).one_or_none()
    return None if row is None else claim_row(row)


def needs(session: Session, project_id: int) -> tuple[NeedRow, ...]:
    """The listed items that the project's approval items call for, and those held already.

    The catalogue links approval items and listed items; an item that somebody commissions is
    shown although none of the project's approval items calls for it.
    """
    by_code = {row.code: row for row in approvals_of(session, project_id)}
    held = {claim.item_code: claim for claim in claims_of(session, project_id)}
    found = []
    for item in catalogue.items(session):
        calling = tuple(by_code[one.code] for one in item.approvals if one.code in by_code)
        if calling or item.code in held:
            found.append(NeedRow(item, calling, held.get(item.code)))
    return tuple(found)
