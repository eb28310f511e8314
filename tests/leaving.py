"""Whoever leaves, nothing that happens is without a recipient: tried for each event of each act.

    with everybody_reached() as kinds:
        pause(world)

After every unit of work of the block each event that people are told of is delivered again, in a
world that is taken back afterwards: once for each person whom it concerns, who has left all their
organisations before, with the last administrators staying, as they must. Somebody who is there has
to be told; whoever did it themselves knows. What another person has to act on
(`data/people/another_acts.csv`) reaches somebody else even where whoever acted got the leaver's
roles. A kind is tried once in a block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from marketplace.accounts.models import (
    Membership,
    MembershipRole,
    Organisation,
    OrganisationCapacity,
    User,
)
from marketplace.accounts.rules import DUTIES
from marketplace.accounts.services import memberships
from marketplace.accounts.services.memberships import Leaving
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import news_of
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.errors import Refused
from marketplace.notifications.handlers import tell_audience
from marketplace.notifications.models import Notification
from tests import tables

_ENTER, _EXIT = UnitOfWork.__enter__, UnitOfWork.__exit__
# Whoever complained is a visitor, who follows by a secret address.
OF_THE_PUBLIC = {"complaint.refused"}
ANOTHER_ACTS = frozenset(kind for (kind,) in tables.rows("people/another_acts"))


@contextmanager
def everybody_reached() -> Iterator[set[str]]:
    """Try each event of the block in worlds that somebody has left; yields the kinds tried."""
    tried: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        leave = UnitOfWork.__exit__

        def left(uow: UnitOfWork, kind: Any, error: BaseException | None, trace: Any) -> None:
            leave(uow, kind, error, trace)
            if kind is None and uow.recorded:
                _try(uow.recorded, tried)

        patch.setattr(UnitOfWork, "__exit__", left)
        yield tried


def _try(recorded: int, tried: set[str]) -> None:
    with reading_session() as session:
        last = session.scalars(
            select(EventRecord).order_by(EventRecord.id.desc()).limit(recorded)
        ).all()
        found = [(one.id, one.kind) for one in reversed(last)]
    for event_id, kind in found:
        row = news_of(kind)
        if row is not None and row.to and kind not in tried:
            tried.add(kind)
            for person in _concerned(event_id):
                _without(event_id, person, heir=False)
                if kind in ANOTHER_ACTS:
                    _without(event_id, person, heir=True)


def _concerned(event_id: int) -> tuple[int, ...]:
    """Whoever is told of an event now, and whoever did it."""
    with reading_session() as session:
        record = session.get_one(EventRecord, event_id)
        people = {record.actor_user_id} | _asked(session, record)
    return tuple(sorted(key for key in people if key is not None))


def _asked(session: Any, record: EventRecord) -> set[int]:
    row = news_of(record.kind)
    assert row is not None
    return {
        key
        for audience in row.to
        for message in audience(session, record)
        for key in message.user_ids
    }


def _without(event_id: int, person: int, *, heir: bool) -> None:
    """Deliver the event where the person has left, and take everything back."""
    uow = UnitOfWork(SYSTEM, datetime.now(UTC))
    _ENTER(uow)
    try:
        record = uow.session.get_one(EventRecord, event_id)
        _stand_by(uow)
        _leaves(uow, person, record.actor_user_id if heir else None)
        asked = _asked(uow.session, record)
        if not asked and record.kind in OF_THE_PUBLIC:
            return
        uow.session.execute(delete(Notification).where(Notification.event_id == event_id))
        tell_audience(uow, record)
        told = set(
            uow.session.scalars(
                select(Notification.user_id).where(Notification.event_id == event_id)
            )
        )
        said = f"{record.kind}: without {person} nobody is told"
        knows = asked & {record.actor_user_id} if record.kind not in ANOTHER_ACTS else set()
        assert _there(uow, told | knows), said
    finally:
        _EXIT(uow, AssertionError, AssertionError(), None)


def _there(uow: UnitOfWork, people: set[int | None]) -> set[int]:
    """Those of these people who belong to some organisation still."""
    return set(
        uow.session.scalars(
            select(Membership.user_id).where(
                Membership.user_id.in_(people), Membership.ended_at.is_(None)
            )
        )
    )


def _leaves(uow: UnitOfWork, person: int, heir: int | None) -> None:
    """The person leaves each organisation that can spare them; the heir gets their roles there."""
    rows = uow.session.scalars(
        select(Membership).where(Membership.user_id == person, Membership.ended_at.is_(None))
    )
    for row in rows.all():
        roles = memberships.active_roles(uow, row.id)
        try:
            memberships.close_membership(uow, row, at=uow.now)
        except Refused as refusal:
            if refusal.code != "account.last_administrator":
                raise
            continue
        memberships.hand_over(uow, Leaving(row.user_id, row.organisation_id))
        if heir not in {None, person}:
            _inherit(uow, heir, row.organisation_id, roles)


def _inherit(
    uow: UnitOfWork, heir: int | None, organisation_id: int, roles: frozenset[Role]
) -> None:
    own = uow.session.scalars(
        select(Membership).where(
            Membership.user_id == heir,
            Membership.organisation_id == organisation_id,
            Membership.ended_at.is_(None),
        )
    ).one_or_none()
    if own is not None:
        held = memberships.active_roles(uow, own.id)
        memberships.replace_roles(uow, own, held | (roles - DUTIES))


def _stand_by(uow: UnitOfWork) -> None:
    """An operator of the world, with its administrator; no more is taken for granted."""
    number = (uow.session.scalar(select(func.max(User.id))) or 0) + 1
    operator = uow.add(
        Organisation(
            name=f"运营方{number}",
            credit_code=f"11220000{number:010d}",
            region_code="220000",
            created_at=uow.now,
            authorised_at=uow.now,
        )
    )
    uow.session.add(OrganisationCapacity(organisation_id=operator.id, capacity=Capacity.OPERATOR))
    user = uow.add(
        User(
            name=f"值班员{number}",
            email=f"stand-by-{number}@example.cn",
            mobile="",
            mobile_hash=f"stand-by-{number}",
            mobile_held=False,
            created_at=uow.now,
        )
    )
    member = uow.add(
        Membership(
            user_id=user.id, organisation_id=operator.id, begins_at=uow.now, provisional=False
        )
    )
    uow.session.add(
        MembershipRole(
            membership_id=member.id,
            user_id=user.id,
            role=Role.SYSTEM_ADMIN,
            granted_at=uow.now,
        )
    )
    uow.flush()
