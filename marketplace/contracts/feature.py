"""What contracts plug into the application."""

from marketplace.contracts import deadlines, handlers, services, wording
from marketplace.contracts.news import NEWS
from marketplace.contracts.queries import reading
from marketplace.contracts.views import printing, record, verifying
from marketplace.contracts.views.blueprint import bp
from marketplace.engagements.queries.hands import TURNS
from marketplace.engagements.queries.standings import CHECKS, PAPERS_OWED
from marketplace.engagements.services.handing import PASSED
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(printing, record, verifying),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={"amendments": deadlines.lapse_amendments},
    files={"contract_version": handlers.may_read_paper},
    fills=(
        fill(CHECKS, contracts=reading.checks_of),
        fill(PAPERS_OWED, contracts=reading.papers_owed_of),
        fill(TURNS, contracts=reading.turns),
        fill(PASSED, contracts=services.drop_for_new_client),
    ),
)
