"""How the events of ratings are told."""

from flask_babel import lazy_gettext as _

from marketplace.engagements.news.work import client, provider
from marketplace.infra.outbox.news import TOLD, Silent, news, told
from marketplace.ratings import events

_INSIDE = Silent("that it was rated is enough")

NEWS = news(
    told(
        events.EngagementRated,
        history=_("The client rated the service."),
        to=(provider,),
        subject=_("The client rated engagement %(number)s"),
        text=_("You can read the rating for “%(item)s” and reply to it once."),
        platform=TOLD,
    ),
    told(
        events.RatingRevised,
        history=_("The client revised the rating."),
        to=(provider,),
        subject=_("The client revised the rating of %(number)s"),
        text=_("The rating for “%(item)s” was changed; it stands on the page of the engagement."),
        platform=_INSIDE,
    ),
    told(
        events.RatingAnswered,
        history=_("The institution replied to the rating."),
        to=(client,),
        subject=_("The institution replied to your rating of %(number)s"),
        text=_("The reply about “%(item)s” stands beside your rating."),
        platform=_INSIDE,
    ),
    directory=Silent("it reads ratings when it is asked"),
    notice=Silent("not a public act"),
)
