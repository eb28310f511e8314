"""What ratings plugs into the application."""

from marketplace.ratings import views, wording
from marketplace.ratings.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
)
