"""What accounts plugs into the application."""

from marketplace.accounts import deadlines, handlers, identity, wording
from marketplace.accounts.news import NEWS
from marketplace.accounts.views import (
    api_tokens,
    colleagues,
    me,
    operator,
    security,
    signing_in,
    way_in,
)
from marketplace.accounts.views.blueprint import bp
from marketplace.web.feature import Feature

FEATURE = Feature(
    blueprints=(bp,),
    pages=(
        api_tokens,
        colleagues,
        me,
        operator,
        security,
        signing_in,
        way_in,
    ),
    words=wording,
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
    prepare=identity.init_app,
)
