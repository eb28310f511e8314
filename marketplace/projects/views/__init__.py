"""Pages of projects: the enterprise's own, adding one, and the list of a region."""

from marketplace.projects.views import adding, browsing
from marketplace.projects.views.blueprint import bp

__all__ = ["adding", "bp", "browsing"]
