"""The states of a competition and of an award, and the steps between them."""

from enum import StrEnum

from marketplace.kernel import steps


class CompetitionState(StrEnum):
    """Where a competition stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    CLOSED = "closed"
    OPENING_REQUESTED = "opening_requested"
    OPENED = "opened"
    EVALUATED = "evaluated"
    AWARD_PUBLISHED = "award_published"
    AWARDED = "awarded"
    CONCLUDED = "concluded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Method(StrEnum):
    """How the winner is found."""

    LOWEST_PRICE = "lowest_price"
    COMPREHENSIVE = "comprehensive"


class AwardState(StrEnum):
    """What became of an award."""

    PUBLISHED = "published"
    AWARDED = "awarded"
    CONCLUDED = "concluded"
    DECLINED = "declined"
    SET_ASIDE = "set_aside"
    CANCELLED = "cancelled"


class Failure(StrEnum):
    """Why a competition failed."""

    TOO_FEW_ENTRANTS = "too_few_entrants"
    TOO_FEW_INDEPENDENT = "too_few_independent"
    NO_VALID_BID = "no_valid_bid"
    NOBODY_NEXT = "nobody_next"
    DECIDED = "decided"


_S = CompetitionState

# The whole life of a competition. The state diagrams of the documentation are drawn from this
# table. An award that its winner declines goes to the next in order; where nobody is next, the
# competition fails.
STEPS: dict[CompetitionState, frozenset[CompetitionState]] = {
    _S.DRAFT: frozenset({_S.PROPOSED}),
    _S.PROPOSED: frozenset({_S.PUBLISHED, _S.DRAFT}),
    _S.PUBLISHED: frozenset({_S.CLOSED, _S.CANCELLED}),
    _S.CLOSED: frozenset({_S.OPENING_REQUESTED, _S.FAILED}),
    _S.OPENING_REQUESTED: frozenset({_S.OPENED, _S.CLOSED}),
    _S.OPENED: frozenset({_S.EVALUATED, _S.FAILED}),
    _S.EVALUATED: frozenset({_S.AWARD_PUBLISHED, _S.FAILED}),
    _S.AWARD_PUBLISHED: frozenset({_S.AWARDED, _S.EVALUATED, _S.CANCELLED}),
    _S.AWARDED: frozenset({_S.CONCLUDED, _S.AWARD_PUBLISHED, _S.FAILED}),
    _S.CONCLUDED: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}

ACTIVE_AWARDS = frozenset({AwardState.PUBLISHED, AwardState.AWARDED, AwardState.CONCLUDED})
# Before these nobody but the department knows of a competition.
PREPARED = frozenset({_S.DRAFT, _S.PROPOSED})
ENDED = frozenset({_S.CONCLUDED, _S.FAILED, _S.CANCELLED})
# The bids are still sealed.
SEALED = frozenset({_S.PUBLISHED, _S.CLOSED, _S.OPENING_REQUESTED})


def step(current: CompetitionState, target: CompetitionState) -> CompetitionState:
    """Return `target` if the step is legal, else raise `Refused("competition.illegal_step")`."""
    return steps.step(STEPS, current, target, "competition.illegal_step")
