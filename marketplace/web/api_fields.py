"""What the schemas of the public interface are made of."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, ValidationError, fields, pre_load, validate
from marshmallow import Schema as Base

from marketplace.kernel.money import percent, yuan

YUAN = r"^-?[0-9]+\.[0-9]{2}$"
PERCENT = r"^[0-9]{1,3}(\.[0-9]{1,4})?$"
PUBLIC_ID = r"^[0-9a-z]{10}$"
# The value of a text that was not sent. Made when it is needed, so that the description names no
# default: an empty text is none of the values that could be sent.
NOT_ASKED = str
# Text without control characters.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
_DIGITS = re.compile(r"-?[0-9]{1,18}")


def N_(text: str) -> str:  # noqa: N802 - the name by which extraction knows it
    """A text that is translated where it is shown, not where it is written."""
    return text


# What the library says of faults; translated for whoever asked.
FAULTS = (
    N_("Unknown field."),
    N_("Missing data for required field."),
    N_("Field may not be null."),
    N_("Not a valid string."),
    N_("Not a valid integer."),
    N_("Not a valid boolean."),
    N_("Not a valid list."),
    N_("Invalid input type."),
    N_("String does not match expected pattern."),
    N_("The number is out of range."),
    N_("The text is too short or too long."),
    N_("This is none of the values that are possible."),
    N_("Invisible characters are not allowed."),
    N_("Not a valid utf-8 string."),
    N_("Number too large."),
    N_("Invalid value."),
)


class WholePattern(validate.Regexp):
    """A pattern for the whole text: Python's `$` would allow a line break behind it."""

    def __call__(self, value: Any) -> Any:
        """Raises `ValidationError` unless the whole text fits."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(FAULTS[8])
        return value


def between(low: int, high: int) -> validate.Range:
    """Whole numbers from `low` to `high`."""
    return validate.Range(low, high, error=FAULTS[9])


def length(low: int, high: int) -> validate.Length:
    """Texts of so many characters, or lists of so many values."""
    return validate.Length(low, high, error=FAULTS[10])


def one_of(*values: str) -> validate.OneOf:
    """One of these values."""
    return validate.OneOf(values, error=FAULTS[11])


class Schema(Base):
    """What comes in: nothing unknown, and no text that a database cannot keep."""

    class Meta:
        unknown = RAISE

    @pre_load
    def _refuse_unstorable(self, values: Any, **_more: Any) -> Any:
        if isinstance(values, Mapping):
            for name, value in values.items():
                if isinstance(value, str) and not _storable(value):
                    raise ValidationError(FAULTS[12], str(name))
        return values


class Answer(Base):
    """What goes out."""


class NoParameters(Schema):
    """The parameters of an operation that has none."""


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= ch <= "\udfff" for ch in text)


class WholeNumber(fields.Integer):
    """A whole number in plain ASCII digits, nothing that Python reads as one by courtesy."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if isinstance(value, str) and not _DIGITS.fullmatch(value):
            raise self.make_error("invalid", input=value)
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Money(fields.Field[int]):
    """An amount kept in fen, written in yuan as text with two decimals: `12000.00`."""

    def _serialize(self, value: int | None, *_args: Any, **_more: Any) -> str | None:
        return None if value is None else yuan(value, grouped=False)


class Rate(fields.Field[int]):
    """A rate kept in millionths, written in percent as text with the decimals it needs."""

    def _serialize(self, value: int | None, *_args: Any, **_more: Any) -> str | None:
        return None if value is None else percent(value)


def public_id(**more: Any) -> fields.String:
    """The opaque id of a record: ten lower-case characters."""
    return fields.String(validate=WholePattern(PUBLIC_ID), **more)


def money(**more: Any) -> Money:
    """An amount in yuan as text."""
    return Money(metadata={"pattern": YUAN, "examples": ["12000.00"]}, **more)


def rate(**more: Any) -> Rate:
    """A rate in percent as text."""
    return Rate(metadata={"pattern": PERCENT, "examples": ["0.015", "1.039"]}, **more)
