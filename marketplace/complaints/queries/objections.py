"""Objections to awards as rows."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.clocks.rules import Waiting
from marketplace.competitions import queries as competitions
from marketplace.complaints import rules
from marketplace.complaints.models import Objection
from marketplace.complaints.policy import AwardStanding, ObjectionStanding
from marketplace.complaints.queries.complaints import days
from marketplace.complaints.queries.rows import ObjectionPage, ObjectionRow
from marketplace.complaints.rules import ObjectionState, Outcome
from marketplace.infra.finding import find_row

_WHY = {
    "objection.filed": "body",
    "objection.sent_back": "send_back_reason",
    "objection.decided": "reason",
}


def objection_standing(row: Objection) -> ObjectionStanding:
    """What the policies ask of an objection."""
    return ObjectionStanding(
        state=ObjectionState(row.state),
        handler_id=row.handler_id,
        organisation_id=row.organisation_id,
        proposer_id=row.proposer_id,
    )


def award_standing(
    session: Session, held: competitions.CompetitionRow, organisation_id: int
) -> AwardStanding:
    """How the award of a competition stands towards an organisation that wants to object."""
    mine = session.scalar(
        select(Objection.id).where(
            Objection.competition_id == held.id,
            Objection.organisation_id == organisation_id,
            Objection.state == ObjectionState.FILED,
        )
    )
    opened = held.opened_at is not None
    return AwardStanding(
        award_open=held.state == "award_published",
        objection_until=held.objection_until,
        is_entrant=opened and competitions.entered(session, held.id, organisation_id),
        objected_already=mine is not None,
    )


def find_objection(session: Session, key: int | str) -> Objection:
    """The objection with this integer or public id; raises `NotFound`."""
    return find_row(session, Objection, key)


def objection(session: Session, key: int | str, today: date) -> ObjectionRow:
    """One objection as lists show it."""
    return _rows_of(session, [find_objection(session, key)], today)[0]


def objections(
    session: Session, today: date, *, handler_id: int | None = None, organisation_id: int = 0
) -> tuple[ObjectionRow, ...]:
    """The objections a handler has, or those of an entrant; open ones first."""
    query: Select[Objection] = select(Objection)
    if handler_id is not None:
        query = query.where(Objection.handler_id == handler_id)
    else:
        query = query.where(Objection.organisation_id == organisation_id)
    order = ((Objection.state != ObjectionState.FILED), Objection.due_on, Objection.id)
    return _rows_of(session, session.scalars(query.order_by(*order)).all(), today)


def objection_page(session: Session, key: int | str, today: date) -> ObjectionPage:
    """Everything about one objection."""
    row = find_objection(session, key)
    people = accounts.people(session, {row.proposer_id or 0, row.decider_id or 0} - {0})
    return ObjectionPage(
        row=_rows_of(session, [row], today)[0],
        standing=objection_standing(row),
        body=row.body,
        proposed_outcome=Outcome(row.proposed_outcome) if row.proposed_outcome else None,
        proposed_reason=row.proposed_reason,
        proposer_name=people.get(row.proposer_id or 0, ""),
        send_back_reason=row.send_back_reason,
        reason=row.reason,
        decider_name=people.get(row.decider_id or 0, ""),
        history=accounts.history(session, "objection", row, _WHY),
    )


def due_objections(session: Session, now: datetime) -> Sequence[int]:
    """The objections that need attention."""
    query = select(Objection.id).where(Objection.attention_at <= now)
    return session.scalars(query.order_by(Objection.attention_at)).all()


def dated_objections(session: Session) -> Sequence[int]:
    """The objections with a day by which they are due."""
    query = select(Objection.id).where(Objection.due_on.is_not(None))
    return session.scalars(query.order_by(Objection.id)).all()


def waiting_objections(session: Session, today: date) -> tuple[Waiting, ...]:
    """Objections that wait for an answer."""
    query = select(Objection).where(Objection.state == ObjectionState.FILED)
    return tuple(
        Waiting(
            kind="objection",
            public_id=row.public_id,
            number=row.number,
            what="objection.decide",
            owes_organisation_id=row.handler_id,
            light=row.light,
            due_on=row.due_on,
            region_code=row.region_code,
            item_code=row.item_code,
            about_organisation_id=row.organisation_id,
        )
        for row in _rows_of(session, session.scalars(query).all(), today)
    )


def _rows_of(session: Session, found: Sequence[Objection], today: date) -> tuple[ObjectionRow, ...]:
    names = accounts.organisations(session, {row.organisation_id for row in found})
    calendar, limits = catalogue.calendar(session), days(session, today)
    about = {
        row.competition_id: competitions.competition(session, row.competition_id) for row in found
    }
    return tuple(
        ObjectionRow(
            id=row.id,
            public_id=row.public_id,
            number=row.number,
            state=ObjectionState(row.state),
            competition_id=row.competition_id,
            competition_public_id=about[row.competition_id].public_id,
            competition_number=about[row.competition_id].number,
            competition_title=about[row.competition_id].title,
            region_code=about[row.competition_id].region_code,
            item_code=about[row.competition_id].item_code,
            organisation_id=row.organisation_id,
            organisation_name=names[row.organisation_id].name,
            handler_id=row.handler_id,
            filed_at=row.filed_at,
            due_on=row.due_on,
            light=rules.light_of(calendar, limits, row.due_on, today),
            proposed=row.proposer_id is not None,
        )
        for row in found
    )
