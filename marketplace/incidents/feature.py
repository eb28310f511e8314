"""What incidents during the work plug into the application."""

from marketplace.incidents import deadlines, handlers, views, wording
from marketplace.incidents.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"incidents": deadlines.settle_incidents},
    files={"incident": handlers.may_read_evidence},
)
