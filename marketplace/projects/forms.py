"""What is typed about projects: their code, and that something is wanted although unknown."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from marketplace.projects.rules import Need, Needed
from marketplace.projects.services.claims import CONFIRMED
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


def need_field() -> BooleanField:
    """With which a client commissions although nobody knows whether the project needs it."""
    return BooleanField(
        _("We know that it is not certain whether the project needs it, and commission it anyway"),
        [Optional()],
        description=_(
            "The approval platform has told of a change of this project that could not be fetched "
            "yet, or no approval item is linked with this item. It may be granted already."
        ),
    )


def ask_need(form: Form, found: Iterable[Needed]) -> None:
    """Keep the field of `need_field` in the form only where something is not known."""
    if CONFIRMED in form and all(one.need is not Need.UNKNOWN for one in found):
        del form[CONFIRMED]


def confirms_need(form: Form) -> bool:
    """Whether the client said that it commissions all the same."""
    return CONFIRMED in form and bool(form[CONFIRMED].data)
