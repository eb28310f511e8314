"""Pages on which an institution's agent prepares and keeps its dossier."""

from marketplace.institutions.views import dossier, listings, papers, people, profile
from marketplace.institutions.views.blueprint import bp

__all__ = ["bp", "dossier", "listings", "papers", "people", "profile"]
