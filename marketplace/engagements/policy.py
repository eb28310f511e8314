"""Who may do what in an engagement, and the one reason why not: pure, one clause a line."""

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from marketplace.accounts.policy import (
    Tie,
    by_fresh_proof,
    by_second_factor,
    may_act,
    may_act_as,
    may_act_for_side,
)
from marketplace.accounts.policy import may_judge as may_judge_between
from marketplace.catalogue.rules.items import OpenTo
from marketplace.engagements import rules
from marketplace.institutions.policy import Listing, may_be_picked
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import ALLOWED, Decision

_DEPARTMENT = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, Role.BUDGET_OFFICER)
_CLIENTS = (Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)
_ASSOCIATION = (Role.ASSOCIATION_EXAMINER, Role.ASSOCIATION_APPROVER)


@dataclass(frozen=True)
class Standing:
    """What the policies ask of an engagement.

    `association_id` is the association competent for the item where the institution sits; `trail`
    says who has acted for whom in it, and in what it came from. `lapsed_on` is the day that is over
    for an answer or a contract, whether or not the platform has ended it yet. `former` are the
    enterprises that it passed from: they still read it. `goes_on` says whether anything can be done
    about it now, `may_begin` whether it may start, as features above say it (`standings.GOES_ON`).
    """

    state: rules.State
    origin: rules.Origin
    client_id: int
    client_kind: rules.ClientKind
    provider_id: int
    paused_by: rules.Side | None = None
    association_id: int | None = None
    trail: frozenset[Tie] = field(default_factory=frozenset)
    lapsed_on: date | None = None
    former: frozenset[int] = field(default_factory=frozenset)
    goes_on: Decision = ALLOWED
    may_begin: Decision = ALLOWED


@dataclass(frozen=True)
class HandoverStanding:
    """What the policies ask of work whose project has another enterprise by now.

    `to_id` is that enterprise, once it is registered here; `supervisor_id` the office that settles
    what the two do not, `ties` whom it is recused from.
    """

    state: rules.HandoverState
    from_id: int
    to_id: int | None
    provider_id: int
    under_way: bool
    from_agreed: bool = False
    to_agreed: bool = False
    supervisor_id: int | None = None
    ties: frozenset[Tie] = field(default_factory=frozenset)
    trail: frozenset[Tie] = field(default_factory=frozenset)


@dataclass(frozen=True)
class ChoiceStanding:
    """What the policies ask of work whose listing was removed."""

    client_id: int
    under_way: bool
    way: rules.Way | None = None
    trail: frozenset[Tie] = field(default_factory=frozenset)


class Offer(Listing, Protocol):
    """What the policies ask of a listing: whose it is, and whether it is in the market."""

    @property
    def organisation_id(self) -> int: ...


def is_client(actor: Actor, client_id: int) -> bool:
    """Whether the actor speaks for the client: an enterprise's agent or a department's officer."""
    return actor.acts_for(client_id) and actor.has(*_CLIENTS)


def is_provider(actor: Actor, provider_id: int) -> bool:
    """Whether the actor is an agent of the institution at work."""
    return actor.acts_for(provider_id) and actor.has(Role.INSTITUTION_AGENT)


def side_of(actor: Actor, engagement: Standing) -> rules.Side | None:
    """The party the actor acts for; None for everybody who only reads."""
    if is_provider(actor, engagement.provider_id):
        return rules.Side.PROVIDER
    acting = (
        Role.ENTERPRISE_AGENT
        if engagement.client_kind is rules.ClientKind.ENTERPRISE
        else Role.DEPARTMENT_OFFICER
    )
    if actor.acts_for(engagement.client_id) and actor.has(acting):
        return rules.Side.CLIENT
    return None


def may_see(actor: Actor, engagement: Standing) -> bool:
    """The parties; their department's staff, the competent association and supervisors read."""
    if side_of(actor, engagement) is not None:
        return True
    if actor.acts_for(engagement.client_id) and actor.has(*_DEPARTMENT):
        return engagement.client_kind is rules.ClientKind.DEPARTMENT
    if actor.acts_for(engagement.association_id) and actor.has(*_ASSOCIATION):
        return True
    if actor.organisation_id in engagement.former and actor.has(Role.ENTERPRISE_AGENT):
        return True
    return actor.has(Role.SUPERVISOR)


def may_list(actor: Actor) -> bool:
    """Enterprises, departments and institutions have engagements of their own."""
    return actor.has(Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT, *_DEPARTMENT)


@by_second_factor
def may_request(actor: Actor) -> Decision:
    """A confirmed agent of an enterprise picks; departments choose by competition only."""
    acts = may_act_as(actor, Role.ENTERPRISE_AGENT)
    if not acts.allowed:
        return acts
    if not actor.is_a(Capacity.ENTERPRISE):
        return Decision("engagement.not_an_enterprise")
    return ALLOWED


