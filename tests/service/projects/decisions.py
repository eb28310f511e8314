"""What a department decides while others commission."""

from datetime import date

from marketplace.contracts import services as contracts
from marketplace.engagements.services import handing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import services
from marketplace.projects.rules import ApprovalStatus
from tests.projects import CALLING, approval_record, project_record

DECIDED = date(2026, 11, 20)


def grant(uow: UnitOfWork, code: str, credit_code: str, approval: str) -> None:
    """The platform says that what calls for an item was granted."""
    approvals = tuple(
        approval_record(one, status=ApprovalStatus.GRANTED, decided_on=DECIDED)
        if one == approval
        else approval_record(one)
        for one in CALLING
    )
    record = project_record(
        code, approvals=approvals, revision=2, enterprise_credit_code=credit_code
    )
    services.record_project(uow, record=record)


def hand_over(uow: UnitOfWork, code: str, credit_code: str, revision: int = 2) -> None:
    """The platform names another enterprise."""
    record = project_record(code, revision=revision, enterprise_credit_code=credit_code)
    services.record_project(uow, record=record)


def agree(uow: UnitOfWork, handover: int) -> None:
    """One of the two enterprises agrees that work passes."""
    handing.agree_to_handover(uow, handover=handover)


def sign(uow: UnitOfWork, engagement: int, digest: str) -> None:
    """The institution confirms the contract that was put forward."""
    contracts.confirm(uow, engagement=engagement, content_hash=digest)
