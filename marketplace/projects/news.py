"""How the events of projects are told."""

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import organisations_with, people_with
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, Silent, kept, news, told
from marketplace.kernel.actors import Capacity, Role
from marketplace.projects import events
from marketplace.projects.queries import reading

_CLIENTS = (Role.ENTERPRISE_AGENT, Role.DEPARTMENT_OFFICER)


def _who_added(session: Session, record: EventRecord) -> list[Message]:
    """The people of the organisation that added the code; a refresh of our own concerns nobody."""
    wanted = reading.wanted(session, record.subject_id)
    if wanted.organisation_id is None:
        return []
    people = people_with(session, wanted.organisation_id, _CLIENTS)
    address = f"/my/projects/wanted/{wanted.public_id}"
    if wanted.project_public_id:
        address = f"/projects/{wanted.project_public_id}"
    return [Message(people, wanted.organisation_id, address, dict(record.payload))]


def _owners(session: Session, record: EventRecord) -> list[Message]:
    """The enterprise of before and that of now, as far as they are registered here."""
    row = reading.project(session, record.subject_id)
    owners = dict.fromkeys((record.payload["from_id"], row.enterprise_id))
    return [
        Message(
            people_with(session, one, (Role.ENTERPRISE_AGENT,)),
            one,
            f"/projects/{row.public_id}",
            dict(record.payload),
        )
        for one in owners
        if one is not None
    ]


def _operator(session: Session, record: EventRecord) -> list[Message]:
    """The operator, who keeps the table of regions."""
    project = reading.project(session, record.subject_id)
    return [
        Message(
            people_with(session, one.id, (Role.SYSTEM_ADMIN,)),
            one.id,
            f"/projects/{project.public_id}",
            dict(record.payload),
        )
        for one in organisations_with(session, Capacity.OPERATOR)
    ]


NEWS = news(
    kept(events.ProjectWanted, history=_("The project's code was passed on to be looked up.")),
    kept(
        events.ProjectDelayed,
        history=_("The approval platform could not be asked; it is tried again."),
    ),
    told(
        events.ProjectArrived,
        history=_("The project's record arrived."),
        to=(_who_added,),
        subject=_("Project %(code)s was added"),
        text=_("Its record has come from the approval platform. You can commission its items now."),
    ),
    told(
        events.ProjectRefused,
        history=_("The project could not be added."),
        to=(_who_added,),
        subject=_("Project %(code)s could not be added"),
        text=_("The reason, and what you can do about it, stands on its page."),
    ),
    told(
        events.ProjectRegionUnknown,
        history=_("The region code of the record is unknown; a larger region stands for it."),
        to=(_operator,),
        subject=_("Project %(code)s: unknown region code %(given_code)s"),
        text=_(
            "The project counts for the region %(region_code)s, the nearest larger one that is "
            "known. Bring the code into the table of regions; the next record of the project then "
            "counts for it."
        ),
    ),
    kept(events.ProjectRecorded, history=_("The project was recorded from the approval platform.")),
    kept(
        events.ProjectTakenUp, history=_("The project's enterprise is registered here and sees it.")
    ),
    kept(events.ProjectChanged, history=_("The approval platform changed the project.")),
    told(
        events.ProjectHandedOver,
        history=_("The approval platform named another enterprise."),
        to=(_owners,),
        subject=_("Project %(code)s has another enterprise"),
        text=_(
            "The approval platform now names another enterprise for the project. Requests that no "
            "institution had taken on and open rounds of quotations end with that, and their items "
            "are free again. Work that was taken on goes on with whoever commissioned it."
        ),
    ),
    kept(events.ItemClaimed, history=_("An item was commissioned for the project.")),
    kept(events.ItemClaimPassed, history=_("The commission went on under another record.")),
    kept(
        events.ItemPrepared,
        history=_(
            "An institution was contracted for what an item examines, and cannot do the item."
        ),
    ),
    kept(events.ItemReleased, history=_("An item can be commissioned again for the project.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
