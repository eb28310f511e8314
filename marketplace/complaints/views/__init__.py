"""Pages of complaints and objections."""

from marketplace.complaints.views import filing, handling, objecting
from marketplace.complaints.views.blueprint import bp

__all__ = ["bp", "filing", "handling", "objecting"]
