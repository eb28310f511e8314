"""How it is told that the project of work changed hands, and what becomes of the work."""

from collections.abc import Callable

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.queries import people_with
from marketplace.engagements import events
from marketplace.engagements import queries as engagements
from marketplace.engagements.news.work import INSIDE, Told, client, provider
from marketplace.engagements.queries import handovers
from marketplace.engagements.queries.handovers import HandoverRow
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, Tone, news, told
from marketplace.kernel.actors import Role
from marketplace.web.wording import label


def _handover(home: Callable[[HandoverRow], int | None], role: Role) -> Audience:
    """The people of one house, on the page about the work that may pass."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        found = handovers.handover_row(session, record.payload["handover_id"])
        organisation_id = home(found)
        if organisation_id is None:
            return []
        party = engagements.party(session, record.subject_id)
        details = {"number": party.number, "item": party.item_code, **record.payload}
        people = people_with(session, organisation_id, (role,))
        return [Message(people, organisation_id, found.address, details)]

    return tell


_before = _handover(lambda found: found.from_id, Role.ENTERPRISE_AGENT)
_after = _handover(lambda found: found.to_id, Role.ENTERPRISE_AGENT)


def _office(session: Session, record: EventRecord) -> list[Message]:
    """The supervisor that settles it."""
    office = record.payload["supervisor_id"]
    return _handover(lambda _found: office, Role.SUPERVISOR)(session, record)


def _outcome(payload: Told) -> str:
    return label(f"handover_state.{payload['outcome']}")


def _answer_until(payload: Told) -> str:
    return str(gettext("Answer by %(day)s.", day=payload["due_on"]))


NEWS = news(
    told(
        events.ProjectHandedOn,
        history=_("The approval platform named another enterprise for the project."),
        to=(client, provider),
        subject=_("Engagement %(number)s: the project has another enterprise"),
        text=_(
            "The approval platform now names another enterprise for the project of “%(item)s”. "
            "The work goes on with whoever commissioned it."
        ),
        platform=INSIDE,
    ),
    told(
        events.HandoverAsked,
        more=_answer_until,
        history=_("The project has another enterprise; both say whether this work passes to it."),
        to=(_before, _after, provider),
        subject=_("Engagement %(number)s: does it pass to the other enterprise?"),
        text=_(
            "The approval platform names another enterprise for the project of “%(item)s”. The "
            "work passes if both enterprises agree by %(due_on)s; each of them can leave it with "
            "whoever commissioned it. What they do not settle the supervisor settles."
        ),
        tone=Tone.WAITING,
        platform=INSIDE,
    ),
    told(
        events.HandoverAgreed,
        history=_("One of the two enterprises agreed that the work passes."),
        to=(_before, _after),
        subject=_("Engagement %(number)s: one enterprise agreed"),
        text=_(
            "One of the two enterprises agreed that “%(item)s” passes. When both have, it does."
        ),
        platform=INSIDE,
    ),
    told(
        events.HandoverReferred,
        history=_("The enterprises did not settle it in time; the supervisor settles it."),
        to=(_office, _before, _after),
        subject=_("Engagement %(number)s: the supervisor settles whether it passes"),
        text=_(
            "For “%(item)s” the two enterprises did not settle in time whether the work passes."
        ),
        tone=Tone.WAITING,
        platform=INSIDE,
    ),
    told(
        events.HandoverEnded,
        more=_outcome,
        history=_("It is settled what becomes of the work."),
        to=(_before, _after, provider),
        subject=_("Engagement %(number)s: it is settled whether it passes"),
        text=_("For “%(item)s” it is settled whether the work passes; its page says how."),
        platform=INSIDE,
    ),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
