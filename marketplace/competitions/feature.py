"""What competitions plugs into the application."""

from marketplace.accounts.queries.departments import OPEN_WORK
from marketplace.budgets.queries import PURPOSES
from marketplace.competitions import deadlines, handlers, wording
from marketplace.competitions.news import NEWS
from marketplace.competitions.queries.lists import open_for
from marketplace.competitions.services.bidding import FILE_OWNER
from marketplace.competitions.views import department, institution, public
from marketplace.competitions.views.blueprint import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        department,
        institution,
        public,
    ),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "competitions": deadlines.settle_competitions,
    },
    files={
        FILE_OWNER: handlers.may_read_proposal,
    },
    fills=(
        fill(PURPOSES, competition=handlers.purposes),
        fill(OPEN_WORK, competitions=open_for),
    ),
)
