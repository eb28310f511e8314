"""Form fields that accept what people write: dates, money, percentages, codes."""

import re
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectMultipleField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.kernel import money
from marketplace.kernel.characters import Unreadable, narrow
from marketplace.kernel.times import FIRST_DAY, LAST_DAY, read_day

# How certificates say that they do not end.
_NO_END = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"})
_NOT_A_DATE = _("This is not a date. Write it as 2026-11-23 or 2026年11月23日.")
_NO_SUCH_DAY = _("There is no such day. Check the month and the day.")
_FAR_DAY = _("This day is before 1900 or after 2199. Check the year.")
_NOT_MONEY = _("This is not an amount. Write it as 1200, 1,200.50 or 1.5万.")
_TOO_FINE = _("An amount has at most two decimals of a yuan.")
_TOO_LARGE = _("This amount is too large.")
_NOT_A_NUMBER = _("Enter a whole number in digits, for example 15.")
_NOT_A_SHARE = _(
    "Enter a percentage above 0 and up to 100, with at most four decimals, for example 0.015 or"
    " 0.15‰."
)


_NO_DAY = {"shape": _NOT_A_DATE, "none": _NO_SUCH_DAY}
_NO_AMOUNT = {"shape": _NOT_MONEY, "too_fine": _TOO_FINE, "too_large": _TOO_LARGE}


class _WrittenField(StringField):
    """Keeps what was typed for showing it again; `parsed` is what it means, or None."""

    parsed: Any = None

    def process_data(self, value: Any) -> None:
        """Show a stored value the way people write it."""
        self.parsed = value
        self.data = "" if value is None else self.written(value)

    def pre_validate(self, _form: Any) -> None:
        """Understand what was typed; what cannot be understood is said beside the field."""
        self.parsed = self.read(narrow(self.data)) if self.data else None

    def written(self, value: Any) -> str:
        """A value as text."""
        return str(value)

    def read(self, text: str) -> Any:
        """The value of a text; raises `StopValidation` with words."""
        raise NotImplementedError


class DateField(_WrittenField):
    """A day: 2026-11-23, 2026/11/23, 2026.11.23, 20261123 or 2026年11月23日; `parsed` is a date.

    Where it is the end of something that may have none (`endless`), 长期 and 9999-12-31 mean that,
    and `parsed` is None.
    """

    def __init__(self, *args: Any, endless: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.endless = endless

    def written(self, value: date) -> str:
        """ISO."""
        return value.isoformat()

    def read(self, text: str) -> date | None:
        """The day; None where there is no end."""
        if self.endless and text in _NO_END:
            return None
        try:
            day = read_day(text)
        except Unreadable as fault:
            raise StopValidation(str(_NO_DAY[fault.reason])) from None
        if self.endless and day == date.max:
            return None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise StopValidation(str(_FAR_DAY))
        return day


class MoneyField(_WrittenField):
    """An amount in yuan: 1200, 1,200.50, 1.5万, 1.2亿元, 100元整; `parsed` is in fen."""

    def written(self, value: int) -> str:
        """Yuan with the decimals it needs."""
        return money.yuan(value).removesuffix(".00")

    def read(self, text: str) -> int:
        """The amount in fen."""
        try:
            return money.read_yuan(text)
        except Unreadable as fault:
            raise StopValidation(str(_NO_AMOUNT[fault.reason])) from None


class NumberField(_WrittenField):
    """A whole number of at least zero, also in full-width digits; `parsed` is an int."""

    def read(self, text: str) -> int:
        """The number."""
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise StopValidation(str(_NOT_A_NUMBER))
        return int(text)


class PercentField(_WrittenField):
    """A rate: 1.5, 0.015 %, 0.15‰, 1.039%; a bare number is percent. `parsed` is in millionths."""

    def written(self, value: int) -> str:
        """Percent with the decimals it needs."""
        return money.percent(value)

    def read(self, text: str) -> int:
        """The rate in millionths."""
        try:
            millionths = money.read_rate(text)
        except Unreadable:
            raise StopValidation(str(_NOT_A_SHARE)) from None
        if not millionths:
            raise StopValidation(str(_NOT_A_SHARE))
        return millionths


class CheckboxesField(SelectMultipleField):
    """Several answers to one question, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Parsed:
    """A date, amount or number field needs a value that could be read."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop when nothing was entered."""
        if field.parsed is None:
            raise StopValidation(str(self.message))
