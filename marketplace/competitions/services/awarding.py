"""From the order to the award: published, objected to, made, concluded, or passed to the next."""

from sqlalchemy import select

from marketplace.budgets import services as budgets
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.commission_requests import services as commission_requests
from marketplace.competitions import events, policy
from marketplace.competitions.models import Award, AwardHold, Bid, Competition
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.queries.rows import OpenedBid
from marketplace.competitions.rules import AwardState, CompetitionState, Failure
from marketplace.competitions.services import working
from marketplace.competitions.services.evaluating import exclude
from marketplace.competitions.services.notices import about, active_award, close_award, fail
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import services as institutions
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects import services as project_services
from marketplace.projects.queries.reading import is_active

ENGAGEMENT = "engagement"


def publish_award(uow: UnitOfWork, *, competition: int | str, reason: str) -> None:
    """Publish the award to the first in order, by an approver who did not evaluate.

    Whoever is not admitted at that instant is passed over. Objections may be made for the
    rulebook's working days; then the award holds.
    """
    row, standing = working.lock_own(uow, competition)
    policy.may_publish_award(uow.actor, standing).require()
    reason = required(reason, "reason")
    winner = _next_in_order(uow, row)
    if winner is None:
        raise Refused("competition.nobody_next")
    _award(uow, row, winner, uow.user_id, reason)


def fail_competition(uow: UnitOfWork, *, competition: int | str, reason: str) -> None:
    """End without an award, with public reasons; reservation and claim are released."""
    row, standing = working.lock_own(uow, competition)
    policy.may_fail(uow.actor, standing).require()
    fail(uow, row, Failure.DECIDED, reason=required(reason, "reason"))


def make_award(uow: UnitOfWork, row: Competition) -> None:
    """The days of objection are over: the award holds, unless the winner may not be chosen now."""
    award = active_award(uow, row)
    if award is None:
        raise Refused("competition.no_award_to_hold")
    if not _is_admitted(uow, award.listing_id):
        _set_aside(uow, row, award, "not_admitted")
        return
    working.move(uow, row, CompetitionState.AWARDED)
    row.attention_at = None
    award.state, award.awarded_at = AwardState.AWARDED, uow.now
    uow.flush()
    uow.record(events.AwardMade.of(row, **about(award), promised_days=award.promised_days))


def hold_award(uow: UnitOfWork, *, competition_id: int, objection_id: int) -> None:
    """An objection holds the award until it is decided; within the days of objection only."""
    row = uow.lock(Competition, competition_id)
    award = active_award(uow, row)
    if row.state is not CompetitionState.AWARD_PUBLISHED or award is None:
        raise Refused("competition.no_award_to_hold")
    if row.objection_until is None or working.today(uow) > row.objection_until:
        raise Refused("competition.objections_over")
    uow.add(
        AwardHold(
            competition_id=row.id, award_id=award.id, objection_id=objection_id, held_at=uow.now
        )
    )
    row.attention_at = None
    uow.record(events.AwardHeld.of(row, objection_id=objection_id))


def lift_hold(uow: UnitOfWork, *, competition_id: int, objection_id: int, upheld: bool) -> None:
    """The objection is decided: upheld, the award is set aside; else it follows in its time."""
    row = uow.lock(Competition, competition_id)
    query = select(AwardHold).where(
        AwardHold.objection_id == objection_id, AwardHold.competition_id == row.id
    )
    hold = uow.session.scalars(query).one_or_none()
    if hold is None:
        raise NotFound
    if hold.lifted_at is not None:
        return
    hold.lifted_at, hold.upheld = uow.now, upheld
    uow.flush()
    uow.record(events.AwardReleased.of(row, objection_id=objection_id, upheld=upheld))
    award = active_award(uow, row)
    if row.state is not CompetitionState.AWARD_PUBLISHED or award is None:
        return
    if upheld and award.id == hold.award_id:
        _set_aside(uow, row, award, "objection_upheld")
    elif not reading.competition(uow.session, row.id).held:
        row.attention_at = max(lapses_at(award.objection_until), uow.now)


