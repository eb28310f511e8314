"""What becomes of work whose project the approval platform gives to another enterprise.

Everybody locks the engagement first, then its handover, then the project and its claim.
"""

from collections.abc import Callable
from datetime import date

from marketplace.accounts.queries.offices import supervisor_for
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import deadline
from marketplace.engagements import events, policy, rules
from marketplace.engagements.models import Engagement, WorkHandover
from marketplace.engagements.queries import handovers, lists
from marketplace.engagements.rules import PASSABLE, ClientKind, HandoverState, Side, State
from marketplace.engagements.services import working
from marketplace.engagements.services.beginning import cancel
from marketplace.engagements.services.working import RECORD
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound
from marketplace.kernel.texts import required
from marketplace.kernel.times import local_date
from marketplace.projects import queries as projects
from marketplace.projects.services.claims import hand_claim

HANDED_OVER = "project.handed_over"


# What features above do, in the act itself, when work passes to another client.
PASSED: dict[str, Callable[[UnitOfWork, int], None]] = {}


def follow_project(uow: UnitOfWork, project_id: int) -> None:
    """End the requests whose claims fell free, ask about work, tell the parties of the rest.

    Work of the enterprise that has the project now is not concerned. Told twice, it asks once.
    """
    policy.may_settle(uow.actor).require()
    owner_id = projects.project(uow.session, project_id).enterprise_id
    for key in lists.open_of_project(uow.session, project_id):
        row = uow.lock(Engagement, key)
        asked = _lock_open(uow, row)
        if asked is not None and asked.to_id == owner_id:
            continue
        if asked is not None:
            _end(uow, row, asked, HandoverState.DROPPED)
        if row.client_kind is ClientKind.ENTERPRISE and row.client_id == owner_id:
            continue
        if row.state is State.REQUESTED:
            # Nobody had taken it on, so the claim fell free with the record itself.
            cancel(uow, row, cause=HANDED_OVER)
        elif row.client_kind is ClientKind.ENTERPRISE and row.state in PASSABLE:
            _ask(uow, row, owner_id)
        else:
            uow.record(events.ProjectHandedOn.of(row))


def move_day(uow: UnitOfWork, *, handover: int) -> bool:
    """Recompute the day after a calendar import; a day that is past is never touched."""
    policy.may_settle(uow.actor).require()
    row = uow.lock(Engagement, uow.find(WorkHandover, handover).engagement_id)
    found = uow.lock(WorkHandover, handover)
    was = found.due_on
    if found.state is not HandoverState.ASKED or was < local_date(uow.now):
        return False
    found.due_on = _due(uow, local_date(found.asked_at))
    if found.due_on == was:
        return False
    working.tell_moved(uow, row, "handover", was, found.due_on)
    return True


def _due(uow: UnitOfWork, asked_on: date) -> date:
    days = int(catalogue.rule(uow.session, handovers.DAYS, asked_on))
    return deadline(catalogue.calendar(uow.session), asked_on, days)


def _ask(uow: UnitOfWork, row: Engagement, owner_id: int | None) -> None:
    found = uow.add(
        WorkHandover(
            engagement_id=row.id,
            project_id=row.project_id,
            from_id=row.client_id,
            to_id=owner_id,
            state=HandoverState.ASKED,
            asked_at=uow.now,
            due_on=_due(uow, local_date(uow.now)),
        )
    )
    uow.record(events.HandoverAsked.of(row, **_about(found), due_on=found.due_on))


def _about(found: WorkHandover) -> dict[str, int | None]:
    return {"handover_id": found.id, "enterprise_id": found.to_id}


def name_owner(uow: UnitOfWork, project_id: int) -> None:
    """The enterprise that the record names is registered here by now: it is asked, too."""
    policy.may_settle(uow.actor).require()
    owner_id = projects.project(uow.session, project_id).enterprise_id
    for key in handovers.nameless_of_project(uow.session, project_id):
        row = uow.lock(Engagement, key)
        found = _lock_open(uow, row)
        if found is not None and found.to_id is None and owner_id not in {None, found.from_id}:
            found.to_id = owner_id
            uow.record(events.HandoverAsked.of(row, **_about(found), due_on=found.due_on))


