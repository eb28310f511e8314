"""What accounts plugs into the application."""

from marketplace.accounts import deadlines, handlers
from marketplace.accounts.news import NEWS
from marketplace.accounts.views import colleagues, me, operator, proving, way_in
from marketplace.accounts.views.attempts import bp
from marketplace.accounts.wording import words
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(bp,),
    pages=(colleagues, me, operator, proving, way_in),
    words=words,
    news=NEWS,
    handlers=handlers.HANDLERS,
    deadlines={
        "account_offers": deadlines.settle_offers,
        "account_sessions": deadlines.settle_sessions,
        "api_tokens": deadlines.settle_shown_tokens,
    },
    files={
        "organisation": handlers.may_read_letter,
    },
    prepare=proving.init_app,
)
