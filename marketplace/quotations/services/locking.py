"""Locks of rounds and requests, always the round first, and how what is locked stands."""

from marketplace.accounts import queries as accounts
from marketplace.accounts.policy import Tie
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.projects import services as project_services
from marketplace.quotations import policy
from marketplace.quotations.models import QuotationRequest, QuotationRound
from marketplace.quotations.rules import RequestState


def lock_round(uow: UnitOfWork, key: int | str) -> tuple[QuotationRound, policy.RoundStanding]:
    """Lock the client's own round and say how it stands; to others it does not exist."""
    row = uow.lock(QuotationRound, key)
    standing = standing_of(uow, row)
    if not policy.is_client(uow.actor, standing):
        raise NotFound
    return row, standing


def trail_of(uow: UnitOfWork, row: QuotationRound) -> frozenset[Tie]:
    """Who has acted for whom in a round that is locked."""
    return accounts.trail(uow.session, {"quotation_round": (row.id,)})


def standing_of(uow: UnitOfWork, row: QuotationRound) -> policy.RoundStanding:
    """What the policies ask of a round."""
    return policy.RoundStanding(
        row.state,
        row.client_id,
        answers_in(row),
        over=uow.now >= row.closes_at,
        trail=trail_of(uow, row),
    )


def answers_in(row: QuotationRound) -> int:
    """How many of those asked have answered."""
    return sum(request.state is RequestState.ANSWERED for request in row.requests)


def lock_request(uow: UnitOfWork, key: int | str) -> tuple[QuotationRound, QuotationRequest]:
    """Lock the round before the request, as everybody does; to others neither exists."""
    found = uow.find(QuotationRequest, key)
    quotation_round = uow.lock(QuotationRound, found.round_id)
    row = uow.lock(QuotationRequest, found.id)
    if not policy.is_asked(uow.actor, request_standing(uow, quotation_round, row)):
        raise NotFound
    return quotation_round, row


def request_standing(
    uow: UnitOfWork, quotation_round: QuotationRound, row: QuotationRequest
) -> policy.RequestStanding:
    """What the policies ask of one institution's part in a round that is locked."""
    return policy.RequestStanding(
        row.state,
        quotation_round.state,
        row.provider_id,
        over=uow.now >= quotation_round.closes_at,
        trail=trail_of(uow, quotation_round),
    )


def require_independent(
    uow: UnitOfWork, project_id: int, item_code: str, organisation_id: int
) -> None:
    """Nobody is asked, or answers, who prepared what the item examines."""
    project_services.require_independent(
        uow, project_id=project_id, item_code=item_code, organisation_id=organisation_id
    )
