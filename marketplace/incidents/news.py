"""How the events of incidents are told."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.engagements import queries as engagements
from marketplace.engagements.news.work import client, provider
from marketplace.engagements.rules import Side, other_side
from marketplace.incidents import events, queries
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Audience, Message, Silent, Tone, news, told
from marketplace.web.wording import label

_PEOPLE: Mapping[Side, Audience] = {Side.CLIENT: client, Side.PROVIDER: provider}


def _on_its_page(which: Callable[[Side], Side]) -> Audience:
    """The people of one side, on the page of the incident."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        found = queries.incident(session, record.payload["incident_id"])
        party = engagements.party(session, record.subject_id)
        details = {"number": party.number, "item": party.item_code, **record.payload}
        return [
            Message(one.user_ids, one.organisation_id, found.address, details)
            for one in _PEOPLE[which(found.noted_side)](session, record)
        ]

    return tell


_noting = _on_its_page(lambda side: side)
_answering = _on_its_page(other_side)


def _what(payload: Mapping[str, Any]) -> str:
    side, what = (
        label(f"side.{payload['noted_side']}"),
        label(f"incident_kind.{payload['incident_kind']}"),
    )
    return str(gettext("Noted by %(side)s: %(what)s.", side=side, what=what))


def _answered(payload: Mapping[str, Any]) -> str:
    late = str(gettext("The answer came late.")) if payload["late"] else ""
    return " ".join(one for one in (_what(payload), late) if one)


NEWS = news(
    told(
        events.IncidentNoted,
        more=_what,
        history=_("One side noted an incident during the work."),
        to=(_answering,),
        subject=_("Engagement %(number)s: the other side noted an incident"),
        text=_(
            "During the work on “%(item)s” the other side noted an incident, with evidence. Please "
            "answer by %(answer_by)s; without an answer it is recorded that there was none."
        ),
        tone=Tone.WAITING,
    ),
    told(
        events.IncidentPassed,
        more=_what,
        history=_("The work has another client, who answers the incident."),
        to=(_answering,),
        subject=_("Engagement %(number)s: an incident waits for your answer"),
        text=_(
            "The work on “%(item)s” is yours now, and an incident of it waits for an answer. "
            "Please answer by %(answer_by)s; without an answer it is recorded that there was none."
        ),
        tone=Tone.WAITING,
    ),
    told(
        events.IncidentAnswered,
        more=_answered,
        history=_("The other side answered an incident."),
        to=(_noting,),
        subject=_("Engagement %(number)s: the incident is answered"),
        text=_("The incident that you noted during the work on “%(item)s” is answered."),
    ),
    told(
        events.IncidentUnanswered,
        more=_what,
        history=_("An incident was not answered in time."),
        to=(_noting, _answering),
        subject=_("Engagement %(number)s: an incident was not answered in time"),
        text=_(
            "The incident during the work on “%(item)s” was not answered by %(answer_by)s, which "
            "is recorded. A late answer is still taken, and marked as late."
        ),
        tone=Tone.BAD,
    ),
    told(
        events.IncidentWithdrawn,
        more=_what,
        history=_("An incident was withdrawn by whoever noted it."),
        to=(_answering,),
        subject=_("Engagement %(number)s: the incident is withdrawn"),
        text=_(
            "The incident during the work on “%(item)s” is withdrawn; there is nothing to answer."
        ),
    ),
    platform=Silent("the platform follows the engagement itself"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
)
