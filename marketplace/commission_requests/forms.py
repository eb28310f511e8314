"""Forms of requests to departments."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from marketplace.accounts.queries import OrganisationRow
from marketplace.projects.forms import need_field
from marketplace.web.forms import Form

MAX_WORDS = 2000
_TOO_LONG = _("Please use at most %(max)d characters.")


class AskForm(Form):
    """What the department should know."""

    words = TextAreaField(
        _("What the department should know"),
        [Optional(), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_(
            "For example by when the result is needed and whom to ask about the site. A provider "
            "cannot be named: the department finds one by competition."
        ),
    )
    need_confirmed = need_field()


class WithdrawForm(Form):
    """Why the enterprise does not ask any more."""

    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Give the reason.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("The department reads it."),
    )


class RefuseForm(Form):
    """Why nothing will be commissioned."""

    reason = TextAreaField(
        _("Reasons"),
        [DataRequired(_("Give the reasons.")), Length(max=MAX_WORDS, message=_TOO_LONG)],
        description=_("The enterprise reads them."),
    )


class AddressForm(Form):
    """The department that the operator hands a request on to."""

    department = SelectField(
        _("Department"),
        [DataRequired(_("Choose the department."))],
        description=_("Those responsible for the region of the project, the nearest first."),
    )

    def offer(self, departments: Iterable[OrganisationRow]) -> None:
        """These may be chosen."""
        self.department.choices = [
            SelectChoice("", _("Please choose")),
            *(SelectChoice(one.public_id, one.name) for one in departments),
        ]
