"""Due process of a removal: opened, told, heard, decided, published."""

from dataclasses import dataclass
from typing import Protocol

from marketplace.accounts import queries as accounts
from marketplace.assessments import events, policy, rules
from marketplace.assessments.models import RemovalCase
from marketplace.assessments.queries import removals
from marketplace.assessments.queries.openings import openings
from marketplace.assessments.rules import RemovalOutcome, RemovalState
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline, lapses_at
from marketplace.infra.files import store_upload
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services as institution_services
from marketplace.institutions.queries import ListingRow
from marketplace.institutions.rules.market import LISTED, GroundKind, RemovalCause
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date
from marketplace.vetting import services as vetting_services


class Evidence(Protocol):
    """An uploaded file: the name the browser gave and the bytes."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class Ref:
    """A record that was just made."""

    id: int
    public_id: str
    number: str


def open_removal_case(
    uow: UnitOfWork,
    *,
    listing: int | str,
    cause: RemovalCause,
    facts: str,
    evidence: Evidence | None = None,
) -> Ref:
    """Open a case over what a person found; the listing keeps its state until the decision.

    Refuses `removal.not_in_market`, `removal.open_already`, `assessment.not_competent`,
    `request.words_needed`.
    """
    case = _openable(uow, institutions.listing(uow.session, listing))
    case.cause, case.facts = cause, required(facts, "facts")
    uow.add(case)
    if evidence is not None:
        keep_file(uow, case, "evidence", evidence)
    return _opened(uow, case)


def open_removal_by_rule(
    uow: UnitOfWork,
    *,
    listing: int | str,
    cause: RemovalCause,
    facts: str,
    assessment_id: int | None = None,
) -> Ref | None:
    """Open a case because a rule says so, as the platform; nothing where none can be opened.

    The facts are composed of what is kept already: nobody is there to write them shorter or
    otherwise.
    """
    row = institutions.listing(uow.session, listing)
    if openings(uow.session, [row])[row.id].refusal:
        return None
    case = _openable(uow, row)
    case.cause, case.facts, case.assessment_id = cause, facts, assessment_id
    return _opened(uow, uow.add(case))


def _openable(uow: UnitOfWork, row: ListingRow) -> RemovalCase:
    """A case about the listing, still without its cause and facts."""
    # Taking the number locks its series: of two who open a case at once, one comes second.
    number = next_number(uow.session, "QT", local_date(uow.now).year)
    opening = openings(uow.session, [row])[row.id]
    ties = accounts.ties(uow.session, row.organisation_id, local_date(uow.now))
    policy.may_open_removal(uow.actor, opening.judge_id, row.organisation_id, ties).require()
    if opening.refusal:
        raise Refused(opening.refusal)
    return RemovalCase(
        number=number,
        state=RemovalState.OPENED,
        listing_id=row.id,
        organisation_id=row.organisation_id,
        association_id=opening.judge_id,
        item_code=row.item_code,
        opened_at=uow.now,
        opened_by=uow.actor.user_id,
    )


def _opened(uow: UnitOfWork, case: RemovalCase) -> Ref:
    uow.record(events.RemovalOpened.of(case), words=case.facts)
    return Ref(case.id, case.public_id, case.number)


def keep_file(uow: UnitOfWork, case: RemovalCase, kind: str, file: Evidence) -> None:
    """Keep a file of the case."""
    store_upload(
        uow,
        owner_kind="removal_case",
        owner_id=case.id,
        kind=kind,
        name=file.name,
        data=file.data,
        field="evidence",
    )


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
    uow.record(events.RemovalNotified.of(row))


def take_interim(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Suspend the listing until the decision, with reasons.

    Refuses `assessment.approvers_only`, `removal.decided_already`, `removal.interim_already`,
    `listing.not_in_market`, `ground.already_open`.
    """
    row, standing = _lock(uow, case)
    policy.may_take_interim(uow.actor, standing).require()
    row.interim_reason, row.interim_at = required(reason, "reason"), uow.now
    institution_services.open_ground(
        uow, listing_id=row.listing_id, kind=GroundKind.INTERIM, reason=row.interim_reason
    )
    uow.record(events.InterimTaken.of(row), words=row.interim_reason)


