"""A form field for a short table: one row a line, its columns between upright bars."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from wtforms import TextAreaField
from wtforms.validators import StopValidation

_BAR = "|"


class LinesField(TextAreaField):
    """Lines of `first | second | third`; `rows` holds the parts of each, without empty lines.

    Columns at the end of a line may be left out when they are optional.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        columns: int = 1,
        optional: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.columns = columns
        self.least = columns - optional
        self.rows: list[tuple[str, ...]] = []

    def pre_validate(self, _form: Any) -> None:
        """Take the lines apart; a line with too few or too many parts is named."""
        written = enumerate((self.data or "").splitlines(), 1)
        self.rows = [self._parts(number, line) for number, line in written if line.strip()]

    def _parts(self, number: int, line: str) -> tuple[str, ...]:
        parts = [part.strip() for part in line.replace("｜", _BAR).split(_BAR)]
        if self.columns == 1:
            return (line.strip(),)
        if not self.least <= len(parts) <= self.columns or not parts[0]:
            raise StopValidation(
                gettext(
                    "Line %(number)s does not have the parts asked for. Put | between them.",
                    number=number,
                )
            )
        return (*parts, *[""] * (self.columns - len(parts)))


def as_lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as the field shows them, without empty parts at the end of a line."""
    return "\n".join(f" {_BAR} ".join(row).rstrip(f" {_BAR}") for row in rows)
