"""What projects plugs into the application."""

from marketplace.accounts.queries.departments import OPEN_WORK
from marketplace.projects import api, views, wording
from marketplace.projects.news import NEWS
from marketplace.projects.queries.reading import open_for
from marketplace.projects.views import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    news=NEWS,
    blueprints=(bp,),
    pages=(views,),
    apis=(api.blp,),
    words=wording,
    fills=(fill(OPEN_WORK, projects=open_for),),
)
