"""Who may do what about accounts, one clause a line."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol

from marketplace.accounts import rules
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import ALLOWED, Decision, Proof, asks_for

P = ParamSpec("P")
May = Callable[Concatenate[Actor, P], Decision]


def by_second_factor(may: May[P]) -> May[P]:
    """Signing, bidding, deciding and paying take a second factor: the flag of such a policy.

    Whoever has none reads everything as before, and is led to set it up.
    """

    @wraps(may)
    def asked(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
        decision = may(actor, *args, **kwargs)
        if decision and not (actor.is_system or actor.second_factor):
            return Decision("account.second_factor_to_act")
        return decision

    asks_for(asked, Proof.SECOND_FACTOR)
    return asked


def by_fresh_proof(may: May[P]) -> May[P]:
    """Signing, confirming, opening and what secures an account: the flag of such a policy.

    Whoever was away from the keys for longer than `account.fresh_proof_minutes` proves once more
    who they are. The act stays on offer, its service refuses until then.
    """

    @wraps(may)
    def asked(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
        decision = may(actor, *args, **kwargs)
        if decision and not (actor.is_system or actor.proven):
            return replace(decision, proof_due=True)
        return decision

    asks_for(asked, Proof.FRESH)
    return asked


class Roles(Protocol):
    """What the policies ask about a member."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def user_id(self) -> int: ...


def may_act(actor: Actor) -> Decision:
    """Whether the actor may submit, pick, bid or decide at all: every policy's first clause."""
    if actor.is_system:
        return ALLOWED
    if not actor.signed_in:
        return Decision("request.sign_in")
    if actor.organisation_id is None:
        return Decision("account.no_membership")
    if actor.provisional:
        return Decision("account.provisional")
    return ALLOWED


def may_act_as(actor: Actor, *roles: Role) -> Decision:
    """`may_act`, and the membership holds one of the roles."""
    decision = may_act(actor)
    if decision and not actor.is_system and not actor.has(*roles):
        return Decision("account.not_your_role")
    return decision


def may_manage_colleagues(actor: Actor, organisation_id: int) -> Decision:
    """Administrators of the organisation, also while they are provisional."""
    if actor.is_system:
        return ALLOWED
    if not actor.signed_in:
        return Decision("request.sign_in")
    if not actor.acts_for(organisation_id):
        return Decision("account.not_your_organisation")
    if not actor.has(Role.ORGANISATION_ADMIN):
        return Decision("account.not_your_role")
    return ALLOWED


def may_grant(roles: Collection[Role], capacities: Collection[Capacity]) -> Decision:
    """At least one role, and only roles that the organisation's capacities know."""
    if not roles:
        return Decision("account.no_roles")
    if not set(roles) <= set(rules.grantable_roles(capacities)):
        return Decision("account.role_not_of_organisation")
    if rules.duties_conflict(roles, ()):
        return Decision("account.three_duties")
    return ALLOWED


def may_grant_duties(
    actor: Actor, roles: Collection[Role], capacities: Collection[Capacity]
) -> Decision:
    """`may_grant`; the three administrator roles are given by the system administrator only."""
    decision = may_grant(roles, capacities)
    given = rules.DUTIES & set(roles)
    if decision and given and not (actor.is_system or actor.has(Role.SYSTEM_ADMIN)):
        return Decision("account.duties_by_operator")
    return decision


def may_answer_request(actor: Actor, organisation_id: int, claimant_id: int) -> Decision:
    """Confirmed administrators answer; nobody answers their own request."""
    decision = may_manage_colleagues(actor, organisation_id)
    if not decision:
        return decision
    if actor.is_person(claimant_id):
        return Decision("account.own_request")
    return ALLOWED


def may_dispute(actor: Actor, claimant_id: int) -> Decision:
    """Only whoever asked."""
    if not actor.signed_in:
        return Decision("request.sign_in")
    if actor.user_id != claimant_id:
        return Decision("account.not_your_request")
    return ALLOWED


def may_run_accounts(actor: Actor) -> Decision:
    """The operator's system administrator, who takes in codes and settles what is disputed."""
    if actor.is_system:
        return ALLOWED
    if not actor.signed_in:
        return Decision("request.sign_in")
    if not actor.has(Role.SYSTEM_ADMIN):
        return Decision("account.not_your_role")
    return ALLOWED


