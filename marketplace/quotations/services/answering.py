"""What the institutions asked do: quote, quote better, or say that there will be no quotation."""

from collections.abc import Sequence

from marketplace.catalogue import queries as catalogue
from marketplace.engagements import services as engagements
from marketplace.engagements.services import Paper
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institution_services
from marketplace.kernel.texts import optional, required
from marketplace.quotations import events, policy, rules
from marketplace.quotations.models import Quotation
from marketplace.quotations.queries.rounds import limit_of
from marketplace.quotations.rules import RequestState
from marketplace.quotations.services import locking


def answer_request(
    uow: UnitOfWork,
    *,
    request: int | str,
    price_fen: int,
    days: int,
    words: str = "",
    conditions: str = "",
    papers: Sequence[Paper] = (),
) -> str:
    """Give a quotation, or a better one while the round is open; returns its public id.

    Each is a version of its own, and the last one counts. Refuses days above the item's limit,
    a round that is closed, and an institution that is not admitted at this instant. To everybody
    who was not asked the request does not exist (`NotFound`).
    """
    quotation_round, row = locking.lock_request(uow, request)
    policy.may_answer(uow.actor, locking.request_standing(uow, quotation_round, row)).require()
    item = catalogue.item_version(uow.session, quotation_round.item_version_id)
    rules.check_quotation(price_fen, days, limit_of(quotation_round, item))
    institution_services.require_admitted(uow, row.listing_id)
    locking.require_independent(
        uow, quotation_round.project_id, quotation_round.item_code, row.provider_id
    )
    quotation = Quotation(
        request_id=row.id,
        version=len(row.quotations) + 1,
        price_fen=price_fen,
        days=days,
        body=optional(words, "words"),
        conditions=optional(conditions, "conditions"),
        given_by=uow.user_id,
        given_at=uow.now,
    )
    row.quotations.append(quotation)
    uow.add(quotation)
    if row.state is not RequestState.ANSWERED:
        row.state = rules.step_request(row.state, RequestState.ANSWERED)
    row.answered_at = uow.now
    engagements.keep(uow, papers, owner_kind="quotation", owner_id=quotation.id, kind="offer")
    uow.record(
        events.QuotationGiven.of(
            quotation_round,
            request_id=row.id,
            quotation_id=quotation.id,
            provider_id=row.provider_id,
            version=quotation.version,
        )
    )
    return quotation.public_id


def decline_request(uow: UnitOfWork, *, request: int | str, reason: str) -> None:
    """Say that there will be no quotation, with a reason; what was quoted before is taken back."""
    quotation_round, row = locking.lock_request(uow, request)
    policy.may_decline(uow.actor, locking.request_standing(uow, quotation_round, row)).require()
    row.reason = required(reason, "reason")
    row.answered_at = uow.now
    row.state = rules.step_request(row.state, RequestState.DECLINED)
    uow.record(
        events.QuotationDeclined.of(quotation_round, request_id=row.id, provider_id=row.provider_id)
    )
