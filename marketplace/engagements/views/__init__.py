"""Pages of engagements."""

from marketplace.engagements.views import (
    moving,
    quoting,
    quoting_answers,
    rating,
    record,
    request,
)
from marketplace.engagements.views.blueprint import bp

__all__ = ["bp", "moving", "quoting", "quoting_answers", "rating", "record", "request"]