def may_commission(open_to: OpenTo) -> Decision:
    """An item that only departments commission is not for enterprises, nor one that has ended."""
    if open_to == OpenTo.NOBODY:
        return Decision("catalogue.item_ended")
    if open_to == OpenTo.DEPARTMENT:
        return Decision("engagement.item_for_departments")
    return ALLOWED


def may_choose_offer(actor: Actor, offer: Offer) -> Decision:
    """Whom a client picks, asks for a quotation or moves to: another, admitted at this instant."""
    if actor.acts_for(offer.organisation_id):
        return Decision("engagement.own_institution")
    return may_be_picked(offer)


def _acts(actor: Actor, engagement: Standing, *sides: rules.Side) -> Decision:
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    if side_of(actor, engagement) not in sides:
        only = sides[0] if len(sides) == 1 else None
        return Decision(f"engagement.only_{only}" if only else "engagement.only_parties")
    if engagement.state in rules.ENDED:
        return Decision("engagement.ended")
    if engagement.lapsed_on is not None:
        return Decision("engagement.lapsed_on", {"day": engagement.lapsed_on})
    if not engagement.goes_on:
        return engagement.goes_on
    return may_act_for_side(actor, engagement.trail)


@by_second_factor
def may_take_on(actor: Actor, engagement: Standing) -> Decision:
    """The institution answers a request."""
    acts = _acts(actor, engagement, rules.Side.PROVIDER)
    if acts.allowed and engagement.state is not rules.State.REQUESTED:
        return Decision("engagement.answered")
    return acts


@by_second_factor
def may_decline(actor: Actor, engagement: Standing) -> Decision:
    """Whoever may take it on may decline."""
    return may_take_on(actor, engagement)


@by_second_factor
def may_cancel(actor: Actor, engagement: Standing) -> Decision:
    """Before there is a contract: the client takes a request back, either side steps back later.

    A department is bound by the award it has published; the winner may still step back.
    """
    acts = _acts(actor, engagement, rules.Side.CLIENT, rules.Side.PROVIDER)
    if not acts.allowed:
        return acts
    if engagement.state not in {rules.State.REQUESTED, rules.State.TAKEN_ON}:
        return Decision("engagement.contract_stands")
    side = side_of(actor, engagement)
    if engagement.state is rules.State.REQUESTED and side is rules.Side.PROVIDER:
        return Decision("engagement.decline_instead")
    if engagement.origin is rules.Origin.AWARD and side is rules.Side.CLIENT:
        return Decision("engagement.award_stands")
    return ALLOWED


def may_contract(actor: Actor, engagement: Standing) -> Decision:
    """Either side, once it is taken on; and to change the contract while the work goes on."""
    acts = _acts(actor, engagement, rules.Side.CLIENT, rules.Side.PROVIDER)
    if not acts.allowed or engagement.state in rules.AGREEABLE:
        return acts
    if engagement.state is rules.State.REQUESTED:
        return Decision("engagement.not_taken_on")
    with_client = engagement.state is rules.State.DELIVERED
    return Decision("engagement.with_client" if with_client else "engagement.work_accepted")


@by_second_factor
def may_start(actor: Actor, engagement: Standing) -> Decision:
    """The client confirms that the materials are complete, which starts the provider's clock."""
    acts = _acts(actor, engagement, rules.Side.CLIENT)
    if not acts.allowed:
        return acts
    if engagement.state in {rules.State.REQUESTED, rules.State.TAKEN_ON}:
        return Decision("engagement.no_contract")
    if engagement.state is not rules.State.CONTRACTED:
        return Decision("engagement.clock_runs")
    return engagement.may_begin


def _running(engagement: Standing) -> Decision:
    if engagement.state is rules.State.PAUSED:
        return Decision("engagement.clock_stands")
    if engagement.state is rules.State.DELIVERED:
        return Decision("engagement.with_client")
    if engagement.state in rules.DONE:
        return Decision("engagement.work_accepted")
    if engagement.state not in rules.RUNNING:
        return Decision("engagement.not_started")
    return ALLOWED


def may_pause(actor: Actor, engagement: Standing) -> Decision:
    """Either side stops the running clock, with a reason and evidence that the other sees."""
    acts = _acts(actor, engagement, rules.Side.CLIENT, rules.Side.PROVIDER)
    return _running(engagement) if acts.allowed else acts


def may_resume(actor: Actor, engagement: Standing) -> Decision:
    """The side that paused goes on; the client may end any pause."""
    acts = _acts(actor, engagement, rules.Side.CLIENT, rules.Side.PROVIDER)
    if not acts.allowed:
        return acts
    if engagement.state is not rules.State.PAUSED:
        return Decision("engagement.not_paused")
    if side_of(actor, engagement) not in {rules.Side.CLIENT, engagement.paused_by}:
        return Decision("engagement.paused_by_client")
    return ALLOWED


@by_second_factor
def may_deliver(actor: Actor, engagement: Standing) -> Decision:
    """The institution hands a version in while its clock runs."""
    acts = _acts(actor, engagement, rules.Side.PROVIDER)
    return _running(engagement) if acts.allowed else acts


