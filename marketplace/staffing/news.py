"""How it is told who does a work."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.engagements.news.work import client
from marketplace.infra.outbox.news import Silent, news, told
from marketplace.staffing.events import PractitionersNamed


def _count(payload: Mapping[str, Any]) -> str:
    if payload["also_elsewhere"]:
        return str(
            gettext(
                "%(count)s practitioners, %(other)s of them named in other works on the same days",
                count=payload["count"],
                other=payload["also_elsewhere"],
            )
        )
    return str(gettext("%(count)s practitioners", count=payload["count"]))


NEWS = news(
    told(
        PractitionersNamed,
        more=_count,
        history=_("The institution said who does the work."),
        to=(client,),
        subject=_("Engagement %(number)s: who does the work"),
        text=_(
            "For “%(item)s” the institution has said who does the work: %(count)s practitioners, "
            "%(also_elsewhere)s of them named in other works on the same days. The record says "
            "who."
        ),
    ),
    platform=Silent("the approval platform follows the steps of the work only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
)
