"""The words of who does a work."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.staffing.rules import Days
from marketplace.web.words import day

REFUSALS: dict[str, LazyString] = {
    "staffing.unknown": _(
        "Choose practitioners whom the association has approved in your dossier. Somebody else is "
        "entered there first."
    ),
}

LABELS: dict[str, LazyString] = {}


def days_words(found: Days) -> str:
    """From which day to which, as far as it is known."""
    if found.ends is None:
        return str(gettext("from %(begins)s, end not known", begins=day(found.begins)))
    return str(gettext("%(begins)s to %(ends)s", begins=day(found.begins), ends=day(found.ends)))
