"""How the events of contracts are told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.contracts import events
from marketplace.engagements.news.work import client, other, provider
from marketplace.infra.outbox.news import TOLD, Silent, Tone, kept, news, told
from marketplace.web.wording import label
from marketplace.web.words import yuan

_INSIDE = Silent("the contract that is in force is told by its engagement")


def _terms(payload: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "Version %(version)s: %(amount)s yuan, %(days)s %(unit)s.",
            version=payload["version"],
            amount=yuan(payload["amount_fen"]),
            days=payload["limit_days"],
            unit=label(f"limit_unit.{payload['limit_unit']}"),
        )
    )


def _number(payload: Mapping[str, Any]) -> str:
    return str(gettext("Version %(version)s.", version=payload["version"]))


NEWS = news(
    told(
        events.ContractPutForward,
        more=_terms,
        history=_("The terms of the contract were put forward."),
        to=(other,),
        subject=_("Contract of %(number)s: please confirm"),
        text=_(
            "The other side has put the terms for “%(item)s” forward. Please confirm them or ask "
            "for a change by %(confirm_by)s."
        ),
        tone=Tone.WAITING,
        platform=_INSIDE,
    ),
    told(
        events.ContractChangeAsked,
        more=_number,
        history=_("A change of the contract was asked for."),
        to=(other,),
        subject=_("Contract of %(number)s: a change is asked for"),
        text=_("The other side asks for other terms for “%(item)s”; the record says which."),
        tone=Tone.WAITING,
        platform=_INSIDE,
    ),
    told(
        events.ContractTakenBack,
        more=_number,
        history=_("The terms of the contract were taken back."),
        to=(other,),
        subject=_("Contract of %(number)s: the terms were taken back"),
        text=_("There is nothing to confirm for “%(item)s” at the moment; the record says why."),
        platform=_INSIDE,
    ),
    told(
        events.ContractAmended,
        more=_terms,
        history=_("Both sides have confirmed an amendment of the contract."),
        to=(other,),
        subject=_("Contract of %(number)s: the amendment is in force"),
        text=_("Both sides have confirmed version %(version)s for “%(item)s”."),
        platform=TOLD,
    ),
    kept(
        events.ContractLapsed,
        more=_number,
        history=_("A text that nobody had confirmed lapsed."),
        platform=_INSIDE,
    ),
    told(
        events.AmendmentLapsed,
        more=_number,
        history=_("The amendment lapsed: it was not confirmed in time."),
        to=(client, provider),
        subject=_("Contract of %(number)s: the amendment has lapsed"),
        text=_(
            "The amendment for “%(item)s” was not confirmed by %(due_on)s. The contract stays as "
            "it is; either side may put an amendment forward anew."
        ),
        platform=_INSIDE,
    ),
    kept(
        events.ContractEnded,
        more=_number,
        history=_("The contract ended with the engagement."),
        platform=_INSIDE,
    ),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the end of the engagement is told",
)
