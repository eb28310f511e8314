"""What is typed about projects: their code."""

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from marketplace.web.forms import Form


class AddProjectForm(Form):
    """The code as it stands on the filing or approval document."""

    code = StringField(
        _("Project code"),
        [
            InputRequired(_("Enter the project code.")),
            Length(max=60, message=_("A project code has 20 digits and 4 hyphens.")),
        ],
        description=_(
            "20 digits, as they stand on the filing or approval document, for example "
            "2106-220102-04-01-123455. Spaces and missing hyphens do no harm."
        ),
    )
