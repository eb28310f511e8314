"""The projects an organisation may see, a page at a time, by their codes."""

from collections.abc import Collection

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from marketplace.projects.models import Project
from marketplace.projects.queries.rows import ProjectRow, project_row
from marketplace.projects.rules import ProjectState


def projects_by_code(
    session: Session,
    *,
    enterprise_id: int | None,
    regions: Collection[str],
    above: str = "",
    limit: int,
) -> tuple[ProjectRow, ...]:
    """At most so many projects of an enterprise (None: of none) or of these regions, by code.

    Excluded ones show only to their enterprise. `above` leaves out codes up to that one.
    """
    theirs = and_(Project.region_code.in_(regions), Project.state != ProjectState.EXCLUDED)
    own = Project.enterprise_id == enterprise_id
    query = select(Project).where(theirs if enterprise_id is None else or_(own, theirs))
    if above:
        query = query.where(Project.code > above)
    rows = session.scalars(query.order_by(Project.code).limit(limit))
    return tuple(project_row(row) for row in rows)
