"""The form by which a fault of the site is reported."""

from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.web.forms import Form


class FaultForm(Form):
    """What could not be done, where, and how to answer."""

    words = TextAreaField(
        _("What did you want to do, and what happened?"),
        validators=[
            DataRequired(_("Please say what happened.")),
            Length(max=2000, message=_("Please use at most 2,000 characters.")),
        ],
    )
    address = StringField(
        _("On which page?"),
        description=_("The address of the page, if you know it."),
        validators=[Optional(), Length(max=300, message=_("Please use at most 300 characters."))],
    )
    contact = StringField(
        _("How can we answer you?"),
        description=_("Mail or telephone; kept encrypted and used for the answer only."),
        validators=[Optional(), Length(max=120, message=_("Please use at most 120 characters."))],
    )