def reply_removal(
    uow: UnitOfWork, *, case: int | str, body: str, evidence: Evidence | None = None
) -> None:
    """The institution replies, with evidence if it has some; it is heard with that.

    A late reply is taken and marked: that nobody replied in time stays recorded.

    Refuses `removal.not_being_heard`, `request.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_reply(uow.actor, standing).require()
    row.reply, row.replied_by = required(body, "body"), uow.user_id
    if evidence is not None:
        keep_file(uow, row, "reply", evidence)
    if row.state == RemovalState.NOTIFIED and row.reply_by and uow.now >= lapses_at(row.reply_by):
        _end_hearing(uow, row)  # As the platform would have done at the end of that day.
    if row.state == RemovalState.HEARD:
        uow.record(events.RemovalRepliedLate.of(row), words=row.reply)
        return
    _hear(uow, row)
    uow.record(events.RemovalHeard.of(row, replied=True), words=row.reply)


def propose_removal(uow: UnitOfWork, *, case: int | str, outcome: str, reason: str) -> None:
    """Propose to remove the listing or to dismiss the case, with reasons.

    Refuses `removal.hear_first`, `removal.proposed_already`, `removal.outcome_needed`,
    `request.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_propose(uow.actor, standing).require()
    row.proposed_outcome = _known_outcome(outcome)
    row.proposed_reason = required(reason, "reason")
    row.proposer_id, row.send_back_reason = uow.user_id, ""
    _move(row, RemovalState.PROPOSED)
    uow.record(events.RemovalProposed.of(row, outcome=row.proposed_outcome))


def send_back_removal(uow: UnitOfWork, *, case: int | str, reason: str) -> None:
    """Do not follow the proposal; refuses `removal.own_proposal`, `removal.not_proposed`."""
    row, standing = _lock(uow, case)
    policy.may_decide(uow.actor, standing).require()
    row.send_back_reason = required(reason, "reason")
    sent_back = events.RemovalSentBack.of(row)
    row.proposer_id, row.proposed_outcome, row.proposed_reason = None, None, ""
    _move(row, RemovalState.HEARD)
    uow.record(sent_back, words=row.send_back_reason)


def decide_removal(uow: UnitOfWork, *, case: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, by another person, with reasons; a removal takes effect in this act.

    A listing that was withdrawn meanwhile is out already; it stays out for the minimum period, and
    an application made in the meantime ends.
    Refuses `removal.own_proposal`, `removal.not_proposed`, `removal.differs_from_proposal`,
    `assessment.approvers_only`, `request.words_needed`.
    """
    row, standing = _lock(uow, case)
    policy.may_decide(uow.actor, standing).require()
    if outcome != row.proposed_outcome:
        raise Refused("removal.differs_from_proposal", field="outcome")
    row.reason, row.outcome = required(reason, "reason"), row.proposed_outcome
    row.decider_id, row.decided_at = uow.user_id, uow.now
    _move(row, RemovalState.DECIDED)
    # Published by the tick that follows.
    row.attention_at = uow.now
    _carry_out(uow, row)
    uow.record(events.RemovalDecided.of(row), words=row.reason)


def settle_removal(uow: UnitOfWork, *, case: int) -> bool:
    """End an unused hearing, publish a decision; False when another worker was first."""
    row = uow.lock(RemovalCase, case)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state == RemovalState.NOTIFIED:
        _end_hearing(uow, row)
    elif row.state == RemovalState.DECIDED:
        row.published_at, row.attention_at = uow.now, None
        _move(row, RemovalState.PUBLISHED)
        uow.record(events.RemovalPublished.of(row))
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
    uow.record(events.ReplyDayMoved.of(row, due_was=was, due_on=due))
    return True


def _known_outcome(outcome: str) -> RemovalOutcome:
    if outcome not in tuple(RemovalOutcome):
        raise Refused("removal.outcome_needed", field="outcome")
    return RemovalOutcome(outcome)


def _lock(uow: UnitOfWork, key: int | str) -> tuple[RemovalCase, policy.RemovalStanding]:
    row = uow.lock(RemovalCase, key)
    standing = removals.standing_of(uow.session, row, local_date(uow.now))
    if not (uow.actor.is_system or policy.may_see_removal(uow.actor, standing)):
        raise NotFound
    return row, standing


def _move(row: RemovalCase, target: RemovalState) -> None:
    row.state = rules.move_removal(row.state, target)


def _end_hearing(uow: UnitOfWork, row: RemovalCase) -> None:
    """Nobody has replied in time: a decision can be proposed without."""
    _hear(uow, row)
    uow.record(events.RemovalHeard.of(row, replied=False))


def _hear(uow: UnitOfWork, row: RemovalCase) -> None:
    row.heard_at, row.attention_at = uow.now, None
    _move(row, RemovalState.HEARD)


def _carry_out(uow: UnitOfWork, row: RemovalCase) -> None:
    listing = institutions.listing(uow.session, row.listing_id)
    if row.outcome == RemovalOutcome.REMOVE:
        cause = row.cause
        if listing.state in LISTED:
            institution_services.remove_listing(uow, listing_id=row.listing_id, cause=cause)
        else:
            vetting_services.end_by_removal(uow, listing_id=row.listing_id)
            institution_services.bar_listing(uow, listing_id=row.listing_id, cause=cause)
        return
    if any(ground.kind is GroundKind.INTERIM for ground in listing.open_grounds):
        institution_services.close_ground(
            uow, listing_id=row.listing_id, kind=GroundKind.INTERIM, reason=row.reason
        )
