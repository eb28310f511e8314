"""Codes that are to be looked up."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFound
from marketplace.projects.models import Project, WantedProject
from marketplace.projects.queries.rows import WantedRow, wanted_row
from marketplace.projects.rules import WantedState

SHOWN = 20


def wanted(session: Session, key: int | str) -> WantedRow:
    """One wanted code by its integer key or public id; raises `NotFound`."""
    column = WantedProject.public_id if isinstance(key, str) else WantedProject.id
    query = (
        select(WantedProject, Project.public_id)
        .outerjoin(Project, Project.id == WantedProject.project_id)
        .where(column == key)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return wanted_row(found[0], found[1] or "")


def wanted_party(session: Session, wanted_id: int) -> WantedRow:
    """Who asked for which code, for notifications."""
    return wanted(session, wanted_id)


def wanted_by_organisation(session: Session, organisation_id: int) -> tuple[WantedRow, ...]:
    """An organisation's codes that wait or were refused, the latest first."""
    query = (
        select(WantedProject)
        .where(
            WantedProject.organisation_id == organisation_id,
            WantedProject.state != WantedState.RECORDED,
        )
        .order_by(WantedProject.wanted_at.desc(), WantedProject.id.desc())
        .limit(SHOWN)
    )
    return tuple(wanted_row(row) for row in session.scalars(query))


def waiting_codes(session: Session, limit: int) -> tuple[str, ...]:
    """The codes that wait, the oldest first; those of organisations before refreshes."""
    query = (
        select(WantedProject.code)
        .where(WantedProject.state == WantedState.WAITING)
        .group_by(WantedProject.code)
        .order_by(
            func.max(WantedProject.organisation_id).is_(None), func.min(WantedProject.wanted_at)
        )
        .limit(limit)
    )
    return tuple(session.scalars(query))


def known_revisions(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Of these codes the ones mirrored here, with the revision each has."""
    query = select(Project.code, Project.revision).where(Project.code.in_(codes))
    return {row[0]: row[1] for row in session.execute(query)}
