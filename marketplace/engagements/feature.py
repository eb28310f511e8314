"""What engagements plugs into the application."""

from marketplace.accounts.queries.departments import OPEN_WORK
from marketplace.budgets.queries import PURPOSES
from marketplace.engagements import api, deadlines, handlers, wording
from marketplace.engagements.news import handing, work
from marketplace.engagements.queries.facts import open_for
from marketplace.engagements.views import choosing, handovers, lists, record
from marketplace.engagements.views.blueprint import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        choosing,
        handovers,
        lists,
        record,
    ),
    apis=(api.blp,),
    words=wording,
    news=(*work.NEWS, *handing.NEWS),
    handlers=handlers.HANDLERS,
    deadlines={
        "engagement_days": deadlines.settle_days,
        "engagements": deadlines.settle_engagements,
        "engagement_handovers": deadlines.refer_handovers,
    },
    files={
        "engagement": handlers.may_read_contract,
        "engagement_pause": handlers.may_read_evidence,
        "engagement_delivery": handlers.may_read_deliverable,
    },
    fills=(
        fill(PURPOSES, engagement=handlers.purposes),
        fill(OPEN_WORK, engagements=open_for),
    ),
)
