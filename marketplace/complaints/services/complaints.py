"""Acts on a complaint: filed, taken up or not, heard, decided by two people, reviewed, settled."""

import secrets
from dataclasses import dataclass

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import lapses_at
from marketplace.complaints import events, policy, rules
from marketplace.complaints.models import Complaint, ComplaintRecord
from marketplace.complaints.queries.addressing import Subject, find_subject, handler_of
from marketplace.complaints.queries.complaints import FOLLOW, days, standing_of, trail_of
from marketplace.complaints.queries.records import present_record, written
from marketplace.complaints.rules import About, ComplaintState, Outcome
from marketplace.infra.crypto import search_hash
from marketplace.infra.numbers import next_number
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date


@dataclass(frozen=True)
class Contact:
    """How somebody of the public is named and answered."""

    name: str
    reach: str


@dataclass(frozen=True)
class Ref:
    """A record that was just made; `follow_code` opens its page without an account."""

    id: int
    public_id: str
    number: str
    follow_code: str = ""


def file_complaint(
    uow: UnitOfWork,
    *,
    about: About,
    record: int | str,
    headline: str,
    body: str,
    contact: Contact | None = None,
    with_record: bool = False,
) -> Ref:
    """Take a complaint down; it goes to whoever is competent for the other side.

    Signed in, it is the organisation's; without an account name and a way to answer are needed.
    `with_record` attaches the record of the work it is about as it stands now.
    Refuses `complaint.about_yourself`, `complaint.contact_needed`, `request.words_needed`,
    `complaint.no_handler`.
    """
    found = find_subject(uow.session, about, record, uow.actor)
    policy.may_file(uow.actor, found.about_organisation_id, trail_of(uow.session, found)).require()
    headline, body = required(headline, "headline"), required(body, "body")
    if not uow.actor.signed_in and (contact is None or not (contact.name and contact.reach)):
        raise Refused("complaint.contact_needed", field="reach")
    handler_id = handler_of(uow.session, found, uow.actor.organisation_id)
    if handler_id is None:
        raise Refused("complaint.no_handler")
    code = secrets.token_urlsafe(18)
    row = _take_down(uow, found, handler_id, headline, body, contact, code)
    if with_record and found.engagement_id is not None:
        _attach_record(uow, row, found.engagement_id)
    uow.record(events.ComplaintFiled.of(row))
    return Ref(row.id, row.public_id, row.number, code)


def _take_down(
    uow: UnitOfWork,
    found: Subject,
    handler_id: int,
    headline: str,
    body: str,
    contact: Contact | None,
    code: str,
) -> Complaint:
    row = Complaint(
        number=next_number(uow.session, "TS", local_date(uow.now).year),
        state=ComplaintState.FILED,
        about=found.about,
        engagement_id=found.engagement_id,
        competition_id=found.competition_id,
        institution_id=found.institution_id,
        listing_id=found.listing_id,
        about_organisation_id=found.about_organisation_id,
        item_code=found.item_code,
        region_code=found.region_code,
        handler_id=handler_id,
        filer=found.filer,
        filer_organisation_id=uow.actor.organisation_id,
        filed_by=uow.actor.user_id,
        filer_name=_name(uow, contact),
        contact=contact.reach if contact else None,
        follow_hash=search_hash(code, FOLLOW),
        headline=headline,
        body=body,
        filed_at=uow.now,
        state_since=uow.now,
    )
    _reschedule(uow, row)
    return uow.add(row)


def _attach_record(uow: UnitOfWork, row: Complaint, engagement_id: int) -> None:
    content = written(present_record(uow.session, engagement_id))
    uow.session.add(ComplaintRecord(complaint_id=row.id, content=content, taken_at=uow.now))


def _name(uow: UnitOfWork, contact: Contact | None) -> str:
    if contact is not None and contact.name:
        return contact.name
    if uow.actor.user_id is None:
        return ""
    return accounts.person(uow.session, uow.actor.user_id).name


def accept_complaint(uow: UnitOfWork, *, complaint: int | str) -> None:
    """Take the complaint up; the other side is told and has the hearing days to answer.

    Refuses `complaint.not_competent`, `complaint.not_new`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_accept(uow.actor, standing).require()
    row.accepted_by = uow.user_id
    _move(uow, row, ComplaintState.ACCEPTED)
    uow.record(events.ComplaintAccepted.of(row, answer_by=row.due_on))


def refuse_complaint(uow: UnitOfWork, *, complaint: int | str, reason: str) -> None:
    """Do not take the complaint up, with reasons; what an association refuses can be reviewed.

    Refuses `complaint.not_competent`, `complaint.not_new`, `request.words_needed`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_accept(uow.actor, standing).require()
    row.reason = required(reason, "reason")
    row.accepted_by, row.decided_at = uow.user_id, uow.now
    _move(uow, row, ComplaintState.REFUSED)
    uow.record(events.ComplaintRefused.of(row), words=row.reason)


def answer_complaint(uow: UnitOfWork, *, complaint: int | str, body: str) -> None:
    """The other side answers; the investigation begins, or has begun where the answer is late.

    A late answer is taken and marked: that nobody answered in time stays recorded.
    Refuses `complaint.not_about_you`, `complaint.not_being_heard`, `request.words_needed`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_answer(uow.actor, standing).require()
    row.answer = required(body, "body")
    if row.state is ComplaintState.ACCEPTED and row.due_on and uow.now >= lapses_at(row.due_on):
        # As the platform would have done at the end of that day.
        _end_hearing(uow, row)
    row.answered_by, row.answered_at = uow.user_id, uow.now
    if row.state is ComplaintState.INVESTIGATING:
        uow.record(events.ComplaintAnsweredLate.of(row), words=row.answer)
        return
    _move(uow, row, ComplaintState.INVESTIGATING)
    uow.record(events.ComplaintHeard.of(row, answered=True), words=row.answer)


def propose_decision(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """Propose what to decide, with the reasons the parties will read.

    Refuses `complaint.other_side_first`, `complaint.not_investigated`,
    `complaint.proposed_already`, `request.words_needed`, `complaint.outcome_needed`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_propose(uow.actor, standing).require()
    row.proposed_outcome = known_outcome(outcome)
    row.proposed_reason = required(reason, "reason")
    row.proposer_id, row.send_back_reason = uow.user_id, ""
    uow.record(events.ComplaintProposed.of(row, outcome=row.proposed_outcome))


