"""The pages of accounts: the way in, my account, colleagues, the operator's."""

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

__all__ = ["api_tokens", "bp", "colleagues", "me", "operator", "security", "signing_in", "way_in"]
