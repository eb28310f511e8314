"""The words of ratings: refusals and the five criteria."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

REFUSALS: dict[str, LazyString] = {
    "rating.score_needed": _("Choose a score from 1 to 5."),
    "rating.not_the_client": _("Only the client of this engagement may do this."),
    "rating.not_the_provider": _("Only the institution that did the work may reply."),
    "rating.already_rated": _("This engagement has been rated already."),
    "rating.not_accepted": _("A service is rated once the work is accepted."),
    "rating.too_late": _("The days for rating this service are over."),
    "rating.not_rated": _("This engagement has not been rated."),
    "rating.already_revised": _("The rating has been revised once already."),
    "rating.revision_too_late": _("The days for revising the rating are over."),
    "rating.already_replied": _("Your institution has replied already."),
}

LABELS: dict[str, LazyString] = {
    "rating.quality": _("Quality of the work"),
    "rating.timeliness": _("Timeliness"),
    "rating.attitude": _("Attitude"),
    "rating.fees": _("Fees"),
    "rating.conduct": _("Honest conduct"),
}
