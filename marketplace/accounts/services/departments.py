"""Departments: made, renamed, moved to another region, ended; what was stays known."""

from datetime import date, datetime

from sqlalchemy import select

from marketplace.accounts import events, models, policy
from marketplace.accounts.queries import departments, parties
from marketplace.accounts.services import appointing, memberships, registering
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import ROLES_OF, Capacity
from marketplace.kernel.characters import same_name
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

_MOST_REASON = 200
_MOST_NAME = 200


def add_department(uow: UnitOfWork, *, name: str, credit_code: str, region_code: str) -> int:
    """Make an organisation that is a department; returns its id.

    Refuses what `create_organisation` refuses, and a name that another department of the region
    has.
    """
    policy.may_make_accounts(uow.actor).require()
    name, region = _name(name), registering.checked_region(uow, region_code)
    _check_twin(uow, 0, name, region)
    return appointing.create_organisation(
        uow,
        name=name,
        credit_code=credit_code,
        region_code=region,
        capacities=[Capacity.DEPARTMENT],
    )


def change_department(
    uow: UnitOfWork,
    *,
    department: str,
    seen: int,
    name: str,
    region_code: str,
    valid_from: date,
    reason: str,
) -> None:
    """Enter the name and the region that a department has since a day; raises `NotFound`.

    Its region says its level. `seen` is how many changes there were when the form was opened. The
    name before stays known: the approval platform may go on using it. Refuses a day to come, one
    before the last change, and a name that another department of the region has.
    """
    policy.may_run_accounts(uow.actor).require()
    row = _locked(uow, department, seen)
    name, region = _name(name), registering.checked_region(uow, region_code)
    changed = tuple(
        field
        for field, was, now in (
            ("name", row.name, name),
            ("region_code", row.region_code, region),
        )
        if was != now
    )
    if not changed:
        raise Refused("account.department_unchanged")
    _check_day(uow, row.id, valid_from)
    _check_twin(uow, row.id, name, region)
    _keep(uow, row, valid_from, reason, ended=False)
    row.name, row.region_code = name, region
    uow.record(
        events.DepartmentChanged(row.id, seen + 1, valid_from, changed),
        words=reason,
    )


def end_department(
    uow: UnitOfWork, *, department: str, seen: int, reason: str, at: datetime
) -> None:
    """Let an organisation be a department no more from today on; raises `NotFound`.

    Who acts for it as one does so no more; where it is nothing else, all memberships end. `at` is
    the real instant, by which sessions live. Refuses while it has open work.
    """
    policy.may_run_accounts(uow.actor).require()
    row = _locked(uow, department, seen)
    capacity = models.OrganisationCapacity
    query = select(capacity).where(
        capacity.organisation_id == row.id, capacity.capacity == Capacity.DEPARTMENT
    )
    # Held before it is asked: what begins to rest on the department waits, or is seen here.
    held = uow.session.scalars(query.with_for_update()).one()
    if departments.open_work(uow.session, row.id):
        raise Refused("account.department_busy")
    today = local_date(uow.now)
    _keep(uow, row, today, reason, ended=True)
    uow.session.delete(held)
    uow.flush()
    left = {role for one in memberships.capacities_of(uow, row.id) for role in ROLES_OF[one]}
    memberships.withdraw_roles(
        uow,
        row.id,
        frozenset(ROLES_OF[Capacity.DEPARTMENT]) - left,
        everything=not left,
        at=at,
    )
    uow.record(events.DepartmentEnded(row.id, seen + 1, today), words=reason)


def hold_department(uow: UnitOfWork, organisation_id: int) -> bool:
    """Whether the organisation is a department still; it stays one until this act is over."""
    capacity = models.OrganisationCapacity
    query = select(capacity.organisation_id).where(
        capacity.organisation_id == organisation_id, capacity.capacity == Capacity.DEPARTMENT
    )
    return uow.session.scalar(query.with_for_update(read=True)) is not None


def _locked(uow: UnitOfWork, department: str, seen: int) -> models.Organisation:
    row = uow.lock(models.Organisation, department)
    if Capacity.DEPARTMENT not in memberships.capacities_of(uow, row.id):
        raise NotFound
    if len(departments.changes(uow.session, row.id)) != seen:
        raise Refused("account.department_moved")
    return row


def _keep(
    uow: UnitOfWork, row: models.Organisation, valid_from: date, reason: str, *, ended: bool
) -> None:
    """What the department was called, and where it was, until the day."""
    uow.add(
        models.DepartmentChange(
            organisation_id=row.id,
            number=len(departments.changes(uow.session, row.id)) + 1,
            valid_from=valid_from,
            name=row.name,
            region_code=row.region_code,
            ended=ended,
            reason=required(reason, "reason", most=_MOST_REASON),
        )
    )


def _name(name: str) -> str:
    return required(name, "name", most=_MOST_NAME)


def _check_day(uow: UnitOfWork, organisation_id: int, valid_from: date) -> None:
    if valid_from > local_date(uow.now):
        raise Refused("account.department_not_yet", field="valid_from")
    known = departments.changes(uow.session, organisation_id)
    if known and valid_from < known[-1].valid_from:
        day = known[-1].valid_from.isoformat()
        raise Refused("account.department_changed_later", field="valid_from", day=day)


def _check_twin(uow: UnitOfWork, organisation_id: int, name: str, region: str) -> None:
    """The approval platform names departments: two of one name in a region cannot be told apart."""
    others = (
        one
        for one in parties.organisations_with(uow.session, Capacity.DEPARTMENT)
        if one.id != organisation_id
    )
    if any(one.region_code == region and same_name(one.name, name) for one in others):
        raise Refused("account.department_name_taken", field="name")
