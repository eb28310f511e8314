"""What a department decides while others commission."""

from datetime import date

from marketplace.engagements.services import Paper, beginning, handing
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.projects import services
from marketplace.projects.rules import ApprovalStatus
from tests.documents import pdf
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


def sign(uow: UnitOfWork, engagement: int) -> None:
    """The contract of a work is recorded."""
    beginning.record_contract(
        uow,
        engagement=engagement,
        amount_fen=8_000_000,
        signed_on=local_date(uow.now),
        papers=[Paper("合同.pdf", pdf())],
    )