@by_second_factor
@by_fresh_proof
def may_judge(actor: Actor, engagement: Standing) -> Decision:
    """The client accepts a delivered version, or returns it."""
    acts = _acts(actor, engagement, rules.Side.CLIENT)
    if not acts.allowed:
        return acts
    if engagement.state in rules.DONE:
        return Decision("engagement.work_accepted")
    if engagement.state is not rules.State.DELIVERED:
        return Decision("engagement.nothing_delivered")
    return ALLOWED


@by_second_factor
def may_terminate(actor: Actor, engagement: Standing) -> Decision:
    """Either side ends it, with reasons, between the contract and the acceptance."""
    acts = _acts(actor, engagement, rules.Side.CLIENT, rules.Side.PROVIDER)
    if not acts.allowed:
        return acts
    if engagement.state in {rules.State.REQUESTED, rules.State.TAKEN_ON}:
        return Decision("engagement.cancel_instead")
    if engagement.state not in rules.TERMINABLE:
        return Decision("engagement.work_accepted")
    return ALLOWED


@by_second_factor
def may_move(actor: Actor, engagement: Standing) -> Decision:
    """An enterprise ends it and goes on with another institution; departments compete again."""
    ends = may_terminate(actor, engagement)
    if not ends.allowed:
        return ends
    if side_of(actor, engagement) is not rules.Side.CLIENT:
        return Decision("engagement.only_client")
    if engagement.client_kind is rules.ClientKind.DEPARTMENT:
        return Decision("engagement.compete_again")
    return ALLOWED


def may_choose(actor: Actor, found: ChoiceStanding) -> Decision:
    """The client keeps or moves work under way whose listing was removed, once."""
    if not is_client(actor, found.client_id):
        return Decision("engagement.only_client")
    if found.way is not None:
        return Decision("moving.already_chosen")
    if not found.under_way:
        return Decision("moving.not_under_way")
    return may_act(actor) and may_act_for_side(actor, found.trail)


def is_between(actor: Actor, found: HandoverStanding) -> bool:
    """Whether the actor is a confirmed agent of one of the two enterprises."""
    home = actor.acts_for(found.from_id) or actor.acts_for(found.to_id)
    return home and actor.has(Role.ENTERPRISE_AGENT) and not actor.provisional


def may_see_handover(actor: Actor, found: HandoverStanding) -> bool:
    """The two enterprises, the institution at work, and the supervisor."""
    if is_between(actor, found) or is_provider(actor, found.provider_id):
        return True
    return actor.has(Role.SUPERVISOR)


def _may_say(actor: Actor, found: HandoverStanding) -> Decision:
    acts = may_act(actor)
    if not acts.allowed:
        return acts
    if not is_between(actor, found):
        return Decision("handover.only_enterprises")
    if found.state not in rules.HANDOVER_OPEN:
        return Decision("handover.settled")
    if not found.under_way:
        return Decision("handover.work_over")
    return may_act_for_side(actor, found.trail)


@by_second_factor
@by_fresh_proof
def may_agree(actor: Actor, found: HandoverStanding) -> Decision:
    """Each of the two enterprises agrees once that the work passes."""
    says = _may_say(actor, found)
    if not says.allowed:
        return says
    if found.to_id == found.provider_id:
        return Decision("engagement.own_institution")
    if found.from_agreed if actor.acts_for(found.from_id) else found.to_agreed:
        return Decision("handover.agreed_already")
    return says


@by_second_factor
def may_keep_where_it_is(actor: Actor, found: HandoverStanding) -> Decision:
    """Each of the two alone can leave the work with the enterprise that commissioned it."""
    return _may_say(actor, found)


@by_second_factor
def may_settle_handover(actor: Actor, found: HandoverStanding) -> Decision:
    """The supervisor of the region settles what the two have not settled in time."""
    acts = may_act_as(actor, Role.SUPERVISOR)
    if not acts.allowed:
        return acts
    if found.state not in rules.HANDOVER_OPEN:
        return Decision("handover.settled")
    if found.state is not rules.HandoverState.REFERRED:
        return Decision("handover.not_referred")
    if not actor.acts_for(found.supervisor_id):
        return Decision("account.not_your_organisation")
    if not found.under_way:
        return Decision("handover.work_over")
    return may_judge_between(actor, found.ties, found.from_id, found.to_id)


def may_pass(found: HandoverStanding, *, passes: bool) -> Decision:
    """Work passes to an enterprise that is registered here and is not at work on it itself."""
    if passes and found.to_id is None:
        return Decision("handover.nobody_there")
    if passes and found.to_id == found.provider_id:
        return Decision("engagement.own_institution")
    return ALLOWED


def may_open_award(actor: Actor) -> Decision:
    """Only an award opens the engagement of a department; the platform follows it."""
    return may_settle(actor)


def may_settle(actor: Actor) -> Decision:
    """What time, payments and awards bring about is done by the platform itself."""
    return ALLOWED if actor.is_system else Decision("engagement.only_platform")
