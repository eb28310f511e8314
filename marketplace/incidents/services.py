"""Noting what came up during the work, the answer, the withdrawal, and the day that is over.

Everybody locks the engagement first, then the incident.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from marketplace.engagements.queries import EngagementParty, lists
from marketplace.engagements.rules import Side
from marketplace.engagements.services import working
from marketplace.incidents import events, policy, queries, rules
from marketplace.incidents.models import Incident
from marketplace.incidents.rules import IncidentState, Kind
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date

OWNER, EVIDENCE, ANSWER = "incident", "evidence", "answer"


@dataclass(frozen=True)
class _Held:
    """The work that is locked, its incident, and how both stand."""

    work: EngagementParty
    found: Incident
    standing: policy.Standing


def note_incident(
    uow: UnitOfWork,
    *,
    engagement: int | str,
    kind: Kind,
    since_on: date,
    words: str,
    papers: Sequence[working.Paper],
) -> str:
    """One side notes what came up, with evidence; the other answers. Returns the public id.

    Refuses `incident.since_too_early` and `incident.since_later`, `engagement.evidence_needed`,
    and `incident.too_many` where too many of one side wait for an answer already.
    """
    row, stands = working.lock_engagement(uow, engagement)
    today = local_date(uow.now)
    policy.may_note(
        uow.actor, queries.noting_standing(uow.session, row.id, stands, today)
    ).require()
    rules.check_since(since_on, local_date(row.taken_on_at or row.requested_at), today)
    words = required(words, "words")
    if not papers:
        raise Refused("engagement.evidence_needed", field="paper")
    side = working.acting_side(uow, stands)
    found = uow.add(
        Incident(
            engagement_id=row.id,
            state=IncidentState.NOTED,
            noted_side=side,
            noted_for_id=uow.organisation_id,
            kind=kind,
            since_on=since_on,
            words=words,
            noted_at=uow.now,
            noted_by=uow.user_id,
            asked_of_id=row.provider_id if side is Side.CLIENT else row.client_id,
            asked_at=uow.now,
            answer_by=queries.answer_by(uow.session, today),
        )
    )
    working.keep(uow, papers, owner_kind=OWNER, owner_id=found.id, kind=EVIDENCE)
    uow.record(
        events.IncidentNoted.of(row, **_about(found), since_on=since_on, answer_by=found.answer_by)
    )
    return found.public_id


def answer_incident(
    uow: UnitOfWork, *, incident: int | str, words: str, papers: Sequence[working.Paper] = ()
) -> None:
    """The other side answers, once; after its days it is still taken, and marked as late."""
    held = _lock(uow, incident)
    policy.may_answer(uow.actor, held.standing).require()
    words = required(words, "words")
    if held.standing.over_on is not None:
        # As the platform would have done at the end of that day.
        _leave_unanswered(uow, held.work, held.found)
    found = held.found
    found.late = found.state is IncidentState.UNANSWERED
    found.answer, found.answered_at, found.answered_by = words, uow.now, uow.user_id
    found.state = rules.step(found.state, IncidentState.ANSWERED)
    uow.flush()
    working.keep(uow, papers, owner_kind=OWNER, owner_id=found.id, kind=ANSWER)
    uow.record(events.IncidentAnswered.of(held.work, **_about(found), late=found.late))


def withdraw_incident(uow: UnitOfWork, *, incident: int | str) -> None:
    """Whoever noted it takes it back, before there is an answer."""
    held = _lock(uow, incident)
    policy.may_withdraw(uow.actor, held.standing).require()
    found = held.found
    found.state = rules.step(found.state, IncidentState.WITHDRAWN)
    found.withdrawn_at, found.withdrawn_by = uow.now, uow.user_id
    uow.record(events.IncidentWithdrawn.of(held.work, **_about(found)))


def settle_incident(uow: UnitOfWork, *, incident: int) -> bool:
    """The day for an answer is over; False where there is nothing to settle any more."""
    policy.may_settle(uow.actor).require()
    held = _lock(uow, incident)
    if held.standing.over_on is None:
        return False
    _leave_unanswered(uow, held.work, held.found)
    return True


def ask_new_client(uow: UnitOfWork, engagement_id: int) -> None:
    """The work has another client: it answers what waits, and its days begin now.

    What the one before had to answer by a day that is over stays unanswered by that one.
    """
    uow.flush()
    work, today = lists.party(uow.session, engagement_id), local_date(uow.now)
    for key in queries.client_answers(uow.session, engagement_id):
        found = uow.lock(Incident, key)
        if rules.over_on(found.state, found.answer_by, today) is not None:
            _leave_unanswered(uow, replace(work, client_id=found.asked_of_id), found)
            continue
        found.asked_of_id, found.asked_at = work.client_id, uow.now
        found.answer_by = queries.answer_by(uow.session, today)
        uow.record(events.IncidentPassed.of(work, **_about(found), answer_by=found.answer_by))


def _leave_unanswered(uow: UnitOfWork, work: EngagementParty, found: Incident) -> None:
    found.state = rules.step(found.state, IncidentState.UNANSWERED)
    uow.flush()
    uow.record(events.IncidentUnanswered.of(work, **_about(found), answer_by=found.answer_by))


def move_day(uow: UnitOfWork, *, incident: int) -> bool:
    """Recompute the day after a calendar import; a day that is past is never touched."""
    policy.may_settle(uow.actor).require()
    held = _lock(uow, incident)
    found, was = held.found, held.found.answer_by
    if found.state is not IncidentState.NOTED or was < local_date(uow.now):
        return False
    found.answer_by = queries.answer_by(uow.session, local_date(found.asked_at))
    if found.answer_by == was:
        return False
    working.tell_moved(uow, held.work, "incident", was, found.answer_by)
    return True


def _lock(uow: UnitOfWork, key: int | str) -> _Held:
    """Lock the engagement, then the incident; to outsiders neither exists (`NotFound`)."""
    row, stands = working.lock_engagement(uow, uow.find(Incident, key).engagement_id)
    found = uow.lock(Incident, key)
    standing = queries.standing_of(found, stands, local_date(uow.now))
    return _Held(lists.party(uow.session, row.id), found, standing)


def _about(found: Incident) -> dict[str, object]:
    """What every event of an incident tells of it."""
    return {
        "incident_id": found.id,
        "noted_side": found.noted_side.value,
        "incident_kind": found.kind.value,
    }
