"""What the critical path plugs into the application."""

from marketplace.critical_path import deadlines, handlers, wording
from marketplace.critical_path.news import NEWS
from marketplace.critical_path.views import pages
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(pages.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"plan_days": deadlines.tell_near_days},
)