def send_back_complaint(uow: UnitOfWork, *, complaint: int | str, reason: str) -> None:
    """Do not follow the proposal; it is investigated further.

    Refuses `complaint.own_proposal`, `complaint.not_proposed`, `request.words_needed`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_decide(uow.actor, standing).require()
    row.send_back_reason = required(reason, "reason")
    sent_back = events.ComplaintSentBack.of(row)
    row.proposer_id, row.proposed_outcome, row.proposed_reason = None, None, ""
    uow.record(sent_back, words=row.send_back_reason)


def decide_complaint(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """Decide as proposed, by another person than the proposer, with reasons.

    Refuses `complaint.own_proposal`, `complaint.not_a_decider`, `complaint.not_proposed`,
    `complaint.differs_from_proposal` (send it back instead), `request.words_needed`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_decide(uow.actor, standing).require()
    decided = known_outcome(outcome)
    if decided != row.proposed_outcome:
        raise Refused("complaint.differs_from_proposal", field="outcome")
    row.reason = required(reason, "reason")
    row.outcome, row.decider_id, row.decided_at = decided, uow.user_id, uow.now
    _move(uow, row, ComplaintState(decided))
    uow.record(events.ComplaintDecided.of(row), words=row.reason)


def review_complaint(uow: UnitOfWork, *, complaint: int | str, outcome: str, reason: str) -> None:
    """The supervisor looks at an answer once more; what the review says holds from now on.

    Refuses `complaint.supervisor_only`, `complaint.own_decision`, `complaint.not_decided`,
    `complaint.office_answered`, `complaint.reviewed_already`, `complaint.review_over`.
    """
    row, standing = _lock(uow, complaint)
    policy.may_review(uow.actor, standing).require()
    row.outcome = known_outcome(outcome)
    row.review_reason = required(reason, "reason")
    row.reviewer_id = uow.user_id
    _move(uow, row, ComplaintState.REVIEWED)
    # Nothing is left to wait for: the next tick closes it.
    row.attention_at = uow.now
    uow.record(events.ComplaintReviewed.of(row), words=row.review_reason)


def settle_complaint(uow: UnitOfWork, *, complaint: int) -> bool:
    """Do what fell due for a complaint; False when another worker was first.

    An unused hearing ends by itself; a decision that nobody had reviewed in time stands.
    """
    row = uow.lock(Complaint, complaint)
    if row.attention_at is None or row.attention_at > uow.now:
        return False
    if row.state == ComplaintState.ACCEPTED:
        _end_hearing(uow, row)
    elif row.state in rules.DECIDED | {ComplaintState.REVIEWED}:
        row.closed_at = uow.now
        _move(uow, row, ComplaintState.CLOSED)
        uow.record(events.ComplaintClosed.of(row))
    else:
        row.attention_at = None
        uow.record(events.ComplaintOverdue.of(row))
    return True


def _end_hearing(uow: UnitOfWork, row: Complaint) -> None:
    """Nobody has answered in time: the investigation begins without."""
    _move(uow, row, ComplaintState.INVESTIGATING)
    uow.record(events.ComplaintHeard.of(row, answered=False))


def move_complaint_day(uow: UnitOfWork, *, complaint: int) -> bool:
    """Recompute the day after a calendar import; days already past are never touched."""
    row = uow.lock(Complaint, complaint)
    if row.due_on is None or row.due_on < local_date(uow.now):
        return False
    was, attention = row.due_on, row.attention_at
    _reschedule(uow, row)
    if row.due_on == was:
        row.attention_at = attention
        return False
    uow.record(events.ComplaintDueMoved.of(row, due_was=was))
    return True


def _lock(uow: UnitOfWork, key: int | str) -> tuple[Complaint, policy.Standing]:
    """Lock a complaint and say how it stands; to outsiders it does not exist."""
    row = uow.lock(Complaint, key)
    stands = standing_of(uow.session, row, local_date(uow.now))
    actor = uow.actor
    if not (actor.is_system or policy.may_see(actor, stands) or policy.is_party(actor, stands)):
        raise NotFound
    return row, stands


def known_outcome(outcome: str, *known: Outcome) -> Outcome:
    """The outcome of that name; refused beside the field where it is none of the known."""
    if outcome not in (known or tuple(Outcome)):
        raise Refused("complaint.outcome_needed", field="outcome")
    return Outcome(outcome)


def _move(uow: UnitOfWork, row: Complaint, target: ComplaintState) -> None:
    """Take a step and set by when the next one is due and the tick looks at it."""
    row.state = rules.move(row.state, target)
    row.state_since = uow.now
    _reschedule(uow, row)


def _reschedule(uow: UnitOfWork, row: Complaint) -> None:
    """Set the due day of the present step by the rulebook of the day of filing."""
    filed_on = local_date(row.filed_at)
    row.due_on = rules.step_due(
        catalogue.calendar(uow.session),
        days(uow.session, filed_on),
        row.state,
        filed_on,
        local_date(row.state_since),
    )
    row.attention_at = None if row.due_on is None else lapses_at(row.due_on)
