"""Who may do what in a competition, and the one reason why not: pure, one clause a line."""

from dataclasses import dataclass, field
from datetime import date, datetime

from marketplace.accounts.policy import (
    Tie,
    by_fresh_proof,
    by_second_factor,
    may_act_as,
    may_act_for_side,
    may_judge_among,
)
from marketplace.catalogue.rules.items import OpenTo
from marketplace.competitions.rules import SEALED, CompetitionState, Failure
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision

_S = CompetitionState
STAFF = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER, Role.BUDGET_OFFICER)
OFFICERS = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)


@dataclass(frozen=True)
class Standing:
    """What the policies ask of a competition.

    `authors` are the people who wrote or proposed the notice, `reruns_left` how often the work may
    still be put out again after a failure; `trail` says who has acted for whom in it;
    `ties` are those that count between people and the entrants whose seals are broken;
    `award_stands` that the days of objection are over and nothing holds the award.
    """

    state: CompetitionState
    department_id: int
    authors: frozenset[int] = field(default_factory=frozenset)
    opening_requested_by: int | None = None
    evaluated_by: int | None = None
    closes_at: datetime | None = None
    failure: Failure | None = None
    reruns_left: int = 0
    trail: frozenset[Tie] = field(default_factory=frozenset)
    ties: frozenset[Tie] = field(default_factory=frozenset)
    award_stands: bool = False


@dataclass(frozen=True)
class BidStanding:
    """What the policies ask of the bid of the actor's institution."""

    live: bool = False
    justify_by: date | None = None
    justified: bool = False


def may_see(actor: Actor, department_id: int) -> bool:
    """The department's own people see the working side of a competition."""
    return actor.acts_for(department_id) and actor.has(*STAFF)


def may_commission(open_to: OpenTo) -> Decision:
    """An item that only enterprises commission is put out by no department, through no door."""
    if open_to in {OpenTo.ENTERPRISE, OpenTo.NOBODY}:
        return Decision("competition.item_for_enterprises")
    return ALLOWED


def may_manage(actor: Actor) -> bool:
    """Departments have a list of their competitions."""
    return actor.has(*STAFF)


def may_draft(actor: Actor) -> Decision:
    """An officer of a department writes the notice."""
    return may_act_as(actor, Role.DEPARTMENT_OFFICER)


def _in_department(actor: Actor, one: Standing, *roles: Role) -> Decision:
    if not actor.acts_for(one.department_id):
        return Decision("competition.not_your_department")
    return may_act_as(actor, *roles) and may_act_for_side(actor, one.trail)


def _officer_when(
    actor: Actor, one: Standing, states: frozenset[CompetitionState], reason: str, *roles: Role
) -> Decision:
    inside = _in_department(actor, one, *(roles or (Role.DEPARTMENT_OFFICER,)))
    if not inside.allowed:
        return inside
    return ALLOWED if one.state in states else Decision(reason)


def may_edit(actor: Actor, one: Standing) -> Decision:
    """A draft is changed by an officer; what was proposed is sent back first."""
    return _officer_when(actor, one, frozenset({_S.DRAFT}), "competition.not_a_draft")


def may_propose(actor: Actor, one: Standing) -> Decision:
    """An officer hands the draft to an approver."""
    return _officer_when(actor, one, frozenset({_S.DRAFT}), "competition.not_a_draft")


def may_send_back(actor: Actor, one: Standing) -> Decision:
    """An approver asks for changes."""
    return _officer_when(
        actor,
        one,
        frozenset({_S.PROPOSED}),
        "competition.not_proposed",
        Role.DEPARTMENT_APPROVER,
    )


@by_second_factor
def may_publish(actor: Actor, one: Standing) -> Decision:
    """An approver who is none of the notice's authors publishes it."""
    proposed = may_send_back(actor, one)
    if not proposed.allowed:
        return proposed
    if any(actor.is_person(author) for author in one.authors):
        return Decision("competition.own_proposal")
    return ALLOWED


def _free_of_entrants(actor: Actor, one: Standing) -> Decision:
    """Nobody with a tie to an entrant judges the bids, or what comes of them."""
    return may_judge_among(actor, one.ties)


@by_second_factor
def may_cancel(actor: Actor, one: Standing) -> Decision:
    """An approver calls it off while bids are sealed, or without ties before the award holds."""
    running = _officer_when(
        actor,
        one,
        SEALED | {_S.AWARD_PUBLISHED},
        "competition.not_cancellable",
        Role.DEPARTMENT_APPROVER,
    )
    if running.allowed and one.award_stands:
        return Decision("competition.award_stands")
    return running and _free_of_entrants(actor, one)


