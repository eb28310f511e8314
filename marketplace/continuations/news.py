"""How it is told what becomes of work whose project is not active."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.continuations import events, queries
from marketplace.engagements.news.work import client, provider
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import Message, Silent, Tone, kept, news, told
from marketplace.web.wording import label


def _answer_until(payload: Mapping[str, Any]) -> str:
    state = label(f"project_state.{payload['project_state']}")
    return str(gettext("%(state)s. Answer by %(day)s.", state=state, day=payload["due_on"]))


def _answered(payload: Mapping[str, Any]) -> str:
    return label(f"continuation_answer.{payload['answer']}")


def _outcome(payload: Mapping[str, Any]) -> str:
    return label(f"continuation_outcome.{payload['outcome']}")


def _moved(payload: Mapping[str, Any]) -> str:
    old, new = payload["due_was"], payload["due_on"]
    return str(gettext("It was %(old)s and is now %(new)s.", old=old, new=new))


def _on_its_page(session: Session, record: EventRecord) -> list[Message]:
    """The client, on the page where it answers."""
    found = queries.continuation(session, record.payload["continuation_id"])
    return [
        Message(one.user_ids, one.organisation_id, found.address, one.details)
        for one in client(session, record)
    ]


NEWS = news(
    told(
        events.ContinuationAsked,
        more=_answer_until,
        history=_("The project is not active; the client says what becomes of the work."),
        to=(_on_its_page, provider),
        subject=_("Engagement %(number)s: its project is not active any more"),
        text=_(
            "The approval platform keeps the project of “%(item)s” as active no more. The client "
            "says by %(due_on)s whether the work goes on, is paused or ends. Without an answer, "
            "work in progress is paused, what has no contract is cancelled, work under contract "
            "may not start, and what was delivered goes on."
        ),
        tone=Tone.WAITING,
    ),
    told(
        events.ContinuationAnswered,
        more=_answered,
        history=_("The client said what becomes of the work."),
        to=(provider,),
        subject=_("Engagement %(number)s: the client said what becomes of it"),
        text=_("For “%(item)s” the client has answered; the record says what and why."),
    ),
    told(
        events.ContinuationSettled,
        more=_outcome,
        history=_("The client did not answer what becomes of the work."),
        to=(client, provider),
        subject=_("Engagement %(number)s: nobody said what becomes of it"),
        text=_(
            "For “%(item)s” the client did not answer by %(due_on)s. The record says what holds "
            "now by the rules."
        ),
        tone=Tone.BAD,
    ),
    kept(
        events.ContinuationDayMoved,
        more=_moved,
        history=_("The day for the answer moved with the calendar."),
    ),
    told(
        events.ContinuationFellAway,
        history=_("The project is active again."),
        to=(client, provider),
        subject=_("Engagement %(number)s: its project is active again"),
        text=_(
            "The approval platform keeps the project of “%(item)s” as active again. Work that is "
            "paused stays paused until it is resumed."
        ),
    ),
    kept(
        events.ContinuationDropped,
        history=_("There is nothing to say any more about what becomes of the work."),
    ),
    platform=Silent("it told of it itself; what the work does then is told by the engagement"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the day is shown on the desk",
)
