"""The approver: send back, or decide what another person proposed."""

from marketplace.accounts import services as accounts
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.vetting import policy, rules
from marketplace.vetting.events import CaseDecided, CaseSentBack
from marketplace.vetting.models import Case
from marketplace.vetting.rules import CaseKind, CaseState, Outcome
from marketplace.vetting.services import casework, subjects


def send_back(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Ask the examiner to look again; the substance clock goes on."""
    row, standing = casework.lock_case(uow, case)
    policy.may_send_back(uow.actor, standing).require()
    reason = casework.required(reason, "reason")
    row.state = rules.step(row.state, CaseState.SUBSTANCE)
    row.proposer_id = row.proposed_at = row.proposed_outcome = None
    row.proposed_reason = ""
    remark_id = casework.say(uow, row, reason)
    casework.record(uow, row, CaseSentBack, examiner_id=row.examiner_id, remark_id=remark_id)


def decide(uow: UnitOfWork, *, case: int | str, outcome: Outcome, reason: str) -> None:
    """Decide as proposed, with reasons: the listing is admitted or rejected in the same act.

    The decider is another person than the proposer, and decides what was proposed: whoever sees
    it otherwise sends the case back, so that two people stand behind every decision. The first
    admission confirms the authorisation letter, and with it the institution's first agent.
    """
    row, standing = casework.lock_case(uow, case)
    policy.may_decide(uow.actor, standing).require()
    reason = casework.required(reason, "reason")
    if outcome is not row.proposed_outcome:
        raise Refused("vetting.differs_from_proposal", field="outcome")
    if outcome is Outcome.ADMIT:
        subjects.require_requirements(uow, row)
    row.decider_id, row.outcome, row.reason = casework.acting_user(uow), outcome, reason
    casework.close(uow, row, CaseState.DECIDED)
    _carry_out(uow, row)
    casework.record(
        uow,
        row,
        CaseDecided,
        kind=row.kind.value,
        outcome=outcome.value,
        proposer_id=row.proposer_id,
        decider_id=row.decider_id,
        remark_id=casework.say(uow, row, reason),
    )


def _carry_out(uow: UnitOfWork, case: Case) -> None:
    if case.outcome is Outcome.REJECT:
        subjects.reject(uow, case)
        return
    subjects.admit(uow, case)
    if case.kind is CaseKind.ADMISSION:
        accounts.confirm_authorisation(uow, organisation_id=case.organisation_id)
