"""What a form showed when it was opened, so that nobody overwrites what a colleague saved since.

A form that begins with stored values carries a mark of each of them. When it comes back, the marks
are compared with what is stored by then: what has changed meanwhile is shown beside what was typed
and nothing is saved before its author has seen both.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, FormField, HiddenField, PasswordField, SelectFieldBase
from wtforms.fields import FieldList, FileField

from marketplace.infra.crypto import search_hash

_CONTEXT = "form.seen"
_LENGTH = 10
_LONGEST_SHOWN = 200
# What is no stored value: secrets, files, what a form carries for itself, forms within a form.
_UNMARKED = (PasswordField, FileField, HiddenField, FormField, FieldList)


@dataclass(frozen=True)
class Seen:
    """The marks of stored values by field name."""

    marks: Mapping[str, str]

    def __str__(self) -> str:
        return ".".join(f"{name}:{mark}" for name, mark in self.marks.items())


NOTHING = Seen({})


def stored_in(form: Iterable[Field], *, but: Container[str] = ()) -> Seen:
    """The marks of what the fields of a form begin with, those that begin empty among them.

    Left out are the fields that begin with what was only suggested.
    """
    return Seen(
        {
            field.short_name: _mark(field.short_name, _as_shown(field, field.object_data))
            for field in form
            if not isinstance(field, _UNMARKED) and field.short_name not in but
        }
    )


def read(text: str) -> Seen:
    """The marks that a form brought back; what is no mark is left out."""
    pairs = (part.partition(":") for part in text.split("."))
    return Seen({name: mark for name, colon, mark in pairs if colon})


def changed(form: Iterable[Field], was: Seen, now: Seen) -> list[Field]:
    """The fields whose stored value has changed since the form was opened.

    One that came back as it was shown takes the new value; one that somebody typed into keeps
    what was typed. Both are told beside the field, but not where both are the same.
    """
    found = []
    for field in form:
        name = field.short_name
        if was.marks.get(name) == now.marks.get(name) or name not in was.marks.keys() & now.marks:
            continue
        typed = _mark(name, _as_shown(field, field.data))
        if typed == now.marks[name]:
            continue
        stored = _as_shown(field, field.object_data)
        if typed == was.marks[name]:
            _put_back(field)
            told = _(
                "This was changed after you had opened the page. Stored now is what stands here."
            )
        else:
            shown = _in_words(field, stored)[:_LONGEST_SHOWN] or _("nothing")
            told = _(
                "This was changed after you had opened the page, to: %(value)s. What you wrote"
                " stands here: send it again to keep yours.",
                value=shown,
            )
        field.errors = [*field.errors, told]
        found.append(field)
    return found


def _mark(name: str, shown: str) -> str:
    return search_hash(f"{name}\x00{shown}", _CONTEXT)[:_LENGTH]


def _as_shown(field: Field, value: Any) -> str:
    """A value as the form writes it, so that what was not touched comes back the same."""
    if isinstance(field, BooleanField):
        return "y" if value else ""
    if value is None:
        return ""
    written = getattr(field, "written", None)
    if written is not None and not isinstance(value, str):
        return str(written(value))
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(sorted(map(str, value)))
    return str(value).replace("\r\n", "\n").strip()


def _put_back(field: Field) -> None:
    """Let the field hold what is stored, as when the form was opened."""
    field.raw_data = None
    field.process_data(field.object_data)


def _in_words(field: Field, stored: str) -> str:
    if isinstance(field, SelectFieldBase):
        said = {str(choice[0]): str(choice[1]) for choice in field.iter_choices()}
        return "、".join(said.get(one, one) for one in stored.split("\n"))
    return stored
