"""Marking, judging explanations, excluding, and the order that follows."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.competitions import events, policy, rules
from marketplace.competitions.models import Bid, BidScore, Competition
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.queries.rows import OpenedBid
from marketplace.competitions.rules import (
    CompetitionState,
    Contender,
    Failure,
    Method,
    Placing,
    Weight,
)
from marketplace.competitions.services import working
from marketplace.competitions.services.notices import fail
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules import independence
from marketplace.institutions.rules.market import ListingState
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.projects import queries as projects

Marks = Mapping[tuple[str, int], Decimal]
_HUNDRED = Decimal(100)


def record_scores(uow: UnitOfWork, *, competition: int | str, marks: Marks) -> None:
    """Keep marks of 0 to 100 by (bid's public id, criterion); the price is never marked by hand."""
    row, standing = working.lock_own(uow, competition)
    policy.may_evaluate(uow.actor, standing).require()
    bids = {bid.public_id: bid.id for bid in sealed.opened_bids(uow.session, row.id)}
    to_mark = {one.id for one in row.criteria if not one.is_price}
    for (bid_key, criterion_id), mark in marks.items():
        if bid_key not in bids or criterion_id not in to_mark:
            raise NotFound
        if not 0 <= mark <= _HUNDRED:
            raise Refused("competition.mark_out_of_range")
        score = _score(uow, bids[bid_key], criterion_id)
        score.mark_hundredths = int(mark * 100)
        score.scored_by, score.scored_at = uow.user_id, uow.now
    uow.record(events.ScoresRecorded.of(row, marks=len(marks)))


def judge_justification(
    uow: UnitOfWork, *, competition: int | str, bid: str, accepted: bool, reason: str
) -> None:
    """Accept or refuse the explanation of a very low price, with reasons; refused, it is out."""
    row, standing = working.lock_own(uow, competition)
    policy.may_evaluate(uow.actor, standing).require()
    judged = _bid(uow, row, bid)
    if judged.justified_at is None:
        raise Refused("competition.nothing_to_judge")
    judged.justification_accepted = accepted
    judged.judged_by = uow.user_id
    judged.judged_words = required(reason, "reason")
    found = events.JustificationJudged.of(row, bid_id=judged.id, accepted=accepted)
    uow.record(found, words=judged.judged_words)


def exclude_bid(uow: UnitOfWork, *, competition: int | str, bid: str, reason: str) -> None:
    """Leave a bid out that does not answer the notice, with public reasons."""
    row, standing = working.lock_own(uow, competition)
    policy.may_evaluate(uow.actor, standing).require()
    excluded = _bid(uow, row, bid)
    if excluded.cause:
        raise Refused("competition.already_excluded")
    exclude(uow, row, excluded, "not_conforming", required(reason, "reason"))


def exclude(uow: UnitOfWork, row: Competition, bid: Bid, cause: str, words: str = "") -> None:
    """The bid is out; it keeps its place in the record with the cause."""
    bid.cause, bid.cause_words, bid.rank = cause, words, None
    uow.flush()
    uow.record(events.BidExcluded.of(row, bid_id=bid.id, cause=cause))


def evaluate_bids(uow: UnitOfWork, *, competition: int | str, reason: str) -> CompetitionState:
    """Put the valid bids in order, by price or by score, or fail where too few are left.

    Ties, entrants that belong together, and listings suspended since are looked at again and
    excluded. Refuses while a very low price may still be explained, or its explanation was not
    judged, and while a mark is missing.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_evaluate(uow.actor, standing).require()
    reason = required(reason, "reason")
    bids = sealed.opened_bids(uow.session, row.id)
    _refuse_while_unexplained(uow, bids)
    causes = _dependent(uow, row, bids) | _not_admitted(uow, bids)
    fewest = reading.fewest_entrants(uow.session, row, working.today(uow))
    # Who was no independent entrant at the opening does not become one by what changed since.
    dependent = {bid.id for bid in bids if bid.cause in rules.DEPENDENT}
    enough = len(bids) - len(causes.keys() | dependent) >= fewest
    causes |= {bid.id: cause for bid in bids if (cause := _price_cause(bid)) and not bid.cause}
    valid = [bid for bid in bids if not bid.cause and bid.id not in causes]
    placings = _order(uow, row, valid) if enough and valid else ()
    for bid in bids:
        if bid.id in causes and not bid.cause:
            exclude(uow, row, uow.lock(Bid, bid.id), causes[bid.id])
    if not placings:
        why = Failure.NO_VALID_BID if enough else Failure.TOO_FEW_INDEPENDENT
        fail(uow, row, why, reason=reason)
        return row.state
    _keep(uow, placings)
    working.move(uow, row, CompetitionState.EVALUATED)
    row.evaluated_by, row.evaluated_at = uow.user_id, uow.now
    uow.record(events.CompetitionEvaluated.of(row, ranked=len(placings)), words=reason)
    return row.state


def _refuse_while_unexplained(uow: UnitOfWork, bids: tuple[OpenedBid, ...]) -> None:
    today = working.today(uow)
    for bid in bids:
        if bid.cause or not bid.low_priced:
            continue
        if bid.justified_at is None and bid.justify_by is not None and today <= bid.justify_by:
            raise Refused("competition.justification_open", name=bid.name, day=bid.justify_by)
        if bid.to_judge:
            raise Refused("competition.justification_unjudged", name=bid.name)


def _price_cause(bid: OpenedBid) -> str:
    if not bid.low_priced:
        return ""
    if bid.justified_at is None:
        return "price_unexplained"
    return "" if bid.justification_accepted else "price_not_accepted"


def exclude_dependent(
    uow: UnitOfWork, row: Competition, bids: tuple[OpenedBid, ...]
) -> frozenset[int]:
    """At the opening: whoever is tied to the department or belongs together is out, all of them."""
    causes = _dependent(uow, row, bids)
    for key, cause in causes.items():
        exclude(uow, row, uow.lock(Bid, key), cause)
    return frozenset(causes)


def _dependent(uow: UnitOfWork, row: Competition, bids: tuple[OpenedBid, ...]) -> dict[int, str]:
    """Bids of entrants tied to the department, that belong together, or to what is examined."""
    behind = institutions.backgrounds(uow.session, {bid.organisation_id for bid in bids})
    department = accounts.organisation(uow.session, row.department_id)
    prepared = projects.conflicts(uow.session, row.project_id, row.item_code, behind)
    causes: dict[int, str] = {}
    for bid in bids:
        mine = behind[bid.organisation_id]
        if independence.tied_to(mine, department.name, department.credit_code):
            causes[bid.id] = "tied"
        elif independence.related_to(mine, behind.values()) is not None:
            causes[bid.id] = "related"
        elif bid.organisation_id in prepared:
            causes[bid.id] = "prepared"
    return causes


def _not_admitted(uow: UnitOfWork, bids: tuple[OpenedBid, ...]) -> dict[int, str]:
    """Bids whose listing is not admitted any more."""
    listings = institutions.listings(uow.session, [bid.listing_id for bid in bids])
    return {
        bid.id: "not_admitted"
        for bid in bids
        if listings[bid.listing_id].state is not ListingState.ADMITTED
    }


def _order(uow: UnitOfWork, row: Competition, valid: list[OpenedBid]) -> tuple[Placing, ...]:
    scores = sealed.scores(uow.session, [bid.id for bid in valid])
    contenders = [
        Contender(
            bid.id,
            bid.price_fen,
            bid.promised_days,
            bid.placed_at,
            {
                criterion: score.mark
                for (key, criterion), score in scores.items()
                if key == bid.id and score.mark is not None
            },
        )
        for bid in valid
    ]
    if row.method is Method.LOWEST_PRICE:
        return rules.rank_by_price(contenders)
    weights = {one.id: Weight(one.name, one.weight, one.is_price) for one in row.criteria}
    return rules.rank_by_score(contenders, weights)


def _keep(uow: UnitOfWork, placings: tuple[Placing, ...]) -> None:
    for placing in placings:
        bid = uow.lock(Bid, placing.key)
        bid.rank = placing.rank
        if placing.score is not None:
            bid.score_hundredths = int(placing.score * 100)
        for part in placing.parts:
            score = _score(uow, bid.id, part.criterion)
            score.points_hundredths = int(part.points * 100)
            score.scored_at = uow.now
    uow.flush()


def _score(uow: UnitOfWork, bid_id: int, criterion_id: int) -> BidScore:
    query = select(BidScore).where(BidScore.bid_id == bid_id, BidScore.criterion_id == criterion_id)
    found = uow.session.scalars(query).one_or_none()
    if found is not None:
        return found
    return uow.add(BidScore(bid_id=bid_id, criterion_id=criterion_id, scored_at=uow.now))


def _bid(uow: UnitOfWork, row: Competition, key: str) -> Bid:
    bid = uow.lock(Bid, key)
    if bid.competition_id != row.id or bid.withdrawn_at is not None:
        raise NotFound
    return bid
