"""Memberships and roles: begun, ended, asked for with a registered credit code, disputed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import events, models, policy, rules
from marketplace.accounts.rules import REQUEST_STEPS, RequestState
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.steps import step
from marketplace.kernel.texts import required


@dataclass(frozen=True)
class Leaving:
    """A member who has just lost a role or left, and who takes over what they had in hand."""

    user_id: int
    organisation_id: int
    successor_id: int | None = None


# What features above do with what a leaving member has in hand, in the same act.
HAND_OVER: dict[str, Callable[[UnitOfWork, Leaving], None]] = {}


def hand_over(uow: UnitOfWork, leaving: Leaving) -> None:
    """Give what the person can no longer do to the successor, or back to where it came from."""
    for hands_over in HAND_OVER.values():
        hands_over(uow, leaving)


def capacities_of(uow: UnitOfWork, organisation_id: int) -> frozenset[Capacity]:
    """The capacities of an organisation."""
    query = select(models.OrganisationCapacity.capacity).where(
        models.OrganisationCapacity.organisation_id == organisation_id
    )
    return frozenset(uow.session.scalars(query))


def active_membership(
    uow: UnitOfWork, user_id: int, organisation_id: int
) -> models.Membership | None:
    """The one active membership of a person in an organisation, if any."""
    return uow.session.scalars(
        select(models.Membership).where(
            models.Membership.user_id == user_id,
            models.Membership.organisation_id == organisation_id,
            models.Membership.ended_at.is_(None),
        )
    ).one_or_none()


def begin_membership(
    uow: UnitOfWork,
    *,
    user_id: int,
    organisation_id: int,
    roles: Collection[Role],
    provisional: bool,
) -> models.Membership:
    """Make the person a member with these roles, provisional or not; the caller has decided.

    Nobody is provisional in an organisation whose authorisation was confirmed meanwhile.
    Refuses `account.already_member`, roles the organisation does not have, and a second of the
    operator's three administrator roles for one person.
    """
    _lock_person(uow, user_id)
    policy.may_grant(roles, capacities_of(uow, organisation_id)).require()
    if active_membership(uow, user_id, organisation_id) is not None:
        raise Refused("account.already_member")
    organisation = uow.lock(models.Organisation, organisation_id)
    membership = uow.add(
        models.Membership(
            user_id=user_id,
            organisation_id=organisation_id,
            begins_at=uow.now,
            provisional=provisional and organisation.authorised_at is None,
        )
    )
    _grant(uow, membership, roles)
    uow.record(events.MembershipBegun.of(membership))
    return membership


def _lock_person(uow: UnitOfWork, user_id: int) -> None:
    """All accounts of the person, in order: two acts about one person never wait for each other."""
    person = select(models.User).where(models.User.of_person(user_id)).order_by(models.User.id)
    uow.session.scalars(person.with_for_update()).all()


def _grant(uow: UnitOfWork, membership: models.Membership, roles: Collection[Role]) -> None:
    person = select(models.User.id).where(models.User.of_person(membership.user_id))
    held = uow.session.scalars(
        select(models.MembershipRole.role).where(
            models.MembershipRole.user_id.in_(person),
            models.MembershipRole.ended_at.is_(None),
        )
    )
    if rules.duties_conflict(roles, list(held)):
        raise Refused("account.three_duties")
    for role in sorted(roles):
        uow.session.add(
            models.MembershipRole(
                membership_id=membership.id,
                user_id=membership.user_id,
                role=role,
                granted_at=uow.now,
            )
        )
    uow.session.flush()


def replace_roles(uow: UnitOfWork, membership: models.Membership, roles: Collection[Role]) -> None:
    """End the roles that are not wanted any more and grant the new ones; the caller has decided.

    Refuses to take the role of administrator from an organisation's last one.
    """
    _lock_person(uow, membership.user_id)
    held = _active_roles(uow, membership.id)
    if Role.ORGANISATION_ADMIN not in roles:
        _keep_an_administrator(uow, membership)
    for row in held:
        if row.role not in roles:
            row.ended_at = uow.now
    uow.session.flush()
    _grant(uow, membership, {role for role in roles if role not in {row.role for row in held}})
    uow.record(events.RolesChanged.of(membership, roles=tuple(sorted(roles))))


def withdraw_roles(
    uow: UnitOfWork,
    organisation_id: int,
    roles: Collection[Role],
    *,
    everything: bool,
    at: datetime,
) -> None:
    """Take these roles from all members of an organisation, or end `everything` they are there.

    For an organisation that is one thing less, which the caller has decided and records; its row
    is locked. `at` is the real instant, by which sessions live.
    """
    query = select(models.Membership).where(
        models.Membership.organisation_id == organisation_id,
        models.Membership.ended_at.is_(None),
    )
    for membership in uow.session.scalars(query.order_by(models.Membership.id).with_for_update()):
        if everything:
            _end_membership(uow, membership, at)
            continue
        held = _active_roles(uow, membership.id)
        lost = [row for row in held if row.role in roles]
        for row in lost:
            row.ended_at = uow.now
        if lost:
            left = tuple(sorted(row.role for row in held if row not in lost))
            uow.record(events.RolesChanged.of(membership, roles=left))


def close_membership(uow: UnitOfWork, membership: models.Membership, *, at: datetime) -> None:
    """End a membership, its roles and the sessions that act through it; the caller has decided.

    `at` is the real instant, by which sessions live.
    Refuses to end the membership of an organisation's last administrator.
    """
    _keep_an_administrator(uow, membership)
    _end_membership(uow, membership, at)


def _end_membership(uow: UnitOfWork, membership: models.Membership, at: datetime) -> None:
    membership.ended_at = uow.now
    for row in _active_roles(uow, membership.id):
        row.ended_at = uow.now
    sessions = select(models.UserSession).where(
        models.UserSession.membership_id == membership.id, models.UserSession.ended_at.is_(None)
    )
    for session in uow.session.scalars(sessions):
        session.ended_at, session.end_reason = at, "membership"
    uow.record(events.MembershipEnded.of(membership))


def active_roles(uow: UnitOfWork, membership_id: int) -> frozenset[Role]:
    """What a membership may do now."""
    return frozenset(row.role for row in _active_roles(uow, membership_id))


def _active_roles(uow: UnitOfWork, membership_id: int) -> list[models.MembershipRole]:
    query = select(models.MembershipRole).where(
        models.MembershipRole.membership_id == membership_id,
        models.MembershipRole.ended_at.is_(None),
    )
    return list(uow.session.scalars(query))


def _keep_an_administrator(uow: UnitOfWork, leaving: models.Membership) -> None:
    """An organisation always has an administrator; its row is locked while that is decided."""
    uow.lock(models.Organisation, leaving.organisation_id)
    if Role.ORGANISATION_ADMIN not in active_roles(uow, leaving.id):
        return
    others = uow.session.scalars(
        select(models.MembershipRole.id)
        .join(models.Membership, models.Membership.id == models.MembershipRole.membership_id)
        .where(
            models.Membership.organisation_id == leaving.organisation_id,
            models.Membership.ended_at.is_(None),
            models.Membership.id != leaving.id,
            models.MembershipRole.role == Role.ORGANISATION_ADMIN,
            models.MembershipRole.ended_at.is_(None),
        )
    ).first()
    if others is None:
        raise Refused("account.last_administrator")


def declare_tie(uow: UnitOfWork, *, organisation_id: int, kind: str, key: int) -> None:
    """Note that the actor has a tie to an organisation and judges nothing about it any more.

    Declared in the record of this kind and key, whose own event tells of it. Whether the actor
    may, the caller has asked. Declared twice at once it stands once.
    """
    uow.lock(models.User, uow.user_id)
    known = select(models.Recusal.id).where(
        models.Recusal.user_id == uow.user_id, models.Recusal.organisation_id == organisation_id
    )
    if uow.session.scalar(known) is not None:
        return
    uow.add(
        models.Recusal(
            user_id=uow.user_id,
            organisation_id=organisation_id,
            record_kind=kind,
            record_id=key,
            declared_at=uow.now,
        )
    )


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
    uow.record(events.MembershipRequestAccepted.of(row))


def refuse_request(uow: UnitOfWork, *, request: str, reason: str) -> None:
    """The administrators refuse, with a reason; the claimant may dispute it."""
    row = _asked_of_us(uow, request)
    _answer(uow, row, RequestState.REFUSED, required(reason, "reason", most=500))
    uow.record(events.MembershipRequestRefused.of(row))


def dispute_request(uow: UnitOfWork, *, request: str, grounds: str) -> None:
    """The claimant asks the operator to decide, instead of the administrators or against them."""
    row = uow.lock(models.MembershipRequest, request)
    if row.user_id != uow.actor.user_id:
        raise NotFound
    policy.may_dispute(uow.actor, row.user_id).require()
    row.state = _step(row, RequestState.DISPUTED)
    row.dispute = required(grounds, "grounds", most=1000)
    uow.record(events.MembershipRequestDisputed.of(row))


def settle_dispute(uow: UnitOfWork, *, request: str, upheld: bool, reason: str) -> None:
    """The operator decides a dispute, with a reason both sides read.

    Upheld, the claimant becomes an administrator of the organisation, authorised by the decision;
    who else may act for it is then theirs, or the operator's, to decide.
    """
    row = uow.lock(models.MembershipRequest, request)
    policy.may_settle_dispute(uow.actor, row.user_id).require()
    state = RequestState.UPHELD if upheld else RequestState.DISMISSED
    _answer(uow, row, state, required(reason, "reason", most=500))
    if not upheld:
        uow.record(events.DisputeDismissed.of(row))
        return
    begin_membership(
        uow,
        user_id=row.user_id,
        organisation_id=row.organisation_id,
        roles=rules.grantable_roles(capacities_of(uow, row.organisation_id)),
        provisional=False,
    )
    uow.record(events.DisputeUpheld.of(row))


def _asked_of_us(uow: UnitOfWork, request: str) -> models.MembershipRequest:
    row = uow.lock(models.MembershipRequest, request)
    if not uow.actor.acts_for(row.organisation_id):
        raise NotFound
    # The person before the organisation, as everywhere.
    uow.lock(models.User, row.user_id)
    uow.lock(models.Organisation, row.organisation_id)
    policy.may_answer_request(uow.actor, row.organisation_id, row.user_id).require()
    return row


def _answer(
    uow: UnitOfWork, row: models.MembershipRequest, state: RequestState, reason: str
) -> None:
    row.state = _step(row, state)
    row.answered_by_id, row.answered_at, row.answer = uow.user_id, uow.now, reason


def _step(row: models.MembershipRequest, target: RequestState) -> RequestState:
    return step(REQUEST_STEPS, row.state, target, "account.request_settled")


def address_request(uow: UnitOfWork, *, request_id: int, to: Collection[int]) -> None:
    """Address a letter about a request to each of these people."""
    for user_id in to:
        uow.record(events.RequestTold(request_id, user_id=user_id))


def address_authorisation(uow: UnitOfWork, *, organisation_id: int, to: Collection[int]) -> None:
    """Address a letter about the confirmed authorisation to each of these people."""
    for user_id in to:
        uow.record(events.AuthorisationTold(organisation_id, user_id=user_id))
