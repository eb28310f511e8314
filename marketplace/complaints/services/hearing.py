"""Taking a complaint up, or not, and hearing the other side."""

from marketplace.complaints import policy
from marketplace.complaints.events import ComplaintAccepted, ComplaintHeard, ComplaintRefused
from marketplace.complaints.rules import ComplaintState
from marketplace.complaints.services import casework
from marketplace.infra.unit_of_work import UnitOfWork


def accept_complaint(uow: UnitOfWork, *, complaint: int | str) -> None:
    """Take the complaint up; the other side is told and has the hearing days to answer.

    Refuses `complaint.not_competent`, `complaint.not_new`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_accept(uow.actor, standing).require()
    row.accepted_by = casework.acting_user(uow)
    casework.move(uow, row, ComplaintState.ACCEPTED)
    casework.record(uow, row, ComplaintAccepted, answer_by=row.due_on)


def refuse_complaint(uow: UnitOfWork, *, complaint: int | str, reason: str) -> None:
    """Do not take the complaint up, with reasons; a review is possible.

    Refuses `complaint.not_competent`, `complaint.not_new`, `complaint.words_needed`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_accept(uow.actor, standing).require()
    row.reason = casework.required(reason, "reason")
    row.accepted_by, row.decided_at = casework.acting_user(uow), uow.now
    casework.move(uow, row, ComplaintState.REFUSED)
    casework.record(uow, row, ComplaintRefused)


def answer_complaint(uow: UnitOfWork, *, complaint: int | str, body: str) -> None:
    """The other side answers; the investigation begins.

    Refuses `complaint.not_about_you`, `complaint.not_being_heard`, `complaint.words_needed`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_answer(uow.actor, standing).require()
    row.answer = casework.required(body, "body")
    row.answered_by, row.answered_at = casework.acting_user(uow), uow.now
    casework.move(uow, row, ComplaintState.INVESTIGATING)
    casework.record(uow, row, ComplaintHeard, answered=True)
