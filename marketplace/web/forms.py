"""The base of every form: sent once, free of control characters, refilled after a lost session."""

import re
import secrets
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField

from marketplace.kernel.errors import Refused
from marketplace.web.context import identity
from marketplace.web.wording import refusal_text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Never kept when a session ends in the middle of a form.
_NEVER_KEPT = re.compile(r"\A(csrf_token|once|code)\Z|password|secret")
_INVISIBLE = _("There was an invisible character in this field. We took it out; please check.")


def _strip(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form with CSRF protection and a hidden key that makes its act happen once.

    `refusal` holds the text of a refusal that belongs to no field. `restored` is true when the
    values are those typed before the session ended and await the user's confirmation.
    """

    class Meta(FlaskForm.Meta):
        """Text fields lose surrounding white space; passwords keep it."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Add the stripping filter to text fields."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": [*own, _strip]}
            return unbound_field.bind(form=form, **options)

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))
    acting_as = HiddenField(default=lambda: identity().acting_as())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.refusal = ""
        self.refused_code = ""
        self.restored = False
        if not args and "formdata" not in kwargs and request.method == "GET":
            kept = identity().remembered_form(request.full_path.rstrip("?"))
            if self._is_meant_by(kept, kwargs.get("prefix", "")):
                kwargs["formdata"] = MultiDict(kept)
                self.restored = True
        super().__init__(*args, **kwargs)
        if self.restored:
            self.once.data = secrets.token_urlsafe(18)
            self.acting_as.data = identity().acting_as()

    def _is_meant_by(self, kept: list[tuple[str, str]], prefix: str) -> bool:
        """Whether what was kept was typed into this form, of perhaps several on its page.

        What was typed for one organisation is not put into the form of another.
        """
        opened_for = dict(kept).get(f"{prefix}acting_as", "")
        if opened_for and opened_for != identity().acting_as():
            return False
        own = {name for name, _field in self._unbound_fields} - {"acting_as", "once"}
        return any(name.removeprefix(prefix).split("-")[0] in own for name, _value in kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Run the validators; characters that no keyboard types are taken out and reported."""
        dirty = [field for field in self if _clean_control_characters(field)]
        valid = bool(super().validate(extra_validators))
        for field in dirty:
            field.errors = [*field.errors, str(_INVISIBLE)]
        return valid and not dirty

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field it names, or above the form."""
        text = refusal_text(refusal)
        self.refused_code = refusal.code
        if refusal.code == "request.key_reused":
            # What was typed after going back may still be sent, knowingly, as something new.
            self.once.data = secrets.token_urlsafe(18)
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.refusal = text
        else:
            field.errors = [*field.errors, text]


def _clean_control_characters(field: Field) -> bool:
    if not isinstance(field.data, str) or not _CONTROL.search(field.data):
        return False
    field.data = _CONTROL.sub("", field.data)
    return True


class ActForm(Form):
    """A form with nothing to fill in: the button of one act."""


def kept_fields() -> list[tuple[str, str]]:
    """What was typed in the present request, without secrets and files."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not _NEVER_KEPT.search(name)
    ]
    typed = any(not name.endswith("acting_as") for name, _value in fields)
    return fields if typed else []
