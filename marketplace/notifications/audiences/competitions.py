"""Who hears of a competition: its department, and once they may know, those who entered."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.competitions import events
from marketplace.competitions import queries as competitions
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import Role
from marketplace.kernel.events import Event
from marketplace.notifications.audiences.telling import AGENTS, Audience, everyone, ids
from marketplace.notifications.services import Message

_OFFICERS = (Role.DEPARTMENT_OFFICER,)
_APPROVERS = (Role.DEPARTMENT_APPROVER,)
_BOTH = (*_OFFICERS, *_APPROVERS)


def _row(session: Session, record: EventRecord) -> tuple[competitions.CompetitionRow, Any]:
    row = competitions.competition(session, record.subject_id)
    return row, {"title": row.title, **record.payload, "number": row.number, "item": row.item_code}


def _department(roles: tuple[Role, ...]) -> Audience:
    """The department's people with one of the roles."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row, details = _row(session, record)
        people = ids(session, row.department_id, roles)
        address = f"/competitions/manage/{row.public_id}"
        return [Message(people, row.department_id, address, details)]

    return tell


def _institution(session: Session, record: EventRecord, organisation_id: int) -> Message:
    row, details = _row(session, record)
    people = ids(session, organisation_id, AGENTS)
    return Message(people, organisation_id, f"/competitions/{row.public_id}", details)


def _entrants(session: Session, record: EventRecord) -> list[Message]:
    """The agents of every institution whose bid stands."""
    entered = competitions.entrants(session, record.subject_id)
    return [_institution(session, record, key) for key in entered]


def _winner(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the institution the award speaks of."""
    key = record.payload.get("institution_organisation_id")
    if key is None:
        award = competitions.award_of(session, record.subject_id)
        key = award.organisation_id if award else None
    return [] if key is None else [_institution(session, record, key)]


AUDIENCES: dict[type[Event], Audience] = {
    events.CompetitionProposed: _department(_APPROVERS),
    events.CompetitionSentBack: _department(_OFFICERS),
    events.CompetitionPublished: _department(_OFFICERS),
    events.QuestionAsked: _department(_OFFICERS),
    events.QuestionAnswered: _entrants,
    events.CompetitionClosed: _department(_BOTH),
    events.OpeningRequested: _department(_BOTH),
    events.BidsOpened: everyone(_entrants, _department(_BOTH)),
    events.PriceJustified: _department(_OFFICERS),
    events.CompetitionEvaluated: _department(_APPROVERS),
    events.AwardPublished: everyone(_entrants, _department(_BOTH)),
    events.AwardHeld: everyone(_winner, _department(_BOTH)),
    events.AwardReleased: everyone(_winner, _department(_BOTH)),
    events.AwardSetAside: everyone(_winner, _department(_BOTH)),
    events.AwardMade: everyone(_winner, _department(_BOTH)),
    events.WinnerDeclined: _department(_BOTH),
    events.CompetitionFailed: everyone(_entrants, _department(_BOTH)),
    events.CompetitionCancelled: everyone(_entrants, _department(_BOTH)),
    events.CompetitionConcluded: _department(_BOTH),
}
