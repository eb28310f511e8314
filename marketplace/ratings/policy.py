"""Who may rate, revise and reply: pure, one clause a line."""

from dataclasses import dataclass, field
from datetime import date

from marketplace.accounts.policy import Tie, may_act, may_act_for_side
from marketplace.engagements.policy import is_client, is_provider
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision


@dataclass(frozen=True)
class RatingStanding:
    """What the policies ask of an engagement and its rating.

    `rate_by` is the last day for rating, None before the acceptance; `revise_by` the last day
    for the one revision, None without a rating.
    """

    client_id: int
    provider_id: int
    today: date
    rate_by: date | None = None
    rated: bool = False
    revise_by: date | None = None
    revised: bool = False
    replied: bool = False
    trail: frozenset[Tie] = field(default_factory=frozenset)


def may_rate(actor: Actor, found: RatingStanding) -> Decision:
    """The client rates once, after the acceptance and within the days the rulebook gives."""
    if not is_client(actor, found.client_id):
        return Decision("rating.not_the_client")
    if found.rated:
        return Decision("rating.already_rated")
    if found.rate_by is None:
        return Decision("rating.not_accepted")
    if found.today > found.rate_by:
        return Decision("rating.too_late")
    return may_act(actor) and may_act_for_side(actor, found.trail)


def may_revise(actor: Actor, found: RatingStanding) -> Decision:
    """The client changes its rating once, within the days the rulebook gives."""
    if not is_client(actor, found.client_id):
        return Decision("rating.not_the_client")
    if not found.rated or found.revise_by is None:
        return Decision("rating.not_rated")
    if found.revised:
        return Decision("rating.already_revised")
    if found.today > found.revise_by:
        return Decision("rating.revision_too_late")
    return may_act(actor) and may_act_for_side(actor, found.trail)


def may_reply(actor: Actor, found: RatingStanding) -> Decision:
    """The institution replies once."""
    if not is_provider(actor, found.provider_id):
        return Decision("rating.not_the_provider")
    if not found.rated:
        return Decision("rating.not_rated")
    if found.replied:
        return Decision("rating.already_replied")
    return may_act(actor) and may_act_for_side(actor, found.trail)
