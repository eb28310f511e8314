"""What complaints plugs into the application."""

from marketplace.complaints import deadlines, handlers, wording
from marketplace.complaints.news import NEWS
from marketplace.complaints.views import filing, handling, objecting
from marketplace.complaints.views.pages import bp
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        filing,
        handling,
        objecting,
    ),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "complaints": deadlines.settle_complaints,
        "objections": deadlines.settle_objections,
    },
)
