"""Checks and fields that several forms of accounts share."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Form, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Email, Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.accounts import rules
from marketplace.catalogue.forms import region_choices
from marketplace.kernel import personal, uscc
from marketplace.web.wording import refusal_text

MOST_EMAIL = 254


def narrow(value: object) -> object:
    """Full-width characters as plain ones, as an input method leaves them behind."""
    return unicodedata.normalize("NFKC", value) if isinstance(value, str) else value


def required(message: Any) -> DataRequired:
    """The field needs a value; `message` asks for it."""
    return DataRequired(message)


def at_most(count: int) -> Length:
    """At most so many characters."""
    return Length(max=count, message=_("Use at most %(max)d characters."))


def right_credit_code(_form: Form, field: StringField) -> None:
    """Say which defect a credit code has; a right one is written the usual way."""
    code = uscc.normalise(field.data or "")
    problem = rules.credit_code_problem(code)
    if problem:
        raise ValidationError(refusal_text(problem))
    field.data = code


def right_mobile(_form: Form, field: StringField) -> None:
    """A mainland mobile number, written with or without spaces and hyphens."""
    digits = "".join(ch for ch in field.data or "" if ch not in " -").removeprefix("+86")
    if not personal.is_mobile(digits):
        raise ValidationError(_("A mobile number has 11 digits and begins with 13 to 19."))
    field.data = digits


class GoodPassword:
    """A new password that is long and not what others guess first; `about` names fields of mine."""

    def __init__(self, *about: str) -> None:
        self.about = about

    def __call__(self, form: Form, field: PasswordField) -> None:
        own = [str(form[name].data or "") for name in self.about if name in form]
        problem = rules.password_problem(field.data or "", *own)
        if problem:
            raise StopValidation(refusal_text(problem))


def email_field(label: Any, **kwargs: Any) -> StringField:
    """An e-mail address."""
    return StringField(
        label,
        [
            required(_("Enter an e-mail address.")),
            Email(_("This is not an e-mail address. Check what stands before and after the @.")),
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


class CheckboxesField(SelectMultipleField):
    """Several answers to one question, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
