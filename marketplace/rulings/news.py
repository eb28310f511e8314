"""How the events of rulings are told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.engagements import queries as engagements
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, Tone, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.rulings import events, queries
from marketplace.web.wording import label

_DEPARTMENT = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_APPROVER)


def _at(home: Callable[[Any, Any], int | None], *roles: Role) -> Audience:
    """The people of one house, on the page of the matter."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        found = queries.ruling(session, record.payload["ruling_id"])
        party = engagements.party(session, record.subject_id)
        organisation_id = home(party, found)
        if organisation_id is None:
            return []
        details = {"number": party.number, "item": party.item_code, **record.payload}
        people = people_with(session, organisation_id, roles)
        return [Message(people, organisation_id, found.address, details)]

    return tell


_department = _at(lambda party, _found: party.client_id, *_DEPARTMENT)
_winner = _at(lambda party, _found: party.provider_id, Role.INSTITUTION_AGENT)
_office = _at(lambda _party, found: found.supervisor_id, Role.SUPERVISOR)


def _let_lie(payload: Mapping[str, Any]) -> str:
    return label(f"award_let_lie.{payload['let_lie']}")


def _by(payload: Mapping[str, Any]) -> str:
    late = str(gettext("after its days were over")) if payload["late"] else ""
    return " ".join(one for one in (label(f"side.{payload['by']}"), late) if one)


def _outcome(payload: Mapping[str, Any]) -> str:
    outcome = label(f"award_outcome.{payload['outcome']}")
    return str(gettext("%(who)s The ruling: %(what)s.", who=_let_lie(payload), what=outcome))


NEWS = news(
    told(
        events.RulingAsked,
        more=_let_lie,
        history=_("The days for the contract are over; the supervising office rules."),
        to=(_office, _department, _winner),
        subject=_("Engagement %(number)s: the contract of the award is overdue"),
        text=_(
            "The days for the contract on “%(item)s” are over. Both sides may state their side by "
            "%(hear_until)s; the supervising office rules by %(due_on)s."
        ),
        tone=Tone.BAD,
    ),
    told(
        events.SideHeard,
        more=_by,
        history=_("One side stated its side about the overdue contract."),
        to=(_office,),
        subject=_("Engagement %(number)s: one side has stated its side"),
        text=_("About the overdue contract on “%(item)s” one side has stated its side."),
    ),
    told(
        events.AwardRuled,
        more=_outcome,
        history=_("The supervising office ruled about the overdue contract."),
        to=(_department, _winner),
        subject=_("Engagement %(number)s: the supervising office has ruled"),
        text=_("About the overdue contract on “%(item)s” it is ruled; the page says what and why."),
    ),
    kept(
        events.RulingDropped,
        history=_("There is nothing to rule any more: the contract was concluded, or it ended."),
    ),
    platform=Silent("the platform follows the engagement itself"),
    directory=Silent("it shows institutions only"),
    notice=Silent("the page of the competition tells it"),
    because="the contract or the end of the engagement is told",
)
