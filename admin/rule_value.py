"""A form field for the value of a rule: a number, a list of numbers, or a table of them."""

import re
import unicodedata
from typing import Any

from flask_babel import gettext
from wtforms import TextAreaField
from wtforms.validators import StopValidation

_BETWEEN_NUMBERS = re.compile(r"[,，、;；\s]+")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_LINE = re.compile(r"\s*(\w{1,40})\s*[:=]\s*(.+)")


class RuleValueField(TextAreaField):
    """Reads `15`, `60, 30, 7`, or lines of `name: number`; `parsed` is what it means.

    Which of these is asked for follows from the value the field began with; whether the new
    value fits the rule is for the catalogue to judge.
    """

    parsed: Any = None
    shape: type = float

    def process_data(self, value: Any) -> None:
        """Show the present value the way it is written."""
        self.shape = type(value)
        self.parsed = value
        self.data = as_text(value)

    def pre_validate(self, _form: Any) -> None:
        """Understand what was typed, or say what was expected."""
        text = unicodedata.normalize("NFKC", self.data or "").strip()
        if text:
            self.parsed = self._table(text) if self.shape is dict else self._numbers(text)

    def _numbers(self, text: str) -> Any:
        found = [_number(part) for part in _BETWEEN_NUMBERS.split(text)]
        return found if self.shape is list else _only(found)

    def _table(self, text: str) -> dict[str, float]:
        lines = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
        if not all(lines):
            raise StopValidation(
                gettext("Write one line for each part: its name, a colon and a number.")
            )
        return {line.group(1): _number(line.group(2).strip()) for line in lines if line}


def as_text(value: Any) -> str:
    """A rule's value as the field shows it."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {part}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise StopValidation(gettext("%(text)s is not a number.", text=text[:20]))
    return float(text) if "." in text else int(text)


def _only(found: list[float]) -> float:
    if len(found) != 1:
        raise StopValidation(gettext("Enter a single number."))
    return found[0]
