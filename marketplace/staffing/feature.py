"""What the list of those who do a work plugs into the application."""

from marketplace.engagements.queries.standings import WHO_DOES
from marketplace.engagements.services.beginning import NAMES
from marketplace.staffing import services, views, wording
from marketplace.staffing.news import NEWS
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    fills=(
        fill(WHO_DOES, staffing=views.offered),
        fill(NAMES, staffing=services.name_practitioners),
    ),
)
