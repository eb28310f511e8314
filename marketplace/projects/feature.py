"""What projects plugs into the application."""

from marketplace.projects import api, wording
from marketplace.projects.news import NEWS
from marketplace.projects.views import adding, browsing
from marketplace.projects.views.blueprint import bp
from marketplace.web.feature import Feature

FEATURE = Feature(
    news=NEWS,
    blueprints=(bp,),
    pages=(
        adding,
        browsing,
    ),
    apis=(api.blp,),
    words=wording,
)
