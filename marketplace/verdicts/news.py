"""How verdicts are told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from marketplace.engagements.news.work import client, provider
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.outbox.news import TOLD, Audience, Message, Silent, Tone, kept, news, told
from marketplace.verdicts import events
from marketplace.verdicts.rules import Effect
from marketplace.web.wording import label


def _unless_moved(audience: Audience) -> Audience:
    """Whoever hears by another event that the work goes back, or does not, hears it once."""

    def tell(session: Session, record: EventRecord) -> list[Message]:
        if record.payload["effect"] != Effect.NONE or not record.payload["counts"]:
            return []
        return [_named(one) for one in audience(session, record)]

    return tell


def _named(one: Message) -> Message:
    """The message, filled with the number and the item of the work and what the event tells."""
    names = {"number": one.details["number"], "item": one.details["item"]}
    return replace(one, details={**one.details, **names})


def _version(payload: Mapping[str, Any]) -> str:
    return str(gettext("Version %(version)s.", version=payload["version"]))


def _given(payload: Mapping[str, Any]) -> str:
    parts = [_version(payload)]
    if not payload["counts"]:
        parts.append(gettext("A newer verdict had replaced it already."))
    elif payload["corrects"]:
        parts.append(gettext("It corrects the verdict before."))
    if payload["closed"]:
        parts.append(gettext("The work has ended: it is recorded and counted only."))
    if payload["score"] is not None:
        parts.append(gettext("Its own rating: %(score)s of 5.", score=payload["score"]))
    parts.append(label(f"verdict_state.{payload['verdict']}"))
    return " ".join(str(part) for part in parts)


def _due(payload: Mapping[str, Any]) -> str:
    due = gettext("Due on %(day)s.", day=payload["due_on"])
    return f"{_version(payload)} {due}"


NEWS = news(
    kept(
        events.VerdictAwaited,
        more=_version,
        history=_("The approving department is to say what it holds of the result."),
        platform=Silent("it was told of the acceptance"),
    ),
    told(
        events.VerdictGiven,
        more=_given,
        history=_("The approving department gave its verdict on the result."),
        to=(_unless_moved(client), _unless_moved(provider)),
        subject=_("Engagement %(number)s: the approving department gave its verdict"),
        text=_(
            "About version %(version)s for “%(item)s” the approving department gave its verdict; "
            "the page says which, and why."
        ),
        platform=Silent("it comes from there"),
    ),
    told(
        events.WorkGivenBack,
        more=_due,
        history=_("The approving department returned the accepted work; a second clock runs."),
        to=(client, provider),
        subject=_("Engagement %(number)s: the approving department returned the work"),
        text=_(
            "The approving department returned version %(version)s for “%(item)s”; its reasons "
            "stand in the record. The institution mends it by %(due_on)s. Nothing is paid, and the "
            "engagement does not close, until a new version is accepted."
        ),
        tone=Tone.BAD,
        platform=TOLD,
    ),
    told(
        events.GivingBackUndone,
        more=_version,
        history=_("The verdict was corrected: the work is accepted as it was."),
        to=(client, provider),
        subject=_("Engagement %(number)s: the work is accepted after all"),
        text=_(
            "The approving department corrected its verdict on version %(version)s for "
            "“%(item)s”. The work is accepted as it was, and nothing has to be mended."
        ),
        tone=Tone.GOOD,
        platform=TOLD,
    ),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="nobody has to act on it",
)
