"""Who judges nothing about whom: members, who left not long ago, and who declared a tie."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts import models
from marketplace.accounts.policy import Tie
from marketplace.accounts.queries.parties import unknown_mobile
from marketplace.catalogue import queries as catalogue
from marketplace.infra.rows import SqlValue
from marketplace.kernel.actors import Actor
from marketplace.kernel.times import end_of_day


def ties(session: Session, organisation_id: int, on: date) -> frozenset[Tie]:
    """Everybody who judges nothing about an organisation on a day, for `policy.recused`.

    Its members, those who were within the rulebook's days, and those who declared a tie to it;
    whoever shares a mobile number with one of them is the same person.
    """
    belong = select(models.Membership.user_id).where(
        models.Membership.organisation_id == organisation_id, _counts_on(session, on)
    )
    declared = select(models.Recusal.user_id).where(
        models.Recusal.organisation_id == organisation_id
    )
    tied = or_(models.User.id.in_(belong), models.User.id.in_(declared))
    numbers = select(models.User.mobile_hash).where(
        tied, models.User.mobile_hash != unknown_mobile()
    )
    people = select(models.User.id).where(or_(tied, models.User.mobile_hash.in_(numbers)))
    return frozenset(Tie(key, organisation_id) for key in session.scalars(people))


def _counts_on(session: Session, on: date) -> ColumnElement[bool]:
    """The memberships that tie somebody on a day: those that last, and those ended not long ago."""
    days = int(catalogue.rule(session, "recusal.past_membership_days", on))
    counts_from = end_of_day(on - timedelta(days=days))
    return or_(models.Membership.ended_at.is_(None), models.Membership.ended_at >= counts_from)


def recused_from(session: Session, user_id: int | None, on: date) -> tuple[int, ...]:
    """The organisations about which a person judges nothing on a day: `ties` from the other end."""
    accounts = select(models.User.id).where(models.User.of_person(user_id))
    belong = select(models.Membership.organisation_id).where(
        models.Membership.user_id.in_(accounts), _counts_on(session, on)
    )
    declared = select(models.Recusal.organisation_id).where(models.Recusal.user_id.in_(accounts))
    return tuple(sorted(set(session.scalars(belong)) | set(session.scalars(declared))))


def ties_of(session: Session, actor: Actor, on: date) -> frozenset[Tie]:
    """What ties the person who acts to organisations: `ties`, asked where there are many."""
    if actor.user_id is None:
        return frozenset()
    houses = recused_from(session, actor.user_id, on)
    return frozenset(Tie(actor.user_id, house) for house in houses)


def judges(session: Session, actor: Actor, on: date, *subjects: SqlValue) -> ColumnElement[bool]:
    """Of which records a person may judge what these columns name: for lists of what is theirs."""
    recused = recused_from(session, actor.user_id, on)
    return and_(*(or_(one.is_(None), one.not_in(recused)) for one in subjects))
