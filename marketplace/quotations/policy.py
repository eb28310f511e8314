"""Who may do what in a quotation round: pure, one clause a line."""

from dataclasses import dataclass, field

from marketplace.accounts.policy import Tie, by_second_factor, may_act, may_act_for_side
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.decisions import ALLOWED, Decision
from marketplace.quotations.rules import RequestState, RoundState


@dataclass(frozen=True)
class RoundStanding:
    """What the policies ask of a round."""

    state: RoundState
    client_id: int
    answers: int = 0
    """How many institutions have answered so far."""
    over: bool = False
    """Whether the last day for answers is over, though the platform has not closed it yet."""
    trail: frozenset[Tie] = field(default_factory=frozenset)
    """Who has acted for whom in it."""


@dataclass(frozen=True)
class RequestStanding:
    """What the policies ask of one institution's part in a round."""

    state: RequestState
    round_state: RoundState
    provider_id: int
    over: bool = False
    """Whether the last day for answers is over, though the platform has not closed it yet."""
    trail: frozenset[Tie] = field(default_factory=frozenset)


def _may_act(actor: Actor, found: RoundStanding | RequestStanding) -> Decision:
    return may_act(actor) and may_act_for_side(actor, found.trail)


def is_client(actor: Actor, found: RoundStanding) -> bool:
    """Whether the actor is an agent of the enterprise that asks."""
    return actor.acts_for(found.client_id) and actor.has(Role.ENTERPRISE_AGENT)


def is_asked(actor: Actor, found: RequestStanding) -> bool:
    """Whether the actor is an agent of the institution that was asked, of no other."""
    return actor.acts_for(found.provider_id) and actor.has(Role.INSTITUTION_AGENT)


def may_close(actor: Actor, found: RoundStanding) -> Decision:
    """The client closes early once there is something to compare; the platform on the day."""
    if found.state is not RoundState.OPEN:
        return Decision("quoting.not_open")
    if actor.is_system:
        return ALLOWED
    if not is_client(actor, found):
        return Decision("quoting.not_the_client")
    if not found.answers:
        return Decision("quoting.nothing_answered")
    return _may_act(actor, found)


def may_withdraw(actor: Actor, found: RoundStanding) -> Decision:
    """The client gives the question up until it has picked."""
    if not is_client(actor, found):
        return Decision("quoting.not_the_client")
    if found.state not in {RoundState.OPEN, RoundState.CLOSED}:
        return Decision("quoting.ended")
    return _may_act(actor, found)


def may_answer_question(actor: Actor, found: RoundStanding) -> Decision:
    """The client answers what was asked, for everybody, while it can still change an answer."""
    if not is_client(actor, found):
        return Decision("quoting.not_the_client")
    if found.state is not RoundState.OPEN or found.over:
        return Decision("quoting.not_open")
    return _may_act(actor, found)


def may_see_quotations(found: RoundStanding) -> Decision:
    """Nobody sees an answer of another before the round is closed."""
    if found.state is RoundState.OPEN:
        return Decision("quoting.still_open")
    return ALLOWED


@by_second_factor
def may_pick(actor: Actor, found: RoundStanding) -> Decision:
    """The client picks one of the answers once the round is closed."""
    if not is_client(actor, found):
        return Decision("quoting.not_the_client")
    if found.state is RoundState.OPEN:
        return Decision("quoting.still_open")
    if found.state is not RoundState.CLOSED:
        return Decision("quoting.ended")
    if not found.answers:
        return Decision("quoting.nothing_answered")
    return _may_act(actor, found)


def _may_reply(actor: Actor, found: RequestStanding) -> Decision:
    if not is_asked(actor, found):
        return Decision("quoting.not_asked")
    if found.round_state is not RoundState.OPEN or found.over:
        return Decision("quoting.not_open")
    if found.state not in {RequestState.ASKED, RequestState.ANSWERED}:
        return Decision("quoting.already_declined")
    return _may_act(actor, found)


@by_second_factor
def may_answer(actor: Actor, found: RequestStanding) -> Decision:
    """The institution answers, or improves its answer, until the round closes."""
    return _may_reply(actor, found)


def may_decline(actor: Actor, found: RequestStanding) -> Decision:
    """The institution says no, or takes its answer back, until the round closes."""
    return _may_reply(actor, found)


def may_ask_question(actor: Actor, found: RequestStanding) -> Decision:
    """The institution asks the client, until the round closes."""
    return _may_reply(actor, found)
