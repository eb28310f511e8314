"""Projects for tests, through the real services."""

from dataclasses import replace
from datetime import date, datetime
from itertools import count

from marketplace.accounts import queries as accounts
from marketplace.infra.database import db
from marketplace.kernel import project_code
from marketplace.kernel.times import SHANGHAI
from marketplace.projects import services
from marketplace.projects.rules import ApprovalRecord, ApprovalStatus, ProjectRecord
from tests.factories import credit_code, system_work

_serials = count(10001)
# Approval items that call for every listed item between them, all of them being decided.
CALLING = (
    *("A01", "A03", "A04", "A05", "B02", "B03", "B04"),
    *("C05", "C06", "C07", "C12", "C15", "C23", "C24", "C27"),
)
UNREGISTERED = credit_code(990_001)


def new_code(region_code: str = "220102", serial: int | None = None) -> str:
    """A code of the newer format whose check digit fits."""
    number = serial or next(_serials)
    body = f"2106{region_code}0401{number:05d}"
    return project_code.normalise(body + project_code.check_digit(body))


def approval_record(code: str = "A03", **changes: object) -> ApprovalRecord:
    """An approval item that is being decided."""
    record = ApprovalRecord(
        code=code,
        name=f"审批事项{code}",
        stage_code="S1",
        department="示例部门",
        status=ApprovalStatus.ACCEPTED,
        accepted_on=date(2026, 11, 16),
        due_on=date(2026, 12, 4),
        limit_value=15,
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def project_record(code: str = "", **changes: object) -> ProjectRecord:
    """What the approval platform says about a project in Changchun."""
    region = str(changes.get("region_code", "220102"))
    record = ProjectRecord(
        code=code or new_code(region),
        name="示例新建项目",
        enterprise_name="示例投资有限公司",
        enterprise_credit_code=UNREGISTERED,
        region_code=region,
        kind="filing",
        stage_code="S1",
        completed=False,
        investment_fen=12_000_000_00,
        approvals=tuple(approval_record(one) for one in CALLING),
        foreign_invested=False,
        classified=False,
        revision=1,
        changed_at=datetime(2026, 11, 20, 9, 0, tzinfo=SHANGHAI),
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def make_project(enterprise_id: int | None = None, *, code: str = "", **changes: object) -> int:
    """A mirrored project, of a registered enterprise if one is given; returns its key."""
    if enterprise_id is not None:
        found = accounts.organisation(db.session(), enterprise_id)
        changes |= {"enterprise_name": found.name, "enterprise_credit_code": found.credit_code}
        db.session.rollback()
    with system_work() as uow:
        made = services.record_project(uow, record=project_record(code, **changes))
    assert made is not None
    return made