def conclude(
    uow: UnitOfWork, *, competition_id: int, engagement_id: int, contract_fen: int
) -> None:
    """The contract is recorded: the money is bound for it, the rest is free again.

    Called by engagements inside the act of the contract, which has asked who may. The contract
    may not exceed the award.
    """
    row = uow.lock(Competition, competition_id)
    award = active_award(uow, row)
    if row.state is not CompetitionState.AWARDED or award is None:
        raise Refused("competition.not_awarded")
    if contract_fen > award.amount_fen:
        raise Refused("competition.contract_above_award", field="amount")
    working.end(uow, row, CompetitionState.CONCLUDED)
    row.engagement_id, row.contract_fen = engagement_id, contract_fen
    award.state = AwardState.CONCLUDED
    uow.flush()
    budgets.commit_hold(
        uow,
        purpose_kind=working.PURPOSE,
        purpose_id=row.id,
        amount_fen=contract_fen,
        to_kind=ENGAGEMENT,
        to_id=engagement_id,
    )
    commission_requests.meet(uow, competition_id=row.id)
    uow.record(events.CompetitionConcluded.of(row))


def winner_declined(uow: UnitOfWork, *, competition_id: int, engagement_id: int) -> None:
    """The winner declines: the next in order, or failure where nobody is or the project is over.

    Called by engagements inside its own act; the claim on the item comes back to the competition.
    """
    row = uow.lock(Competition, competition_id)
    award = active_award(uow, row)
    if row.state is not CompetitionState.AWARDED or award is None:
        raise Refused("competition.not_awarded")
    declined = events.WinnerDeclined.of(
        row, listing_id=award.listing_id, engagement_id=engagement_id
    )
    uow.record(declined)
    exclude(uow, row, uow.lock(Bid, award.bid_id), "declined")
    close_award(uow, row, award, AwardState.DECLINED, cause="declined")
    over = not is_active(uow.session, row.project_id)
    following = None if over else _next_in_order(uow, row)
    if following is None:
        project_services.release_item(uow, record_kind=ENGAGEMENT, record_id=engagement_id)
        fail(uow, row, Failure.PROJECT_ENDED if over else Failure.NOBODY_NEXT)
        return
    _take_claim_back(uow, row, engagement_id)
    _award(uow, row, following, None, "")


def note_ruling(
    uow: UnitOfWork, *, competition_id: int, let_lie: str, outcome: str, reason: str
) -> None:
    """The public page says who let the award lie and what was ruled, with the reasons.

    Called by a feature above inside the act of the ruling, which has asked who may.
    """
    row = uow.lock(Competition, competition_id)
    uow.record(events.RulingNoted.of(row, let_lie=let_lie, outcome=outcome), words=reason)


def fail_award(uow: UnitOfWork, *, competition_id: int, engagement_id: int, why: Failure) -> None:
    """The award leads to no contract, and not by its winner: the competition fails.

    Called by engagements inside its own act; reservation and item are released.
    """
    row = uow.lock(Competition, competition_id)
    award = active_award(uow, row)
    if row.state is not CompetitionState.AWARDED or award is None:
        raise Refused("competition.not_awarded")
    close_award(uow, row, award, AwardState.CANCELLED, cause=why)
    project_services.release_item(uow, record_kind=ENGAGEMENT, record_id=engagement_id)
    fail(uow, row, why)


def _take_claim_back(uow: UnitOfWork, row: Competition, engagement_id: int) -> None:
    held = projects.claim_of(uow.session, row.project_id, row.item_code)
    if held is not None and (held.record_kind, held.record_id) == (ENGAGEMENT, engagement_id):
        project_services.pass_claim(
            uow,
            record_kind=ENGAGEMENT,
            record_id=engagement_id,
            to_kind=working.PURPOSE,
            to_id=row.id,
        )


