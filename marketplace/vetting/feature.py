"""What vetting plugs into the application."""

from marketplace.accounts.queries.leaving import HOLDS, Holds
from marketplace.accounts.services.memberships import HAND_OVER
from marketplace.institutions.handlers import READERS
from marketplace.vetting import deadlines, handlers, wording
from marketplace.vetting.news import NEWS
from marketplace.vetting.services import examining
from marketplace.vetting.views import applicant, association
from marketplace.vetting.views.blueprint import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        applicant,
        association,
    ),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "vetting_cases": deadlines.settle_cases,
    },
    fills=(
        fill(READERS, competent=handlers.may_read_papers),
        fill(HOLDS, cases=Holds(handlers.held_by, handlers.successors)),
        fill(HAND_OVER, cases=examining.hand_over),
    ),
)
