"""What projects plugs into the application."""

from marketplace.projects import api, views, wording
from marketplace.projects.news import NEWS
from marketplace.projects.views import bp
from marketplace.web.feature import Feature

FEATURE = Feature(
    news=NEWS,
    blueprints=(bp,),
    pages=(views,),
    apis=(api.blp,),
    words=wording,
)
