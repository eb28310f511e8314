"""What an institution enters about its places."""

from flask_babel import lazy_gettext as _

from marketplace.web.fields import NumberField
from marketplace.web.forms import Form


class PlacesForm(Form):
    """How many works are taken at a time; empty for no published number."""

    places = NumberField(
        _("Places for this item"),
        description=_(
            "How many works you take at a time, from 1 to 999. Everybody sees how many are free, "
            "and nobody can pick you when none is. Leave it empty to publish no number."
        ),
    )
