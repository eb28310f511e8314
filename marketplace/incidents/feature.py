"""What incidents during the work plug into the application."""

from marketplace.engagements.services.handing import PASSED
from marketplace.incidents import deadlines, handlers, services, views, wording
from marketplace.incidents.news import NEWS
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"incidents": deadlines.settle_incidents},
    files={"incident": handlers.may_read_evidence},
    fills=(fill(PASSED, incidents=services.ask_new_client),),
)
