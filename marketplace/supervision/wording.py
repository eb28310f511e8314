"""Words of supervision."""

from flask_babel import lazy_gettext as _

LABELS = {
    "supervision.platform": _("The platform itself"),
    "supervision.light": _("Light"),
    "supervision.kind": _("Kind of record"),
    "supervision.item": _("Listed item"),
    "supervision.region": _("Region"),
}
