"""How the events of requests to departments are told."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.commission_requests import events, policy, queries
from marketplace.commission_requests.queries import RequestRow
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, Silent, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.kernel.times import local_date


def _told(
    record: EventRecord, row: RequestRow, session: Session, house: int, *roles: Role
) -> Message:
    people = people_with(session, house, roles, but=record.actor_user_id)
    details: dict[str, Any] = {**record.payload, "item": row.item_code, "project": row.project_name}
    return Message(people, house, f"/commission-requests/{row.public_id}", details)


def _row(session: Session, record: EventRecord) -> RequestRow:
    return queries.request_row(session, record.subject_id, local_date(record.occurred_at))


def _enterprise(session: Session, record: EventRecord) -> list[Message]:
    """The agents of the enterprise that asked, and of the one that has the project by now."""
    row = _row(session, record)
    houses = {row.enterprise_id, row.owner_id or row.enterprise_id}
    return [_told(record, row, session, one, Role.ENTERPRISE_AGENT) for one in sorted(houses)]


def _addressee(session: Session, record: EventRecord) -> list[Message]:
    """The people of the department that has it; the operator's where none has."""
    row, house = _row(session, record), record.payload["addressee_id"]
    return [_told(record, row, session, house, *policy.DEPARTMENT, Role.SYSTEM_ADMIN)]


NEWS = news(
    told(
        events.RequestAsked,
        history=_("The enterprise asked the department to commission the item."),
        to=(_addressee,),
        subject=_("Request %(number)s: an enterprise asks you to commission an item"),
        text=_(
            "For the project “%(project)s” the item “%(item)s” is to be commissioned. Please take "
            "it up or refuse it by %(due_on)s."
        ),
    ),
    told(
        events.RequestAddressed,
        history=_("The operator handed the request on to a department."),
        to=(_addressee, _enterprise),
        subject=_("Request %(number)s was handed on to the department"),
        text=_(
            "For the project “%(project)s” the item “%(item)s” is to be commissioned. The "
            "department answers by %(due_on)s."
        ),
    ),
    told(
        events.RequestTakenUp,
        history=_("The department took the request up."),
        to=(_enterprise,),
        subject=_("Request %(number)s was taken up"),
        text=_(
            "The department will commission “%(item)s” for the project “%(project)s”. Its notice "
            "is due by %(due_on)s."
        ),
    ),
    told(
        events.RequestRefused,
        history=_("The department refused the request."),
        to=(_enterprise,),
        subject=_("Request %(number)s was refused"),
        text=_(
            "“%(item)s” is not commissioned for the project “%(project)s”. The reasons stand on "
            "the page."
        ),
    ),
    told(
        events.RequestWithdrawn,
        history=_("The enterprise withdrew the request."),
        to=(_addressee,),
        subject=_("Request %(number)s was withdrawn"),
        text=_("The enterprise does not ask any more; its reason stands on the page."),
    ),
    told(
        events.RequestOvertaken,
        history=_("The request lost its sense and was ended."),
        to=(_enterprise, _addressee),
        subject=_("Request %(number)s has ended"),
        text=_(
            "“%(item)s” need not be commissioned for the project “%(project)s” any more; why "
            "stands on the page."
        ),
    ),
    told(
        events.RequestPublished,
        history=_("The notice of a competition was published for it."),
        to=(_enterprise,),
        subject=_("Request %(number)s: the notice is published"),
        text=_("Institutions can bid for “%(item)s” of the project “%(project)s” now."),
    ),
    told(
        events.RequestPutBack,
        history=_("Its competition ended without a contract; the department is asked again."),
        to=(_enterprise, _addressee),
        subject=_("Request %(number)s: its competition ended without a contract"),
        text=_(
            "“%(item)s” for the project “%(project)s” is to be commissioned anew. The next notice "
            "is due by %(due_on)s."
        ),
    ),
    told(
        events.RequestMet,
        history=_("The contract was recorded: what was asked for is under way."),
        to=(_enterprise,),
        subject=_("Request %(number)s is met"),
        text=_("The contract for “%(item)s” of the project “%(project)s” is recorded."),
    ),
    kept(
        events.RequestDayMoved,
        history=_("A new working calendar moved the day by which the department owes its step."),
        because="the page shows the new day",
    ),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
)
