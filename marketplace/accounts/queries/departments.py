"""Departments: those of today, what they were called before, and what keeps one from ending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import models
from marketplace.accounts.queries import parties
from marketplace.accounts.queries.rows import OrganisationRow
from marketplace.infra.rows import row_of
from marketplace.kernel.actors import Capacity
from marketplace.kernel.characters import same_name
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class ChangeRow:
    """Until a day a department had this name and lay in this region; or it was one at all."""

    organisation_id: int
    number: int
    valid_from: date
    name: str
    region_code: str
    ended: bool
    reason: str


@dataclass(frozen=True)
class OpenWork:
    """Something that a department has to finish: of which kind, its number and what it is about.

    `endpoint` and what its address takes name its page where the operator may read it.
    """

    kind: str
    number: str
    title: str
    endpoint: str = ""
    takes: str = ""
    key: str = ""


_CHANGE = row_of(ChangeRow, models.DepartmentChange)

# What each feature above knows of open work of an organisation as a department.
Working: TypeAlias = Callable[[Session, int], tuple[OpenWork, ...]]
OPEN_WORK: dict[str, Working] = {}


def department(session: Session, public_id: str) -> OrganisationRow:
    """A department of today or of before; raises `NotFound`."""
    row = parties.organisation_by_public_id(session, public_id)
    was_one = any(one.ended for one in changes(session, row.id))
    if Capacity.DEPARTMENT not in row.capacities and not was_one:
        raise NotFound
    return row


def changes(session: Session, organisation_id: int) -> tuple[ChangeRow, ...]:
    """What was changed of a department, the first change first."""
    change = models.DepartmentChange
    query = _CHANGE.query().where(change.organisation_id == organisation_id)
    return _CHANGE.all(session, query.order_by(change.number))


def former_names(session: Session) -> Mapping[int, tuple[str, ...]]:
    """What organisations were called as departments before, by their key."""
    change, found = models.DepartmentChange, dict[int, tuple[str, ...]]()
    query = select(change.organisation_id, change.name).order_by(change.number)
    for key, name in session.execute(query):
        if not any(same_name(name, one) for one in found.get(key, ())):
            found[key] = (*found.get(key, ()), name)
    return found


def open_work(session: Session, organisation_id: int) -> tuple[OpenWork, ...]:
    """What keeps a department from ending."""
    return tuple(one for working in OPEN_WORK.values() for one in working(session, organisation_id))


def current_department(session: Session, public_id: str) -> OrganisationRow:
    """A department of today; raises `NotFound`."""
    row = department(session, public_id)
    if Capacity.DEPARTMENT not in row.capacities:
        raise NotFound
    return row
