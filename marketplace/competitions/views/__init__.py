"""Pages of competitions: the public, institutions, departments."""

from marketplace.competitions.views import acts, department, institution, public
from marketplace.competitions.views.blueprint import bp

__all__ = ["acts", "bp", "department", "institution", "public"]
