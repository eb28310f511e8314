"""Conflicts from the market's own record: who did, or is tied to who did, what an item examines."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.independence import related_to
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.projects.models import Preparer


def conflicts(
    session: Session, project_id: int, item_code: str, organisation_ids: Collection[int]
) -> dict[int, Decision]:
    """Which of the institutions cannot do the item for the project: each with the earlier work."""
    query = select(Preparer).where(
        Preparer.project_id == project_id, Preparer.item_code == item_code
    )
    works = session.scalars(query.order_by(Preparer.id)).all()
    if not works:
        return {}
    by = {one.organisation_id for one in works}
    behind = institutions.backgrounds(session, by | set(organisation_ids))
    found: dict[int, Decision] = {}
    for key in organisation_ids:
        for one in works:
            preparer = behind[one.organisation_id]
            if key == one.organisation_id or related_to(behind[key], [preparer]):
                said = {"service": one.service_code, "number": one.record_number}
                found.setdefault(key, Decision("project.prepared", said))
    return found


def may_provide(
    session: Session, project_id: int, item_code: str, organisation_id: int
) -> Decision:
    """Whether the institution may do the item for the project, by what was done for it before."""
    found = conflicts(session, project_id, item_code, [organisation_id])
    return found.get(organisation_id, ALLOWED)
