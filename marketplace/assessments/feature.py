"""What assessments plugs into the application."""

from marketplace.assessments import deadlines, handlers, wording
from marketplace.assessments.news import NEWS
from marketplace.assessments.views import assessed, association, removals
from marketplace.assessments.views.presenting import bp
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(bp,),
    pages=(assessed, association, removals),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "assessment_cycles": deadlines.settle_cycles,
        "removal_cases": deadlines.settle_removals,
    },
    files={
        "removal_case": handlers.may_read_removal,
        "rectification": handlers.may_read_plan,
    },
)
