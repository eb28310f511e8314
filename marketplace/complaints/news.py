"""How the events of complaints are told."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.complaints import events
from marketplace.complaints.policy import HANDLERS
from marketplace.complaints.queries.complaints import ComplaintParty
from marketplace.complaints.queries.complaints import party as party_of
from marketplace.complaints.queries.objections import objection
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.kernel.times import local_date

_SIDES = (
    Role.INSTITUTION_AGENT,
    Role.ENTERPRISE_AGENT,
    Role.DEPARTMENT_OFFICER,
    Role.DEPARTMENT_APPROVER,
)


def _handler(session: Session, record: EventRecord) -> list[Message]:
    """The people who deal with complaints where it lies."""
    party = party_of(session, record.subject_id)
    people = people_with(session, party.handler_id, HANDLERS, but=record.actor_user_id)
    details = {**record.payload, "number": party.number}
    return [Message(people, party.handler_id, f"/complaints/{party.public_id}", details)]


def _about(session: Session, record: EventRecord) -> list[Message]:
    """The organisation the complaint is about."""
    party = party_of(session, record.subject_id)
    return _side(session, record, party, party.about_organisation_id)


def _filer(session: Session, record: EventRecord) -> list[Message]:
    """The organisation that complained; the public follows by its secret address."""
    party = party_of(session, record.subject_id)
    if party.filer_organisation_id is None:
        return []
    return _side(session, record, party, party.filer_organisation_id)


def _side(
    session: Session, record: EventRecord, party: ComplaintParty, organisation_id: int
) -> list[Message]:
    people = people_with(session, organisation_id, _SIDES)
    details = {**record.payload, "number": party.number}
    return [Message(people, organisation_id, f"/my/complaints/{party.public_id}", details)]


def _objection(*roles: Role, field: str) -> Audience:
    """The handler of an objection, or the entrant who filed it."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        row = objection(session, record.subject_id, local_date(record.occurred_at))
        organisation_id = record.payload[field]
        people = people_with(session, organisation_id, roles, but=record.actor_user_id)
        details = {**record.payload, "number": row.number}
        return [Message(people, organisation_id, f"/objections/{row.public_id}", details)]

    return tell


_judge = _objection(Role.SUPERVISOR, field="handler_id")


_entrant = _objection(Role.INSTITUTION_AGENT, field="organisation_id")


NEWS = news(
    told(
        events.ComplaintFiled,
        history=_("The complaint was filed."),
        to=(_handler,),
        subject=_("Complaint %(number)s was filed"),
        text=_("Please take it up, or refuse it with reasons, by %(due_on)s."),
    ),
    told(
        events.ComplaintAccepted,
        history=_("The complaint was taken up, and the other side was asked."),
        to=(_filer, _about),
        subject=_("Complaint %(number)s was taken up"),
        text=_("The side complained about answers by %(answer_by)s; after that it is decided."),
    ),
    told(
        events.ComplaintRefused,
        history=_("The complaint was not taken up."),
        to=(_filer,),
        subject=_("Complaint %(number)s was not taken up"),
        text=_("The reasons stand on its page, and so does who can still review them."),
    ),
    told(
        events.ComplaintHeard,
        history=_("The other side was heard."),
        to=(_handler,),
        subject=_("Complaint %(number)s can be decided"),
        text=_("The other side was heard, or let its time pass. Please propose a decision."),
    ),
    told(
        events.ComplaintAnsweredLate,
        history=_("The other side answered after its time."),
        to=(_handler,),
        subject=_("Complaint %(number)s: a late answer"),
        text=_("The other side has answered after its time. The answer stands on the page."),
    ),
    told(
        events.ComplaintProposed,
        history=_("A decision was proposed."),
        to=(_handler,),
        subject=_("Complaint %(number)s waits for a decision"),
        text=_("A decision is proposed. Another person decides."),
        inner=True,
    ),
    told(
        events.ComplaintSentBack,
        history=_("The proposal was sent back."),
        to=(_handler,),
        subject=_("Complaint %(number)s was sent back"),
        text=_("The proposal was not followed; the reason stands on its page."),
        inner=True,
    ),
    told(
        events.ComplaintDecided,
        history=_("The complaint was decided."),
        to=(_filer, _about),
        subject=_("Complaint %(number)s is decided"),
        text=_("The decision with its reasons stands on its page."),
    ),
    told(
        events.ComplaintReviewed,
        history=_("The supervisor reviewed the answer."),
        to=(_filer, _about, _handler),
        subject=_("Complaint %(number)s was reviewed"),
        text=_("The supervisor looked at it once more; what holds now stands on its page."),
    ),
    kept(events.ComplaintClosed, history=_("The complaint was closed.")),
    told(
        events.ComplaintOverdue,
        history=_("The day for the complaint was missed."),
        to=(_handler,),
        subject=_("Complaint %(number)s is overdue"),
        text=_("It was due on %(due_on)s. Please clear it at once."),
        inner=True,
    ),
    kept(events.ComplaintDueMoved, history=_("The working calendar changed, and the day moved.")),
    told(
        events.ObjectionFiled,
        history=_("The objection was filed, and the award is held."),
        to=(_judge,),
        subject=_("Objection %(number)s holds an award"),
        text=_("Please decide it by %(due_on)s; the award waits for that."),
    ),
    told(
        events.ObjectionProposed,
        history=_("An answer to the objection was proposed."),
        to=(_judge,),
        subject=_("Objection %(number)s waits for a decision"),
        text=_("A decision is proposed. Another person decides."),
        inner=True,
    ),
    told(
        events.ObjectionSentBack,
        history=_("The proposed answer was sent back."),
        to=(_judge,),
        subject=_("Objection %(number)s was sent back"),
        text=_("The proposal was not followed; the reason stands on its page."),
        inner=True,
    ),
    told(
        events.ObjectionDecided,
        history=_("The objection was decided."),
        to=(_entrant,),
        subject=_("Objection %(number)s is decided"),
        text=_("The decision with its reasons stands on its page."),
    ),
    told(
        events.ObjectionOverdue,
        history=_("The day for the objection was missed."),
        to=(_judge,),
        subject=_("Objection %(number)s is overdue"),
        text=_("It was due on %(due_on)s. Please clear it at once."),
        inner=True,
    ),
    kept(events.ObjectionDueMoved, history=_("The working calendar changed, and the day moved.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
