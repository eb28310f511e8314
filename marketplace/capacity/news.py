"""How it is told how many works an institution takes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from marketplace.capacity.events import PlacesPublished
from marketplace.infra.outbox.news import Silent, kept, news


def _places(payload: Mapping[str, Any]) -> str:
    if payload["places"] is None:
        return str(gettext("No number is published any more."))
    return str(gettext("%(places)s places", places=payload["places"]))


NEWS = news(
    kept(
        PlacesPublished,
        more=_places,
        history=_("The number of works taken at a time was published."),
        because="whoever looks for an institution reads it where it chooses",
    ),
    platform=Silent("the approval platform follows engagements only"),
    directory=Silent("free places are read from the records, not from the index"),
    notice=Silent("not a public act"),
)
