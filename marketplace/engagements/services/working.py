"""What every act on an engagement begins and ends with: lock and see, set the next day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.budgets import services as budgets
from marketplace.capacity import services as capacity
from marketplace.competitions import services as competitions
from marketplace.engagements import events, policy, rules
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries import lists, standings
from marketplace.engagements.queries.lists import EngagementParty
from marketplace.engagements.rules import ClientKind, Side, State, Told
from marketplace.infra.files import store_upload
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import local_date
from marketplace.projects import services as projects

RECORD = "engagement"


@dataclass(frozen=True)
class Paper:
    """A file handed in with an act: its name and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class EngagementRef:
    """An engagement that was just opened."""

    id: int
    public_id: str
    number: str


def lock_engagement(uow: UnitOfWork, key: int | str) -> tuple[Engagement, policy.Standing]:
    """Lock the engagement and say how it stands; to outsiders it does not exist (`NotFound`)."""
    row = uow.lock(Engagement, key)
    standing = standings.standing(uow.session, row, local_date(uow.now))
    if not (uow.actor.is_system or policy.may_see(uow.actor, standing)):
        raise NotFound
    return row, standing


def hold_engagement(uow: UnitOfWork, *, engagement: int | str) -> EngagementParty:
    """Lock an engagement for an act that a feature above does about it; `NotFound` to outsiders."""
    row, _standing = lock_engagement(uow, engagement)
    return lists.PARTY.of(row)


def acting_side(uow: UnitOfWork, standing: policy.Standing) -> Side:
    """The party the actor acts for."""
    side = policy.side_of(uow.actor, standing)
    if side is None:
        raise Refused("engagement.only_parties")
    return side


def keep(
    uow: UnitOfWork, papers: Iterable[Paper], *, owner_kind: str, owner_id: int, kind: str
) -> None:
    """Keep the papers of an act under the record they belong to."""
    for paper in papers:
        store_upload(
            uow,
            owner_kind=owner_kind,
            owner_id=owner_id,
            kind=kind,
            name=paper.name,
            data=paper.data,
            field="paper",
        )


def enter(
    uow: UnitOfWork, row: Engagement, target: State, *, paused_by: Side | None = None
) -> None:
    """Take a step of the life cycle; what was due before is due no more.

    A pause, which names the side that makes it, remembers the state it came from.
    """
    row.resumes_to = row.state if paused_by else None
    row.paused_by = paused_by
    row.state = rules.step(row.state, target)
    row.state_since = uow.now
    owes_contract(uow, row, Side.CLIENT if target is State.TAKEN_ON else None)
    if target in rules.ENDED:
        row.ended_at = uow.now
    if target in rules.OFF_HAND:
        capacity.free_place(uow, engagement_id=row.id)
    reschedule(uow, row)


def owes_contract(uow: UnitOfWork, row: Engagement, side: Side | None) -> None:
    """The contract waits for this side from now on; None where it waits for nobody."""
    row.contract_owed_by, row.contract_owed_since = side, uow.now if side else None


def reschedule(uow: UnitOfWork, row: Engagement) -> None:
    """Set the day by which whoever has the turn must act, and when the tick looks at it."""
    found = standings.turn_of(uow.session, row, local_date(uow.now))
    if found is not None and row.state in rules.RUNNING:
        row.due_on = found.due_on
    row.told = Told.NOT
    row.turn_due_on = found.due_on if found else None
    row.remind_on = found.remind_on if found else None
    row.attention_at = rules.attention(found, Told.NOT)


def tell_moved(uow: UnitOfWork, row: Any, what: str, was: date, due_on: date) -> None:
    """Record that a calendar import moved a day about an engagement (or a row with its parties)."""
    uow.record(events.DueMoved.of(row, what=what, due_was=was, due_on=due_on))


def step_back(uow: UnitOfWork, row: Engagement) -> None:
    """Before a contract: the item is free again; an award goes to the next in order."""
    if row.competition_id is not None:
        competitions.winner_declined(uow, competition_id=row.competition_id, engagement_id=row.id)
        return
    projects.release_item(uow, record_kind=RECORD, record_id=row.id)


def release(uow: UnitOfWork, row: Engagement) -> None:
    """After a contract: the item is free again, and what the budget still holds for it."""
    if row.client_kind is ClientKind.DEPARTMENT:
        budgets.release_hold(uow, purpose_kind=RECORD, purpose_id=row.id)
    projects.release_item(uow, record_kind=RECORD, record_id=row.id)