def _award(uow: UnitOfWork, row: Competition, bid: OpenedBid, by: int | None, reason: str) -> None:
    days = working.days(uow, "objection_days")
    until = deadline(catalogue.calendar(uow.session), working.today(uow), days)
    working.move(uow, row, CompetitionState.AWARD_PUBLISHED)
    row.objection_until, row.attention_at = until, lapses_at(until)
    award = uow.add(
        Award(
            competition_id=row.id,
            bid_id=bid.id,
            listing_id=bid.listing_id,
            organisation_id=bid.organisation_id,
            amount_fen=bid.price_fen,
            promised_days=bid.promised_days,
            state=AwardState.PUBLISHED,
            published_by=by,
            published_at=uow.now,
            objection_until=until,
        )
    )
    uow.record(events.AwardPublished.of(row, **about(award)), words=reason)


def _next_in_order(uow: UnitOfWork, row: Competition) -> OpenedBid | None:
    """The first in order who may be chosen at this instant; others are passed over and told why."""
    ranked = [bid for bid in sealed.opened_bids(uow.session, row.id) if bid.rank and not bid.cause]
    for bid in ranked:
        if _is_admitted(uow, bid.listing_id):
            return bid
        exclude(uow, row, uow.lock(Bid, bid.id), "not_admitted")
    return None


def _is_admitted(uow: UnitOfWork, listing_id: int) -> bool:
    """Whether the listing may be chosen now; it is locked until the act ends."""
    try:
        institutions.require_admitted(uow, listing_id)
    except Refused:
        return False
    return True


def _set_aside(uow: UnitOfWork, row: Competition, award: Award, cause: str) -> None:
    """Back to the order without this bid: the next may be published, or the competition ended."""
    exclude(uow, row, uow.lock(Bid, award.bid_id), cause)
    close_award(uow, row, award, AwardState.SET_ASIDE, cause=cause)
    working.move(uow, row, CompetitionState.EVALUATED)
    row.objection_until = row.attention_at = None


def settle_competition(uow: UnitOfWork, *, competition: int | str) -> bool:
    """Do what fell due for a competition; False when another worker was first."""
    row = uow.lock(Competition, competition)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state is CompetitionState.PUBLISHED:
        _close(uow, row)
    elif row.state is CompetitionState.AWARD_PUBLISHED:
        make_award(uow, row)
    else:
        return False
    return True


def _close(uow: UnitOfWork, row: Competition) -> None:
    """Sign-up is over; with too few entrants the competition fails and the seals stay unbroken."""
    working.move(uow, row, CompetitionState.CLOSED)
    row.closed_at, row.attention_at = uow.now, None
    uow.record(events.CompetitionClosed.of(row))
    fewest = reading.fewest_entrants(uow.session, row, working.today(uow))
    if sealed.bid_count(uow.session, row.id) < fewest:
        fail(uow, row, Failure.TOO_FEW_ENTRANTS)


def move_days(uow: UnitOfWork, *, competition: int) -> bool:
    """Recompute the days of a competition after a calendar import; days past are not touched."""
    row = uow.lock(Competition, competition)
    if row.state is CompetitionState.AWARD_PUBLISHED:
        return _move_objection_days(uow, row)
    was, due = row.due_on, working.due_day(uow, row, row.state, row.state_since)
    if due is None or due == was or (was is not None and was < working.today(uow)):
        return False
    row.due_on = due
    uow.record(events.StepDayMoved.of(row, due_was=was))
    return True


def _move_objection_days(uow: UnitOfWork, row: Competition) -> bool:
    found = reading.award_of(uow.session, row.id)
    if found is None:
        return False
    was, days = found.objection_until, working.days(uow, "objection_days")
    due = deadline(catalogue.calendar(uow.session), local_date(found.published_at), days)
    if due == was or was < working.today(uow):
        return False
    award = uow.lock(Award, found.id)
    award.objection_until = row.objection_until = due
    if row.attention_at is not None:
        row.attention_at = lapses_at(due)
    uow.record(events.ObjectionDaysMoved.of(row, due_was=was, due_on=due))
    return True
