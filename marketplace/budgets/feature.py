"""What budgets plugs into the application."""

from marketplace.accounts.queries.departments import OPEN_WORK
from marketplace.budgets import deadlines, handlers, wording
from marketplace.budgets.news import NEWS
from marketplace.budgets.queries.appropriations import open_for
from marketplace.budgets.views import lines, payments
from marketplace.budgets.views.pages import bp
from marketplace.web.feature import Feature, fill

FEATURE = Feature(
    blueprints=(bp,),
    pages=(lines, payments),
    words=wording,
    news=NEWS,
    handlers=handlers.HANDLERS,
    fills=(fill(OPEN_WORK, budgets=open_for),),
    deadlines={
        "budget_payments": deadlines.tell_late_payments,
        "budget_year_end": deadlines.carry_commitments_over,
    },
)
