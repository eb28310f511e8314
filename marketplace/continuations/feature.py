"""What the questions about work of projects that are not active plug into the application."""

from marketplace.continuations import deadlines, handlers, queries, views, wording
from marketplace.continuations.news import NEWS
from marketplace.engagements.queries.standings import GOES_ON, MAY_BEGIN
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"continuations": deadlines.settle_continuations},
    fills=(
        fill(GOES_ON, continuations=queries.goes_on),
        fill(MAY_BEGIN, continuations=queries.may_begin),
    ),
)
