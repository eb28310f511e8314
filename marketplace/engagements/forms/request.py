"""The form with which an enterprise picks an institution."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from marketplace.engagements.forms.acts import MAX_WORDS
from marketplace.web.fields import NumberField
from marketplace.web.forms import Form


class RequestForm(Form):
    """Project, institution, class of the item, limit and words to the institution."""

    project = SelectField(_("Project"), [InputRequired(_("Choose the project."))], choices=[])
    listing = SelectField(
        _("Institution"), [InputRequired(_("Choose an institution."))], choices=[]
    )
    variant = RadioField(
        _("Class of the item"),
        [InputRequired(_("Choose the class of the item: the limit depends on it."))],
        choices=[],
    )
    limit_days = NumberField(
        _("Shorter limit in days"),
        [Optional()],
        description=_("Empty for the limit of the item; a shorter one must be agreed."),
    )
    words = TextAreaField(
        _("Message to the institution"),
        [Optional(), Length(max=MAX_WORDS, message=_("Please use at most %(max)d characters."))],
        description=_("What it should know before it answers."),
    )

    def offer(
        self,
        projects: Iterable[tuple[str, str]],
        listings: Iterable[tuple[str, str]],
        variants: Iterable[tuple[str, str]],
    ) -> None:
        """Give the choices; an item without classes does not ask for one."""
        self.project.choices = [SelectChoice(key, text) for key, text in projects]
        self.listing.choices = [SelectChoice(key, text) for key, text in listings]
        self.variant.choices = [SelectChoice(key, text) for key, text in variants]
        if not self.variant.choices:
            del self.variant
