"""The institution's side of a quotation round: answer, improve the answer, decline."""

from collections.abc import Sequence

from marketplace.engagements import quoting_policy as policy
from marketplace.engagements.events.quoting import QuotationDeclined, QuotationGiven
from marketplace.engagements.models.quoting import Quotation, QuotationRequest, QuotationRound
from marketplace.engagements.rules import quoting as rules
from marketplace.engagements.rules.quoting import RequestState
from marketplace.engagements.services import working
from marketplace.engagements.services.working import Paper
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institution_services
from marketplace.kernel.errors import NotFound


def answer_request(
    uow: UnitOfWork,
    *,
    request: int | str,
    price_fen: int,
    days: int,
    words: str = "",
    papers: Sequence[Paper] = (),
) -> str:
    """Give a quotation, or a better one while the round is open; returns its public id.

    Each is a version of its own, and the last one counts. Refuses days above the item's limit,
    a round that is closed, and an institution that is not admitted at this instant. To everybody
    who was not asked the request does not exist (`NotFound`).
    """
    quotation_round, row = _lock(uow, request)
    policy.may_answer(uow.actor, _standing(quotation_round, row)).require()
    rules.check_quotation(price_fen, days, quotation_round.limit_days)
    institution_services.require_admitted(uow, row.listing_id)
    quotation = Quotation(
        request_id=row.id,
        version=len(row.quotations) + 1,
        price_fen=price_fen,
        days=days,
        body=words.strip(),
        given_by=working.acting_user(uow),
        given_at=uow.now,
    )
    row.quotations.append(quotation)
    uow.add(quotation)
    if row.state is not RequestState.ANSWERED:
        row.state = rules.step_request(row.state, RequestState.ANSWERED)
    row.answered_at = uow.now
    working.keep(uow, papers, owner_kind="quotation", owner_id=quotation.id, kind="offer")
    uow.record(
        QuotationGiven(
            subject_id=quotation_round.id,
            client_id=quotation_round.client_id,
            project_id=quotation_round.project_id,
            item_code=quotation_round.item_code,
            request_id=row.id,
            quotation_id=quotation.id,
            provider_id=row.provider_id,
            version=quotation.version,
        )
    )
    return quotation.public_id


def decline_request(uow: UnitOfWork, *, request: int | str, reason: str) -> None:
    """Say that there will be no quotation, with a reason; what was quoted before is taken back."""
    quotation_round, row = _lock(uow, request)
    policy.may_decline(uow.actor, _standing(quotation_round, row)).require()
    row.reason = working.required(reason, "reason")
    row.answered_at = uow.now
    row.state = rules.step_request(row.state, RequestState.DECLINED)
    uow.record(
        QuotationDeclined(
            subject_id=quotation_round.id,
            client_id=quotation_round.client_id,
            project_id=quotation_round.project_id,
            item_code=quotation_round.item_code,
            request_id=row.id,
            provider_id=row.provider_id,
        )
    )


def _lock(uow: UnitOfWork, key: int | str) -> tuple[QuotationRound, QuotationRequest]:
    """Lock the round before the request, as everybody does; to others neither exists."""
    found = uow.find(QuotationRequest, key)
    quotation_round = uow.lock(QuotationRound, found.round_id)
    row = uow.lock(QuotationRequest, found.id)
    if not policy.is_asked(uow.actor, _standing(quotation_round, row)):
        raise NotFound
    return quotation_round, row


def _standing(quotation_round: QuotationRound, row: QuotationRequest) -> policy.RequestStanding:
    return policy.RequestStanding(row.state, quotation_round.state, row.provider_id)
