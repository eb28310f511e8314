"""Pieces that the forms of a dossier share: required, at most, Chinese-friendly messages."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation


def answers(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """The answers of a choice: stored value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


def required(message: Any) -> DataRequired:
    """The field needs a text."""
    return DataRequired(message)


def chosen(message: Any) -> InputRequired:
    """One of the answers must be chosen."""
    return InputRequired(message)


def at_most(count: int) -> Length:
    """A text of at most so many characters."""
    return Length(max=count, message=_("Write at most %(max)d characters."))


class Parsed:
    """A date, amount or number field needs a value that could be read."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop when nothing was entered."""
        if field.parsed is None:
            raise StopValidation(str(self.message))


def optional() -> Optional:
    """The field may stay empty."""
    return Optional()
