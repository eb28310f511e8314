"""Departments for tests: renamed, moved, ended."""

from datetime import timedelta

from marketplace.accounts import queries as accounts
from marketplace.accounts.services import departments
from marketplace.infra.clock import real_now
from marketplace.infra.unit_of_work import UnitOfWork
from tests.conftest import TODAY


def change(organisation_id, seen=0, days=0, reason="机构改革", **changes):
    def work(uow: UnitOfWork) -> None:
        row = accounts.organisation(uow.session, organisation_id)
        departments.change_department(
            uow,
            department=row.public_id,
            seen=seen,
            valid_from=TODAY + timedelta(days=days),
            reason=reason,
            **({"name": row.name, "region_code": row.region_code} | changes),
        )

    return work


def end(organisation_id, seen=0, reason="撤销"):
    def work(uow: UnitOfWork) -> None:
        row = accounts.organisation(uow.session, organisation_id)
        departments.end_department(
            uow, department=row.public_id, seen=seen, reason=reason, at=real_now()
        )

    return work


def rename(uow: UnitOfWork, organisation_id: int, number: int) -> None:
    """A name of this number, going on from nothing."""
    change(organisation_id, name=f"第{number}次改名的审批局")(uow)


def end_now(uow: UnitOfWork, organisation_id: int) -> None:
    """It ends, going on from nothing."""
    end(organisation_id)(uow)
