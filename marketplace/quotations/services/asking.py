"""What the client of a round does: ask, close, withdraw, pick.

Everybody locks the round first, then the request; of two acts at once the second is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.engagements import services as engagements
from marketplace.engagements.policy import may_choose_offer, may_commission
from marketplace.engagements.services import EngagementRef, Paper
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import optional, required
from marketplace.kernel.times import end_of_day, local_date
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.policy import may_mirror
from marketplace.quotations import events, policy, rules
from marketplace.quotations.models import Quotation, QuotationRequest, QuotationRound
from marketplace.quotations.rules import RequestState, RoundState
from marketplace.quotations.services import locking


@dataclass(frozen=True)
class RoundRef:
    """A round that was just opened."""

    id: int
    public_id: str
    number: str


def open_round(
    uow: UnitOfWork,
    *,
    project: int | str,
    item_code: str,
    listings: Sequence[int | str],
    answer_by: date,
    variant: str = "",
    words: str = "",
    papers: Sequence[Paper] = (),
    need_confirmed: bool = False,
) -> RoundRef:
    """Ask up to five admitted institutions for a quotation for one item of one's own project.

    Every listing is held until the act ends, so that none is asked that is suspended or removed
    at that instant. Refuses `listing.not_admitted`, `quoting.too_many_asked`,
    `quoting.already_open`, dates too early or too late, `project.item_taken`, which says who
    holds the item, and what the project does not need. Another enterprise's project does not
    exist (`NotFound`).
    """
    today, project_id = local_date(uow.now), engagements.own_project(uow, project)
    keys = list(dict.fromkeys(listings))
    rules.check_asked(keys, _most(uow, today))
    rules.check_answer_by(answer_by, today)
    item = _open_item(uow, item_code)
    held = _hold(uow, keys, item_code)
    project_services.require_need(
        uow, project_id=project_id, item_code=item_code, need_confirmed=need_confirmed
    )
    for one in held:
        locking.require_independent(uow, project_id, item_code, one.organisation_id)
    row = QuotationRound(
        number=next_number(uow.session, "BJ", today.year),
        client_id=uow.actor.organisation_id,
        project_id=project_id,
        **_asked_for(item, variant),
        body=optional(words, "words"),
        answer_by=answer_by,
        closes_at=end_of_day(answer_by),
        asked_by=uow.user_id,
        opened_at=uow.now,
        requests=[
            QuotationRequest(listing_id=one.id, provider_id=one.organisation_id) for one in held
        ],
    )
    _add_only_one(uow, row)
    engagements.keep(uow, papers, owner_kind="quotation_round", owner_id=row.id, kind="brief")
    ids = tuple(one.id for one in held)
    uow.record(events.RoundOpened.of(row, listing_ids=ids, answer_by=answer_by))
    return RoundRef(row.id, row.public_id, row.number)


def _most(uow: UnitOfWork, today: date) -> int:
    return int(catalogue.rule(uow.session, "engagement.quotation_max_asked", today))


def _open_item(uow: UnitOfWork, code: str) -> ItemRow:
    """An item that enterprises may commission."""
    item = catalogue.item(uow.session, code, local_date(uow.now))
    may_commission(item.open_to).require()
    return item


def _asked_for(item: ItemRow, variant: str) -> dict[str, object]:
    """What of the item a round keeps: its version, who may commission it, the class, the limit."""
    chosen, limit = engagements.chosen_class(item, variant)
    return {
        "item_code": item.code,
        "item_version_id": item.version_id,
        "open_to": item.open_to,
        "variant": chosen,
        "limit_days": limit.value,
    }


def _hold(uow: UnitOfWork, keys: Sequence[int | str], item_code: str) -> list[ListingRow]:
    """Lock the listings, always in the same order, so that two rounds never wait for each other."""
    rows = [institutions.listing(uow.session, key) for key in keys]
    held = []
    for row in sorted(rows, key=lambda one: (one.institution_id, one.id)):
        if row.item_code != item_code:
            raise Refused("engagement.other_item", field="listings")
        held.append(institution_services.require_admitted(uow, row.id))
        may_choose_offer(uow.actor, held[-1]).require()
    return held


def _add_only_one(uow: UnitOfWork, row: QuotationRound) -> None:
    """Of two rounds for the same item at once, the second is refused."""
    same = select(QuotationRound.id).where(
        QuotationRound.project_id == row.project_id,
        QuotationRound.item_code == row.item_code,
        QuotationRound.state == RoundState.OPEN,
    )
    if uow.session.scalar(same) is not None:
        raise Refused("quoting.already_open")
    try:
        uow.add(row)
    except IntegrityError:
        raise Refused("quoting.already_open") from None


def close_round(uow: UnitOfWork, *, quotation_round: int | str) -> None:
    """The client closes early, once somebody has answered; the answers are shown from then on."""
    row, standing = locking.lock_round(uow, quotation_round)
    policy.may_close(uow.actor, standing).require()
    _close(uow, row)


def settle_round(uow: UnitOfWork, *, quotation_round: int) -> bool:
    """Close a round whose day has ended; False when another worker or the client was first."""
    row = uow.lock(QuotationRound, quotation_round)
    if row.state is not RoundState.OPEN or row.closes_at > uow.now:
        return False
    policy.may_close(uow.actor, locking.standing_of(uow, row)).require()
    _close(uow, row)
    return True


def _close(uow: UnitOfWork, row: QuotationRound) -> None:
    row.state = rules.step_round(row.state, RoundState.CLOSED)
    row.closed_at = uow.now
    _expire(row)
    uow.record(events.RoundClosed.of(row, answers=locking.answers_in(row)))


def _expire(row: QuotationRound) -> None:
    for request in row.requests:
        if request.state is RequestState.ASKED:
            request.state = rules.step_request(request.state, RequestState.EXPIRED)


def withdraw_round(uow: UnitOfWork, *, quotation_round: int | str, reason: str) -> None:
    """Give the question up, with a reason that everybody asked reads."""
    row, standing = locking.lock_round(uow, quotation_round)
    policy.may_withdraw(uow.actor, standing).require()
    _withdraw(uow, row, required(reason, "reason"))


def _withdraw(uow: UnitOfWork, row: QuotationRound, reason: str) -> None:
    row.reason = reason
    row.closed_at = row.closed_at or uow.now
    row.ended_at = uow.now
    row.state = rules.step_round(row.state, RoundState.WITHDRAWN)
    _expire(row)
    uow.record(events.RoundWithdrawn.of(row))


def follow_project(uow: UnitOfWork, project_id: int) -> None:
    """The project has another enterprise: rounds of the one before end, everybody asked is told."""
    may_mirror(uow.actor).require()
    owner_id = projects.project(uow.session, project_id).enterprise_id
    query = select(QuotationRound.id).where(
        QuotationRound.project_id == project_id,
        QuotationRound.client_id.is_distinct_from(owner_id),
        QuotationRound.state.in_(rules.LIVE_ROUNDS),
    )
    for key in uow.session.scalars(query.order_by(QuotationRound.id)).all():
        row = uow.lock(QuotationRound, key)
        if row.state in rules.LIVE_ROUNDS:
            _withdraw(uow, row, rules.HANDED_OVER)


def pick_quotation(
    uow: UnitOfWork,
    *,
    quotation: int | str,
    reason: str,
    words: str = "",
    need_confirmed: bool = False,
) -> EngagementRef:
    """Pick one of the answers: the engagement is requested with the days that were quoted.

    Everybody else who quoted reads the `reason`. Both happen in this act or neither. Refuses what
    `request_engagement` refuses, as when the institution is not admitted any more; then the round
    stays closed and another may be picked.
    """
    row, standing = locking.lock_round(uow, _round_of(uow, quotation))
    policy.may_pick(uow.actor, standing).require()
    request, found = _answer(row, quotation)
    row.picked_because = required(reason, "reason")
    made = engagements.request_engagement(
        uow,
        project_id=row.project_id,
        item_code=row.item_code,
        listing_id=request.listing_id,
        variant=row.variant,
        limit_days=found.days,
        quotation_id=found.id,
        words=words,
        need_confirmed=need_confirmed,
    )
    row.picked_quotation_id, row.engagement_id = found.id, made.id
    row.ended_at = uow.now
    row.state = rules.step_round(row.state, RoundState.PICKED)
    uow.record(
        events.RoundPicked.of(
            row, quotation_id=found.id, request_id=request.id, engagement_id=made.id
        )
    )
    return made


def _round_of(uow: UnitOfWork, quotation: int | str) -> int:
    """The round a quotation belongs to: only its key, for what it says is read under the lock."""
    column = Quotation.public_id if isinstance(quotation, str) else Quotation.id
    query = select(QuotationRequest.round_id).join(Quotation).where(column == quotation)
    found = uow.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _answer(row: QuotationRound, key: int | str) -> tuple[QuotationRequest, Quotation]:
    """The request whose present answer has this key."""
    for request in row.requests:
        if request.state is RequestState.ANSWERED:
            last = request.quotations[-1]
            if key in (last.id, last.public_id):
                return request, last
    raise Refused("quoting.not_the_answer")
