"""Due process of a removal: told, heard, proposed by one, decided by another, published."""

from marketplace.assessments import policy, queries, rules
from marketplace.assessments.events import (
    InterimTaken,
    RemovalDecided,
    RemovalHeard,
    RemovalNotified,
    RemovalProposed,
    RemovalPublished,
    RemovalSentBack,
    ReplyDayMoved,
)
from marketplace.assessments.models import RemovalCase
from marketplace.assessments.rules import RemovalOutcome, RemovalState
from marketplace.assessments.services import working
from marketplace.assessments.services.opening import Evidence, keep_file, record
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.rules import LISTED, GroundKind, RemovalCause
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.vetting import services as vetting


def notify_removal(uow: UnitOfWork, *, case: int | str) -> None:
    """Tell the institution; it has the days of the rulebook to reply.

    Refuses `assessment.not_competent`, `removal.told_already`.
    """
    row, standing = _lock(uow, case)
    policy.may_notify(uow.actor, standing).require()
    today = local_date(uow.now)
    days = int(catalogue.rule(uow.session, "removal.reply_days", today))
    row.reply_by = deadline(catalogue.calendar(uow.session), today, days)
    row.notified_at, row.attention_at = uow.now, lapses_at(row.reply_by)
    _move(row, RemovalState.NOTIFIED)
    record(uow, row, RemovalNotified, reply_by=row.reply_by)


def take_interim(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Suspend the listing until the decision, with reasons.

    Refuses `assessment.approvers_only`, `removal.decided_already`, `removal.interim_already`,
    `listing.not_in_market`, `ground.already_open`.
    """
    row, standing = _lock(uow, case)
    policy.may_take_interim(uow.actor, standing).require()
    row.interim_reason, row.interim_at = working.required(reason, "reason"), uow.now
    institution_services.open_ground(
        uow, listing_id=row.listing_id, kind=GroundKind.INTERIM, reason=row.interim_reason
    )
    record(uow, row, InterimTaken)


def reply_removal(
    uow: UnitOfWork, *, case: int | str, body: str, evidence: Evidence | None = None
) -> None:
    """The institution replies, with evidence if it has some; it is heard with that.

    Refuses `removal.not_being_heard`, `assessment.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_reply(uow.actor, standing).require()
    row.reply, row.replied_by = working.required(body, "body"), working.acting_user(uow)
    if evidence is not None:
        keep_file(uow, row, "reply", evidence)
    _hear(uow, row)
    record(uow, row, RemovalHeard, replied=True)


def propose_removal(
    uow: UnitOfWork, *, case: int | str, outcome: RemovalOutcome, reason: str
) -> None:
    """Propose to remove the listing or to dismiss the case, with reasons.

    Refuses `removal.hear_first`, `removal.proposed_already`, `assessment.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_propose(uow.actor, standing).require()
    row.proposed_outcome, row.proposed_reason = outcome, working.required(reason, "reason")
    row.proposer_id, row.send_back_reason = working.acting_user(uow), ""
    _move(row, RemovalState.PROPOSED)
    record(uow, row, RemovalProposed, outcome=outcome.value, proposer_id=row.proposer_id)


def send_back_removal(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Do not follow the proposal; refuses `removal.own_proposal`, `removal.not_proposed`."""
    row, standing = _lock(uow, case)
    policy.may_decide(uow.actor, standing).require()
    row.send_back_reason = working.required(reason, "reason")
    proposer_id, row.proposer_id = row.proposer_id, None
    row.proposed_outcome = row.proposed_reason = ""
    _move(row, RemovalState.HEARD)
    record(uow, row, RemovalSentBack, proposer_id=proposer_id)


def decide_removal(
    uow: UnitOfWork, *, case: int | str, outcome: RemovalOutcome, reason: str
) -> None:
    """Decide as proposed, by another person, with reasons; a removal takes effect in this act.

    A listing that was withdrawn meanwhile is out already; it stays out for the minimum period, and
    an application made in the meantime ends.
    Refuses `removal.own_proposal`, `removal.not_proposed`, `removal.differs_from_proposal`,
    `assessment.approvers_only`, `assessment.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_decide(uow.actor, standing).require()
    if outcome != row.proposed_outcome:
        raise Refused("removal.differs_from_proposal", field="outcome")
    row.reason, row.outcome = working.public_words(reason, "reason"), outcome
    row.decider_id, row.decided_at = working.acting_user(uow), uow.now
    _move(row, RemovalState.DECIDED)
    # Published by the tick that follows.
    row.attention_at = uow.now
    _carry_out(uow, row)
    record(
        uow,
        row,
        RemovalDecided,
        outcome=outcome.value,
        proposer_id=row.proposer_id,
        decider_id=row.decider_id,
    )


def settle_removal(uow: UnitOfWork, *, case: int) -> bool:
    """End an unused hearing, publish a decision; False when another worker was first."""
    row = uow.lock(RemovalCase, case)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state == RemovalState.NOTIFIED:
        _hear(uow, row)
        record(uow, row, RemovalHeard, replied=False)
    elif row.state == RemovalState.DECIDED:
        row.published_at, row.attention_at = uow.now, None
        _move(row, RemovalState.PUBLISHED)
        record(uow, row, RemovalPublished, outcome=row.outcome)
    else:
        row.attention_at = None
        return False
    return True


def move_reply_day(uow: UnitOfWork, *, case: int) -> bool:
    """Recompute the last day of a hearing after a calendar import; past days stay."""
    row = uow.lock(RemovalCase, case)
    was, today = row.reply_by, local_date(uow.now)
    if row.state != RemovalState.NOTIFIED or was is None or row.notified_at is None or was < today:
        return False
    told_on = local_date(row.notified_at)
    days = int(catalogue.rule(uow.session, "removal.reply_days", told_on))
    due = deadline(catalogue.calendar(uow.session), told_on, days)
    if due == was:
        return False
    row.reply_by, row.attention_at = due, lapses_at(due)
    record(uow, row, ReplyDayMoved, due_was=was, due_on=due)
    return True


def _lock(uow: UnitOfWork, key: int | str) -> tuple[RemovalCase, policy.RemovalStanding]:
    row = uow.lock(RemovalCase, key)
    standing = queries.removal_standing(row)
    if not (uow.actor.is_system or policy.may_see_removal(uow.actor, standing)):
        raise NotFound
    return row, standing


def _move(row: RemovalCase, target: RemovalState) -> None:
    row.state = rules.move_removal(RemovalState(row.state), target)


def _hear(uow: UnitOfWork, row: RemovalCase) -> None:
    row.heard_at, row.attention_at = uow.now, None
    _move(row, RemovalState.HEARD)


def _carry_out(uow: UnitOfWork, row: RemovalCase) -> None:
    listing = institutions.listing(uow.session, row.listing_id)
    if row.outcome == RemovalOutcome.REMOVE:
        cause = RemovalCause(row.cause)
        if listing.state in LISTED:
            institution_services.remove_listing(uow, listing_id=row.listing_id, cause=cause)
        else:
            vetting.end_by_removal(uow, listing_id=row.listing_id)
            institution_services.bar_listing(uow, listing_id=row.listing_id, cause=cause)
        return
    if any(ground.kind is GroundKind.INTERIM for ground in listing.open_grounds):
        institution_services.close_ground(
            uow, listing_id=row.listing_id, kind=GroundKind.INTERIM, reason=row.reason
        )
