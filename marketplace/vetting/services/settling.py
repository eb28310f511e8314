"""What time does to a case: an unanswered return lapses, a missed day is escalated, days move."""

from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from marketplace.vetting import rules
from marketplace.vetting.events import CaseDueMoved, CaseLapsed, CaseOverdue
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseState, Ending
from marketplace.vetting.services import casework, subjects


def settle_case(uow: UnitOfWork, *, case: int | str) -> bool:
    """Do what fell due for a case; False when another worker was first."""
    row = uow.lock(Case, case)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state is CaseState.RETURNED:
        _lapse(uow, row)
    else:
        _escalate(uow, row)
    return True


def _lapse(uow: UnitOfWork, case: Case) -> None:
    """Thirty working days without an answer end the application; a new one may follow."""
    answer_by = case.due_on
    casework.close(uow, case, CaseState.WITHDRAWN, Ending.LAPSED)
    subjects.lapse(uow, case)
    casework.record(uow, case, CaseLapsed, answer_by=answer_by)


def _escalate(uow: UnitOfWork, case: Case) -> None:
    """The association has missed the day: its approvers are told, once for each clock."""
    stage = rules.STAGE_OF[case.state]
    case.attention_at = None
    casework.record(
        uow,
        case,
        CaseOverdue,
        stage=stage.value,
        due_on=case.due_on,
        examiner_id=case.examiner_id,
    )


def move_due_day(uow: UnitOfWork, *, case: int) -> bool:
    """Recompute the due day after a calendar import; days already past are never touched."""
    row = uow.lock(Case, case)
    today = local_date(uow.now)
    if row.due_on is None or row.due_on < today:
        return False
    was, attention = row.due_on, row.attention_at
    due = casework.reschedule(uow, row)
    if due == was:
        row.attention_at = attention
        return False
    casework.record(uow, row, CaseDueMoved, due_was=was, due_on=due)
    return True
