"""What quotation rounds plug into the application."""

from marketplace.engagements.queries.standings import BEFORE
from marketplace.quotations import deadlines, handlers, wording
from marketplace.quotations.news import NEWS
from marketplace.quotations.queries import rounds
from marketplace.quotations.views import answering, asking, questions
from marketplace.quotations.views.blueprint import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        answering,
        asking,
        questions,
    ),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "quotation_rounds": deadlines.settle_rounds,
    },
    files={
        "quotation_round": handlers.may_read_brief,
        "quotation": handlers.may_read_offer,
    },
    fills=(fill(BEFORE, quotation=rounds.came_from),),
)