def _lock_open(uow: UnitOfWork, row: Engagement) -> WorkHandover | None:
    key = handovers.open_of(uow.session, row.id)
    return None if key is None else uow.lock(WorkHandover, key)


def _end(
    uow: UnitOfWork, row: Engagement, found: WorkHandover, outcome: HandoverState, reason: str = ""
) -> None:
    found.state = rules.step_handover(found.state, outcome)
    found.ended_at = uow.now
    uow.flush()
    ended = events.HandoverEnded.of(row, **_about(found), outcome=outcome.value)
    uow.record(ended, words=reason)


def agree_to_handover(uow: UnitOfWork, *, handover: int | str) -> None:
    """One of the two enterprises agrees; when both have, the work and its claim pass.

    Refuses `project.handed_over` where the record names yet another enterprise by now.
    """
    row, found, standing = _lock(uow, handover)
    policy.may_agree(uow.actor, standing).require()
    if uow.actor.acts_for(found.from_id):
        found.from_agreed_at, found.from_agreed_by = uow.now, uow.user_id
    else:
        found.to_agreed_at, found.to_agreed_by = uow.now, uow.user_id
    agreed = uow.actor.organisation_id
    uow.record(events.HandoverAgreed.of(row, **_about(found), organisation_id=agreed))
    if found.from_agreed_at and found.to_agreed_at:
        _pass(uow, row, found)


def keep_where_it_is(uow: UnitOfWork, *, handover: int | str, reason: str) -> None:
    """One of the two says no: the work stays with whoever commissioned it, to its end."""
    row, found, standing = _lock(uow, handover)
    policy.may_keep_where_it_is(uow.actor, standing).require()
    _end(uow, row, found, HandoverState.STAYS, required(reason, "reason"))


def settle_handover(uow: UnitOfWork, *, handover: int | str, passes: bool, reason: str) -> None:
    """The supervisor settles what the two have not settled in time, with reasons."""
    row, found, standing = _lock(uow, handover)
    policy.may_settle_handover(uow.actor, standing).require()
    policy.may_pass(standing, passes=passes).require()
    reason = required(reason, "reason")
    if passes:
        _pass(uow, row, found, reason)
    else:
        _end(uow, row, found, HandoverState.STAYS, reason)


def _pass(uow: UnitOfWork, row: Engagement, found: WorkHandover, reason: str = "") -> None:
    row.client_id = hand_claim(
        uow,
        project_id=row.project_id,
        record_kind=RECORD,
        record_id=row.id,
        to_id=found.to_id,
    )
    for follows in PASSED.values():
        follows(uow, row.id)
    if row.contract_owed_by is not None:
        working.owes_contract(uow, row, Side.CLIENT)
        working.reschedule(uow, row)
    _end(uow, row, found, HandoverState.PASSED, reason)


def _lock(
    uow: UnitOfWork, key: int | str
) -> tuple[Engagement, WorkHandover, policy.HandoverStanding]:
    """Lock the engagement, then its handover; to outsiders neither exists (`NotFound`)."""
    row = uow.lock(Engagement, uow.find(WorkHandover, key).engagement_id)
    found = uow.lock(WorkHandover, key)
    standing = handovers.handover(uow.session, found.id, local_date(uow.now)).standing
    if not policy.may_see_handover(uow.actor, standing):
        raise NotFound
    return row, found, standing


def refer_handover(uow: UnitOfWork, *, handover: int) -> bool:
    """The day is over: the supervisor settles it, unless the work is over; False if settled."""
    policy.may_settle(uow.actor).require()
    row = uow.lock(Engagement, uow.find(WorkHandover, handover).engagement_id)
    found = uow.lock(WorkHandover, handover)
    if found.state is not HandoverState.ASKED or found.due_on >= local_date(uow.now):
        return False
    if row.state not in PASSABLE:
        _end(uow, row, found, HandoverState.DROPPED)
        return True
    found.state = rules.step_handover(found.state, HandoverState.REFERRED)
    office = supervisor_for(uow.session, row.region_code)
    uow.record(events.HandoverReferred.of(row, **_about(found), supervisor_id=office))
    return True
