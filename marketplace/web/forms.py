"""The base of every form: cleaned, sent once, for one organisation, over what its author saw."""

import re
import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField, StringField

from marketplace.infra import security_log
from marketplace.kernel.characters import clean
from marketplace.kernel.decisions import PROOF_DUE
from marketplace.kernel.errors import Refused
from marketplace.web import seen
from marketplace.web.context import current_actor, identity
from marketplace.web.library_words import Words
from marketplace.web.wording import refusal_text

# What a form carries for itself, beside what is typed into it.
_OURS = frozenset({"csrf_token", "once", "acting_as", "seen"})
# Never kept when a session ends in the middle of a form.
_GOOD_ONCE = frozenset({"csrf_token", "once", "one_time_code", "proof"})
_SECRET = re.compile("password|secret")


def bare(name: str) -> str:
    """A field's own name: the forms of a page with several have a prefix before it."""
    return name.rpartition("-")[2]


def is_ours(name: str) -> bool:
    """Whether a form carries this field for itself: nobody typed what is in it."""
    return bare(name) in _OURS


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


class ProofField(PasswordField):
    """Where somebody proves once more who they are: with a code, or the password without codes."""


class Form(FlaskForm):
    """A form with CSRF protection and a hidden key that makes its act happen once.

    `refusal` holds the text of a refusal that belongs to no field. `restored` is true when the
    values are those typed before the session ended and await the user's confirmation. A form that
    begins with stored values (`data` or `obj`) is not saved over what was changed since it was
    opened: `request.changed_meanwhile`. `suggested` are values to begin with that nobody stored.
    A form that `takes_proof` has a place for it on its page, seen while no proof is fresh.
    """

    takes_proof = False

    class Meta(FlaskForm.Meta):
        """Text fields lose what nobody sees; passwords keep all; the library speaks our words."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Add the cleaning filter to text fields."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                own = unbound_field.kwargs.get("filters", ())
                options = {**options, "filters": [*own, _cleaned]}
            return unbound_field.bind(form=form, **options)

        def get_translations(self, _form: Any) -> Words:
            """What the library says, from our own catalogue."""
            return Words()

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))
    acting_as = HiddenField(default=lambda: identity().acting_as())
    seen = HiddenField()
    proof = ProofField(_("Prove that it is you"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.refusal = ""
        self.refused_code = ""
        self.restored = False
        if not args and "formdata" not in kwargs and request.method == "GET":
            kept = identity().remembered_form(request.full_path.rstrip("?"))
            if self._is_meant_by(kept, kwargs.get("prefix", "")):
                kwargs["formdata"] = MultiDict(kept)
                self.restored = True
        suggested = kwargs.pop("suggested", {})
        begun = any(kwargs.get(name) is not None for name in ("data", "obj"))
        if suggested:
            kwargs["data"] = {**suggested, **(kwargs.get("data") or {})}
        super().__init__(*args, **kwargs)
        self._stored = seen.stored_in(self, but=suggested) if begun else seen.NOTHING
        if not self.seen.data:
            self.seen.data = str(self._stored)
        if self.restored:
            self.once.data = secrets.token_urlsafe(18)
            self.acting_as.data = identity().acting_as()
        if request.method == "POST" and kwargs.get("formdata", request.form) is not None:
            g.sent_form = self

    def _is_meant_by(self, kept: list[tuple[str, str]], prefix: str) -> bool:
        """Whether what was kept was typed into this form, of perhaps several on its page."""
        own = {name for name, _field in self._unbound_fields if not is_ours(name)}
        return any(name.removeprefix(prefix).split("-")[0] in own for name, _value in kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Run the validators; what a colleague changed meanwhile is shown and saves nothing."""
        was = seen.read(self.seen.data or "")
        valid = bool(super().validate(extra_validators))
        if not seen.changed(self, was, self._stored):
            return valid
        self.seen.data = str(self._stored)
        self.refuse(Refused("request.changed_meanwhile"))
        return False

    @property
    def asks_proof(self) -> bool:
        """Whether the page shows the place for the proof."""
        return self.takes_proof and not current_actor().proven

    @property
    def proof_is_code(self) -> bool:
        """Whether the proof is a code of the second factor; without one it is the password."""
        return current_actor().second_factor

    def prove(self) -> None:
        """Accept the proof that came with the form; refuses a wrong one beside its field."""
        if self.proof.data and not current_actor().proven:
            identity().prove(self.proof.data)

    def awaits_proof(self, refusal: Refused) -> bool:
        """Whether only the proof is missing, and the page has no place for it."""
        return refusal.code == PROOF_DUE and not self.takes_proof

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field it names, or above the form."""
        text = refusal_text(refusal)
        self.refused_code = refusal.code
        security_log.ended_by(refusal)
        if refusal.code == "request.key_reused":
            # What was typed after going back may still be sent, knowingly, as something new.
            self.once.data = secrets.token_urlsafe(18)
        field = self._fields.get(refusal.field) if refusal.field else None
        if field is None:
            self.refusal = text
        else:
            field.errors = [*field.errors, text]


class ActForm(Form):
    """A form with nothing to fill in: the button of one act."""


def kept_fields() -> list[tuple[str, str]]:
    """What was typed in the present request, without secrets and files."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if bare(name) not in _GOOD_ONCE and not _SECRET.search(name)
    ]
    typed = any(not is_ours(name) for name, _value in fields)
    return fields if typed else []


def with_labels(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody typed, as they read it: each value under its label, where its form is known."""
    asked: dict[str, Any] = {field.name: field for field in g.get("sent_form") or ()}
    return [
        (str(asked[name].label.text) if name in asked else "", value)
        for name, value in fields
        if value and not is_ours(name) and not isinstance(asked.get(name), HiddenField)
    ]


def opened_for(fields: Iterable[tuple[str, str]]) -> str:
    """The membership that a form was opened through; its fields may have a prefix."""
    return next((value for name, value in fields if bare(name) == "acting_as"), "")


def page_of_form() -> str:
    """The page on which the posted form stands: its own address, else the one it came from.

    What is asked behind the path belongs to it: it may say what the form is about.
    """
    adapter = current_app.url_map.bind("")
    came_from = urlsplit(request.referrer or "")
    pages = [(request.path, request.full_path.rstrip("?"))]
    if came_from.netloc == request.host:
        pages.append((came_from.path, f"{came_from.path}?{came_from.query}".rstrip("?")))
    return next((page for path, page in pages if adapter.test(path, method="GET")), "/")
