"""What verdicts plug into the application."""

from marketplace.engagements.services.doing import ACCEPTED
from marketplace.verdicts import handlers, services, views, wording
from marketplace.verdicts.news import NEWS
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    fills=(fill(ACCEPTED, verdicts=services.carry_out),),
)