def may_answer(actor: Actor, one: Standing, now: datetime) -> Decision:
    """Questions are answered while there is time to bid."""
    running = _officer_when(
        actor, one, frozenset({_S.PUBLISHED}), "competition.not_open", *OFFICERS
    )
    if running.allowed and one.closes_at is not None and now >= one.closes_at:
        return Decision("competition.not_open")
    return running


@by_second_factor
@by_fresh_proof
def may_request_opening(actor: Actor, one: Standing) -> Decision:
    """One person asks for the opening once sign-up is closed."""
    return _officer_when(actor, one, frozenset({_S.CLOSED}), "competition.not_closed", *OFFICERS)


def may_withdraw_opening(actor: Actor, one: Standing) -> Decision:
    """The request for the opening is taken back."""
    return _officer_when(
        actor,
        one,
        frozenset({_S.OPENING_REQUESTED}),
        "competition.no_opening_requested",
        *OFFICERS,
    )


@by_second_factor
@by_fresh_proof
def may_confirm_opening(actor: Actor, one: Standing) -> Decision:
    """Another person than the one who asked breaks the seals."""
    requested = may_withdraw_opening(actor, one)
    if not requested.allowed:
        return requested
    if actor.is_person(one.opening_requested_by):
        return Decision("competition.needs_second_officer")
    return ALLOWED


@by_second_factor
def may_evaluate(actor: Actor, one: Standing) -> Decision:
    """An officer without ties marks, judges and excludes while the bids are open and unranked."""
    inside = _officer_when(actor, one, frozenset({_S.OPENED}), "competition.not_opened")
    return inside and _free_of_entrants(actor, one)


@by_second_factor
def may_publish_award(actor: Actor, one: Standing) -> Decision:
    """An approver without ties who did not evaluate publishes the award."""
    evaluated = _officer_when(
        actor,
        one,
        frozenset({_S.EVALUATED}),
        "competition.not_evaluated",
        Role.DEPARTMENT_APPROVER,
    )
    if not evaluated.allowed:
        return evaluated
    if actor.is_person(one.evaluated_by):
        return Decision("competition.own_evaluation")
    return _free_of_entrants(actor, one)


@by_second_factor
def may_fail(actor: Actor, one: Standing) -> Decision:
    """An approver without ties ends it without an award, with public reasons."""
    inside = _officer_when(
        actor,
        one,
        frozenset({_S.OPENED, _S.EVALUATED}),
        "competition.not_evaluated",
        Role.DEPARTMENT_APPROVER,
    )
    return inside and _free_of_entrants(actor, one)


def may_rerun(actor: Actor, one: Standing) -> Decision:
    """After a failure the work may be put out once more."""
    failed = _officer_when(actor, one, frozenset({_S.FAILED}), "competition.not_failed")
    if failed.allowed and one.reruns_left < 1:
        return Decision("competition.no_rerun_left")
    return failed


def _agent(actor: Actor, one: Standing) -> Decision:
    return may_act_as(actor, Role.INSTITUTION_AGENT) and may_act_for_side(actor, one.trail)


def _may_take_part(actor: Actor, one: Standing, now: datetime) -> Decision:
    agent = _agent(actor, one)
    if not agent.allowed:
        return agent
    if one.state is not _S.PUBLISHED or one.closes_at is None or now >= one.closes_at:
        return Decision("competition.not_open")
    return ALLOWED


def may_ask(actor: Actor, one: Standing, now: datetime) -> Decision:
    """Institutions ask while sign-up lasts; question and answer are public."""
    return _may_take_part(actor, one, now)


@by_second_factor
def may_bid(actor: Actor, one: Standing, now: datetime) -> Decision:
    """Institutions bid before the closing instant, never at it or after."""
    return _may_take_part(actor, one, now)


@by_second_factor
def may_withdraw_bid(actor: Actor, one: Standing, bid: BidStanding, now: datetime) -> Decision:
    """A bid is taken back before the closing instant only."""
    open_still = _may_take_part(actor, one, now)
    if open_still.allowed and not bid.live:
        return Decision("competition.no_bid")
    return open_still


@by_second_factor
def may_justify(actor: Actor, one: Standing, bid: BidStanding, today: date) -> Decision:
    """A bidder whose price is flagged as very low explains it within the days of the rulebook."""
    agent = _agent(actor, one)
    if not agent.allowed:
        return agent
    if one.state is not _S.OPENED or not bid.live or bid.justify_by is None:
        return Decision("competition.nothing_to_justify")
    if bid.justified:
        return Decision("competition.already_justified")
    if today > bid.justify_by:
        return Decision("competition.justification_over")
    return ALLOWED
