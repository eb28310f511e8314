"""What rulings plug into the application."""

from marketplace.rulings import deadlines, handlers, views, wording
from marketplace.rulings.news import NEWS
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(views.bp,),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"award_rulings": deadlines.ask_for_rulings},
)
