"""How the events of vetting are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, Tone, kept, news, told
from marketplace.kernel.actors import Role
from marketplace.vetting import events
from marketplace.vetting.policy import APPROVERS, EXAMINERS
from marketplace.vetting.queries.lists import case_party
from marketplace.web.wording import label

_AGENTS = (Role.INSTITUTION_AGENT, Role.ORGANISATION_ADMIN)


def _case(session: Session, record: EventRecord) -> tuple[Any, dict[str, Any]]:
    party = case_party(session, record.subject_id)
    details = {"number": party.number, "item": party.item_code, **record.payload}
    return party, details


def _applicant(session: Session, record: EventRecord) -> list[Message]:
    """The institution's agents, about their own case."""
    party, details = _case(session, record)
    people = people_with(session, party.organisation_id, _AGENTS)
    return [Message(people, party.organisation_id, f"/my/applications/{party.public_id}", details)]


def _association(roles: tuple[Role, ...]) -> Audience:
    """The association's members with one of the roles, about a case of theirs.

    Not whoever acted: what they propose another decides.
    """

    def tell(session: Session, record: EventRecord) -> list[Message]:
        party, details = _case(session, record)
        doer = record.actor_user_id
        people = people_with(session, party.association_id, roles, but=doer)
        return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]

    return tell


def _examiner(session: Session, record: EventRecord) -> list[Message]:
    """The examiner of the case; all examiners while nobody has it, or who had it has left."""
    party, details = _case(session, record)
    doer = record.actor_user_id
    people = people_with(session, party.association_id, EXAMINERS, but=doer)
    if party.examiner_id in people:
        people = (party.examiner_id,)
    return [Message(people, party.association_id, f"/vetting/{party.public_id}", details)]


def _outcome(payload: Mapping[str, Any]) -> str:
    return str(gettext("Outcome: %(outcome)s.", outcome=label(f"outcome.{payload['outcome']}")))


def _moved(payload: Mapping[str, Any]) -> str:
    old, new = payload["due_was"], payload["due_on"]
    return str(gettext("It was %(old)s and is now %(new)s.", old=old, new=new))


def _answer_by(payload: Mapping[str, Any]) -> str:
    return str(gettext("To be corrected by %(day)s.", day=payload["answer_by"]))


def _found(payload: Mapping[str, Any]) -> str:
    ok, not_ok = len(payload["ok"]), len(payload["not_ok"])
    return str(gettext("In order: %(ok)s, not in order: %(not_ok)s.", ok=ok, not_ok=not_ok))


NEWS = news(
    told(
        events.CaseOpened,
        history=_("The application arrived at the association."),
        to=(_applicant, _association(EXAMINERS)),
        subject=_("Application %(number)s received"),
        text=_(
            "The application for “%(item)s” was received; its completeness is "
            "checked by %(due_on)s."
        ),
    ),
    told(
        events.CaseTaken,
        history=_("An examiner took the case."),
        to=(_applicant,),
        subject=_("Application %(number)s is being examined"),
        text=_("An examiner has taken the application for “%(item)s”."),
    ),
    told(
        events.CaseAssigned,
        history=_("The case was handed to another examiner."),
        to=(_examiner,),
        subject=_("Case %(number)s was given to you"),
        text=_("Please examine the application for “%(item)s”."),
    ),
    kept(
        events.CaseReleased, history=_("The examiner gave the case back to the queue."), inner=True
    ),
    kept(events.RecusalDeclared, history=_("A tie to the applicant was declared."), inner=True),
    kept(
        events.FindingsRecorded,
        more=_found,
        history=_("Points of the checklist were answered."),
        inner=True,
    ),
    kept(events.CompletenessPassed, history=_("The dossier was found complete.")),
    told(
        events.CaseReturned,
        more=_answer_by,
        history=_("The dossier was returned for correction."),
        to=(_applicant,),
        subject=_("Application %(number)s: please correct %(points)s points"),
        text=_(
            "Everything that is missing for “%(item)s” is named. Please correct it "
            "by %(answer_by)s; after that the application lapses."
        ),
        tone=Tone.WAITING,
    ),
    told(
        events.CaseResubmitted,
        history=_("The corrected dossier was sent in again."),
        to=(_examiner,),
        subject=_("Case %(number)s was corrected"),
        text=_("The applicant has answered for “%(item)s”; the check goes on until %(due_on)s."),
    ),
    told(
        events.CaseProposed,
        more=_outcome,
        history=_("A decision was proposed."),
        to=(_association(APPROVERS),),
        subject=_("Case %(number)s waits for your decision"),
        text=_(
            "An examiner has proposed to decide “%(item)s”: %(outcome)s. Another person decides."
        ),
        inner=True,
    ),
    told(
        events.CaseSentBack,
        history=_("The approver sent the case back to the examiner."),
        to=(_examiner,),
        subject=_("Case %(number)s was sent back to you"),
        text=_("The approver asks for another look at “%(item)s”; the reason stands in the case."),
        inner=True,
    ),
    told(
        events.CaseDecided,
        more=_outcome,
        history=_("The case was decided."),
        to=(_applicant, _examiner),
        subject=_("Application %(number)s is decided: %(outcome)s"),
        text=_("The decision on “%(item)s” with its reasons stands in the case."),
    ),
    told(
        events.CaseEndedByRemoval,
        history=_("The application ended, because the removal of the item was decided."),
        to=(_applicant, _examiner),
        subject=_("Application %(number)s ended"),
        text=_("A removal of “%(item)s” was decided, so the application for it ended."),
    ),
    told(
        events.CaseWithdrawn,
        history=_("The application was withdrawn."),
        to=(_examiner,),
        subject=_("Case %(number)s was withdrawn"),
        text=_("The applicant has withdrawn the application for “%(item)s”."),
    ),
    told(
        events.CaseLapsed,
        history=_("The application lapsed: the correction did not come in time."),
        to=(_applicant, _examiner),
        subject=_("Application %(number)s has lapsed"),
        text=_(
            "No correction for “%(item)s” came by %(answer_by)s. A new application "
            "is possible at any time."
        ),
        tone=Tone.BAD,
    ),
    told(
        events.CaseOverdue,
        history=_("The association missed the due day; its approvers were told."),
        to=(_examiner, _association(APPROVERS)),
        subject=_("Case %(number)s is overdue"),
        text=_("“%(item)s” was due on %(due_on)s. Please clear it at once."),
        tone=Tone.BAD,
    ),
    told(
        events.CaseDueMoved,
        more=_moved,
        history=_("The due day moved with the calendar."),
        to=(_applicant, _examiner),
        subject=_("Case %(number)s: the due date has moved"),
        text=_("After a change of the working calendar “%(item)s” is due on %(due_on)s."),
    ),
    kept(events.CompetenceGranted, history=_("An association became competent for an item.")),
    kept(events.CompetenceWithdrawn, history=_("An association's competence for an item ended.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="those who work on the case see it on its page",
)
