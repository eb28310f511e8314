"""The decision: proposed by one person, decided by another, reviewed by the supervisor."""

from marketplace.complaints import policy
from marketplace.complaints.events import (
    ComplaintDecided,
    ComplaintProposed,
    ComplaintReviewed,
    ComplaintSentBack,
)
from marketplace.complaints.rules import ComplaintState
from marketplace.complaints.services import casework
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused


def propose_decision(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """Propose what to decide, with the reasons the parties will read.

    Refuses `complaint.other_side_first`, `complaint.not_investigated`,
    `complaint.proposed_already`, `complaint.words_needed`, `complaint.outcome_needed`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_propose(uow.actor, standing).require()
    row.proposed_outcome = casework.known_outcome(outcome)
    row.proposed_reason = casework.required(reason, "reason")
    row.proposer_id, row.send_back_reason = casework.acting_user(uow), ""
    casework.record(
        uow,
        row,
        ComplaintProposed,
        outcome=row.proposed_outcome,
        proposer_id=row.proposer_id,
    )


def send_back_complaint(uow: UnitOfWork, *, complaint: int | str, reason: str) -> None:
    """Do not follow the proposal; it is investigated further.

    Refuses `complaint.own_proposal`, `complaint.not_proposed`, `complaint.words_needed`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_decide(uow.actor, standing).require()
    row.send_back_reason = casework.required(reason, "reason")
    proposer_id, row.proposer_id = row.proposer_id, None
    row.proposed_outcome = row.proposed_reason = ""
    casework.record(uow, row, ComplaintSentBack, proposer_id=proposer_id)


def decide_complaint(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, by another person than the proposer, with reasons.

    Refuses `complaint.own_proposal`, `complaint.not_a_decider`, `complaint.not_proposed`,
    `complaint.differs_from_proposal` (send it back instead), `complaint.words_needed`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_decide(uow.actor, standing).require()
    decided = casework.known_outcome(outcome)
    if decided != row.proposed_outcome:
        raise Refused("complaint.differs_from_proposal", field="outcome")
    row.reason = casework.required(reason, "reason")
    row.outcome, row.decider_id, row.decided_at = decided, casework.acting_user(uow), uow.now
    casework.move(uow, row, ComplaintState(decided.value))
    casework.record(
        uow,
        row,
        ComplaintDecided,
        outcome=decided.value,
        item_code=row.item_code,
        listing_id=row.listing_id,
    )


def review_complaint(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """The supervisor looks at an answer once more; what the review says holds from now on.

    Refuses `complaint.supervisor_only`, `complaint.own_decision`, `complaint.not_decided`.
    """
    row, standing = casework.lock_complaint(uow, complaint)
    policy.may_review(uow.actor, standing).require()
    row.outcome = casework.known_outcome(outcome)
    row.review_reason = casework.required(reason, "reason")
    row.reviewer_id = casework.acting_user(uow)
    casework.move(uow, row, ComplaintState.REVIEWED)
    # Nothing is left to wait for: the next tick closes it.
    row.attention_at = uow.now
    casework.record(
        uow,
        row,
        ComplaintReviewed,
        outcome=row.outcome,
        item_code=row.item_code,
        listing_id=row.listing_id,
    )
