"""Forms of the way in: register, sign in, codes, forgotten passwords, invitations."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired

from marketplace.accounts.forms.checks import (
    GoodPassword,
    RegionField,
    at_most,
    email_field,
    mobile_field,
    name_field,
    narrow,
    required,
    right_credit_code,
)
from marketplace.accounts.rules import OPEN_CAPACITIES, normal_email
from marketplace.accounts.wording import CAPACITIES
from marketplace.kernel.actors import Capacity
from marketplace.web.forms import Form

_PASSWORD_HINT = _(
    "At least 12 characters. Several words that do not belong together are easy to keep in mind "
    "and hard to guess."
)


def _new_password(*about: str) -> PasswordField:
    return PasswordField(
        _("Password"),
        [InputRequired(_("Choose a password.")), GoodPassword(*about)],
        description=_PASSWORD_HINT,
    )


def _password_again() -> PasswordField:
    return PasswordField(
        _("Password again"),
        [
            InputRequired(_("Enter the password a second time.")),
            EqualTo("password", _("The two passwords differ. Enter both again.")),
        ],
    )


class OrganisationForm(Form):
    """The organisation somebody comes to act for."""

    organisation_name = StringField(
        _("Name of the organisation"),
        [required(_("Enter the name of the organisation.")), at_most(200)],
        description=_("As it stands on the business licence."),
    )
    credit_code = StringField(
        _("Unified social credit code"),
        [required(_("Enter the credit code.")), right_credit_code],
        filters=[narrow],
        description=_("18 digits and capital letters; spaces do not matter."),
    )
    capacity = RadioField(
        _("On this platform it is"),
        [InputRequired(_("Choose what the organisation is."))],
        choices=[SelectChoice(each.value, CAPACITIES[each]) for each in OPEN_CAPACITIES],
    )
    region_code = RegionField(_("Region"))

    def organisation(self) -> dict[str, Any]:
        """The organisation's facts for the service."""
        return {
            "credit_code": self.credit_code.data,
            "capacity": Capacity(self.capacity.data),
            "region_code": self.region_code.data,
        }


class RegisterForm(OrganisationForm):
    """Register an organisation and its first agent on one page."""

    person_name = name_field(_("Your name"))
    mobile = mobile_field()
    email = email_field(
        _("E-mail address"), description=_("We mail a link to it; you sign in with it.")
    )
    password = _new_password("email", "person_name", "organisation_name")
    password_again = _password_again()
    accept = BooleanField(
        _("I have read the terms of use and accept them."),
        [InputRequired(_("Please read the terms of use and accept them."))],
    )


class SignInForm(Form):
    """E-mail address and password."""

    email = email_field(_("E-mail address"))
    password = PasswordField(
        _("Password"), [InputRequired(_("Enter your password.")), at_most(128)]
    )


class CodeForm(Form):
    """A code of the second factor, or a recovery code."""

    code = StringField(
        _("One-time code"),
        [required(_("Enter the code.")), at_most(20)],
        filters=[narrow],
        description=_("Six digits of your authenticator app, or one of your recovery codes."),
    )


class EmailForm(Form):
    """To whom a link is mailed."""

    email = email_field(_("E-mail address"))

    def address(self) -> str:
        """The address as it is compared."""
        return normal_email(self.email.data)


class NewPasswordForm(Form):
    """A new password, twice."""

    password = _new_password()
    password_again = _password_again()


class JoinForm(NewPasswordForm):
    """Somebody invited who has no account yet."""

    name = name_field(_("Your name"))
    mobile = mobile_field()