@by_fresh_proof
def may_make_accounts(actor: Actor) -> Decision:
    """Organisations and staff accounts are made by the operator's system administrator."""
    return may_run_accounts(actor)


@by_second_factor
def may_settle_dispute(actor: Actor, claimant_id: int) -> Decision:
    """The operator's system administrator, not about their own request."""
    decision = may_run_accounts(actor)
    if decision and actor.is_person(claimant_id):
        return Decision("account.own_request")
    return decision


def may_confirm_authorisation(actor: Actor) -> Decision:
    """The operator, or who decides in the vetting that read the letter: of an association, or of
    the supervisor where the association is the applicant.
    """
    if actor.is_system:
        return ALLOWED
    return may_act_as(actor, Role.SYSTEM_ADMIN, Role.ASSOCIATION_APPROVER, Role.SUPERVISOR)


@by_fresh_proof
def may_secure_account(actor: Actor, user_id: int) -> Decision:
    """The security administrator unlocks, ends sessions, resets second factors of others."""
    if actor.is_system:
        return ALLOWED
    if not actor.signed_in:
        return Decision("request.sign_in")
    if not actor.has(Role.SECURITY_ADMIN):
        return Decision("account.not_your_role")
    if actor.is_person(user_id):
        return Decision("account.own_security")
    return ALLOWED


@by_fresh_proof
def may_secure_own_account(actor: Actor) -> Decision:
    """Everybody decides over what lets them in: sessions, second factor, the number they go by."""
    return ALLOWED if actor.signed_in else Decision("request.sign_in")


def may_switch(capacities: Collection[Capacity], *, has_second_factor: bool) -> Decision:
    """Acting for a public body or association needs a second factor."""
    if rules.needs_second_factor(capacities) and not has_second_factor:
        return Decision("account.second_factor_needed")
    return ALLOWED


def may_drop_second_factor(capacities: Collection[Capacity]) -> Decision:
    """Optional for agents of institutions and enterprises only."""
    if rules.needs_second_factor(capacities):
        return Decision("account.second_factor_required")
    return ALLOWED


@by_fresh_proof
def may_make_tokens(actor: Actor) -> Decision:
    """Confirmed administrators let programs act through their own membership."""
    return may_act_as(actor, Role.ORGANISATION_ADMIN)


def may_revoke_token(actor: Actor, organisation_id: int) -> Decision:
    """Every administrator of the organisation, also for the tokens of colleagues."""
    return may_manage_colleagues(actor, organisation_id)


@dataclass(frozen=True)
class Tie:
    """What ties a person to an organisation: a membership that counts, a declaration, an act."""

    user_id: int
    organisation_id: int


def recused(person: int | None, subject: int, ties: Collection[Tie]) -> bool:
    """Whether a person judges nothing about an organisation: the one rule for every feature.

    Tied is who belongs to it, or did within the past year, and who has declared a tie to it
    (`accounts.queries.ties`). People are compared, not roles or the organisation acted for.
    """
    return person is not None and Tie(person, subject) in ties


def may_judge(actor: Actor, ties: Collection[Tie], *subjects: int | None) -> Decision:
    """Whether the actor is recused from a matter of any of these organisations."""
    if any(one is not None and recused(actor.user_id, one, ties) for one in subjects):
        return Decision("account.recused")
    return ALLOWED


def may_judge_among(actor: Actor, ties: Collection[Tie]) -> Decision:
    """Whether the actor is recused from a matter of all the organisations these ties lead to."""
    return may_judge(actor, ties, *{tie.organisation_id for tie in ties})


def may_act_for_side(actor: Actor, trail: Collection[Tie]) -> Decision:
    """Whether the actor has kept to one side of a record: a person acts for one side only.

    `trail` says who has acted for whom in it (`accounts.queries.trail`). People are compared: not
    even a second account acts for the other side.
    """
    for one in trail:
        if actor.is_person(one.user_id) and not actor.acts_for(one.organisation_id):
            return Decision("account.other_side")
    return ALLOWED
