"""A second claim on a registered credit code: its administrators answer, the operator settles."""

from collections.abc import Collection

from marketplace.accounts import policy, rules
from marketplace.accounts.events import (
    DisputeDismissed,
    DisputeUpheld,
    MembershipRequestAccepted,
    MembershipRequestDisputed,
    MembershipRequestRefused,
)
from marketplace.accounts.models import MembershipRequest, Organisation, User
from marketplace.accounts.rules import REQUEST_STEPS, RequestState
from marketplace.accounts.services.memberships import begin_membership, capacities_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.steps import step


def accept_request(uow: UnitOfWork, *, request: str, roles: Collection[Role]) -> None:
    """The administrators let the claimant act for their organisation with these roles."""
    row = _asked_of_us(uow, request)
    capacities = capacities_of(uow, row.organisation_id)
    policy.may_grant_duties(uow.actor, roles, capacities).require()
    _answer(uow, row, RequestState.ACCEPTED, "")
    begin_membership(
        uow,
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        roles=roles,
        provisional=uow.actor.provisional,
    )
    uow.record(MembershipRequestAccepted(row.id, row.user_id, row.organisation_id))


def refuse_request(uow: UnitOfWork, *, request: str, reason: str) -> None:
    """The administrators refuse, with a reason; the claimant may dispute it."""
    row = _asked_of_us(uow, request)
    _answer(uow, row, RequestState.REFUSED, reason)
    uow.record(MembershipRequestRefused(row.id, row.user_id, row.organisation_id))


def dispute_request(uow: UnitOfWork, *, request: str, grounds: str) -> None:
    """The claimant asks the operator to decide, instead of the administrators or against them."""
    row = uow.lock(MembershipRequest, request)
    if row.user_id != uow.actor.user_id:
        raise NotFound
    policy.may_dispute(uow.actor, row.user_id).require()
    row.state = _step(row, RequestState.DISPUTED)
    row.dispute = grounds
    uow.record(MembershipRequestDisputed(row.id, row.user_id, row.organisation_id))


def settle_dispute(uow: UnitOfWork, *, request: str, upheld: bool, reason: str) -> None:
    """The operator decides a dispute, with a reason both sides read.

    Upheld, the claimant becomes an administrator of the organisation, authorised by the decision;
    who else may act for it is then theirs, or the operator's, to decide.
    """
    row = uow.lock(MembershipRequest, request)
    policy.may_settle_dispute(uow.actor, row.user_id).require()
    _answer(uow, row, RequestState.UPHELD if upheld else RequestState.DISMISSED, reason)
    if not upheld:
        uow.record(DisputeDismissed(row.id, row.user_id, row.organisation_id))
        return
    begin_membership(
        uow,
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        roles=rules.grantable_roles(capacities_of(uow, row.organisation_id)),
        provisional=False,
    )
    uow.record(DisputeUpheld(row.id, row.user_id, row.organisation_id))


def _asked_of_us(uow: UnitOfWork, request: str) -> MembershipRequest:
    row = uow.lock(MembershipRequest, request)
    if not uow.actor.acts_for(row.organisation_id):
        raise NotFound
    # The person before the organisation, as everywhere.
    uow.lock(User, row.user_id)
    uow.lock(Organisation, row.organisation_id)
    policy.may_answer_request(uow.actor, row.organisation_id, row.user_id).require()
    return row


def _answer(uow: UnitOfWork, row: MembershipRequest, state: RequestState, reason: str) -> None:
    if uow.actor.user_id is None:
        raise Refused("request.sign_in")
    row.state = _step(row, state)
    row.answered_by_id, row.answered_at, row.answer = uow.actor.user_id, uow.now, reason


def _step(row: MembershipRequest, target: RequestState) -> RequestState:
    return step(REQUEST_STEPS, RequestState(row.state), target, "account.request_settled")
