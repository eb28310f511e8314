"""Pages of assessments, removals and rectification."""

from marketplace.assessments.views import assessed, association, public, rectifying, removals
from marketplace.assessments.views.blueprint import bp

__all__ = ["assessed", "association", "bp", "public", "rectifying", "removals"]
