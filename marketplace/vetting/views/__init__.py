"""Pages of vetting: the applicant's applications, the association's queue and cases."""

from marketplace.vetting.views import applicant, association
from marketplace.vetting.views.blueprint import bp

__all__ = ["applicant", "association", "bp"]
