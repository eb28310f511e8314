"""The words of lights."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

LABELS: dict[str, LazyString] = {
    "light.green": _("On time"),
    "light.yellow": _("Due soon"),
    "light.red": _("Overdue"),
    "light.paused": _("Clock stands"),
}
