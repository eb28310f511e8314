"""Forms of the way in: register, sign in, codes, forgotten passwords, invitations."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms import Form as AnyForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    Email,
    EqualTo,
    InputRequired,
    Length,
    StopValidation,
    ValidationError,
)

from marketplace.accounts import rules
from marketplace.accounts.queries import credit_code_problem
from marketplace.accounts.rules import OPEN_CAPACITIES, normal_email
from marketplace.accounts.wording.words import CAPACITIES
from marketplace.catalogue.forms import region_choices
from marketplace.kernel import characters, personal, uscc
from marketplace.kernel.actors import Capacity
from marketplace.web.context import reading_session
from marketplace.web.forms import Form
from marketplace.web.wording import refusal_text

MOST_EMAIL = 254


def narrow(value: object) -> object:
    """A code or an address as it is compared: in one width, without what nobody sees."""
    return characters.narrow(value) if isinstance(value, str) else value


def required(message: Any) -> DataRequired:
    """The field needs a value; `message` asks for it."""
    return DataRequired(message)


def at_most(count: int) -> Length:
    """At most so many characters."""
    return Length(max=count, message=_("Use at most %(max)d characters."))


def right_credit_code(_form: AnyForm, field: StringField) -> None:
    """Say which defect a credit code has; a right one is written the usual way."""
    code = uscc.normalise(field.data or "")
    problem = credit_code_problem(reading_session(), code)
    if problem:
        raise ValidationError(refusal_text(problem))
    field.data = code


def right_mobile(_form: AnyForm, field: StringField) -> None:
    """A mainland mobile number, however it is written."""
    digits = personal.mobile(field.data or "")
    if not personal.is_mobile(digits):
        raise ValidationError(_("A mobile number has 11 digits and begins with 13 to 19."))
    field.data = digits


# The fields by which a form says whose password it is.
ABOUT = ("email", "person_name", "name", "mobile", "organisation_name", "credit_code")


class GoodPassword:
    """A new password that is long and not guessed soon by who knows what the form says of me."""

    def __call__(self, form: AnyForm, field: PasswordField) -> None:
        typed = [str(form[name].data or "") for name in ABOUT if name in form]
        known = getattr(form, "known", ())
        problem = rules.judged_password(field.data or "", *typed, *known).problem
        if problem:
            raise StopValidation(refusal_text(problem))


def email_field(label: Any, **kwargs: Any) -> StringField:
    """An e-mail address."""
    return StringField(
        label,
        [
            required(_("Enter an e-mail address.")),
            Email(
                _("This is not an e-mail address. Check what stands before and after the @."),
                allow_smtputf8=False,
            ),
            at_most(MOST_EMAIL),
        ],
        filters=[narrow],
        **kwargs,
    )


def mobile_field() -> StringField:
    """A mobile number."""
    return StringField(
        _("Mobile number"),
        [required(_("Enter a mobile number.")), right_mobile],
        filters=[narrow],
        description=_("Kept encrypted; lists show its last four digits only."),
    )


def name_field(label: Any) -> StringField:
    """A person's name."""
    return StringField(label, [required(_("Enter the name.")), at_most(80)])


class RegionField(SelectField):
    """A region of the province from the list."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label,
            [required(_("Choose the region."))],
            choices=region_choices,
            **kwargs,
        )


_PASSWORD_HINT = _(
    "At least 12 characters. Several words that do not belong together are easy to keep in mind "
    "and hard to guess."
)


def _new_password() -> PasswordField:
    return PasswordField(
        _("Password"),
        [InputRequired(_("Choose a password.")), GoodPassword()],
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
    password = _new_password()
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

    one_time_code = StringField(
        _("One-time code"),
        [required(_("Enter the code.")), at_most(40)],
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
    """A new password, twice. `known` is what the platform knows of whoever chooses it."""

    known: Sequence[str] = ()
    password = _new_password()
    password_again = _password_again()


class JoinForm(NewPasswordForm):
    """Somebody invited who has no account yet."""

    name = name_field(_("Your name"))
    mobile = mobile_field()
