"""Form fields that accept what people write: dates, money, percentages, codes."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import StopValidation

from marketplace.kernel import money

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(万元|万|元)?")
_MOST_FEN = 10**15
_NOT_A_DATE = _("This is not a date. Write it as 2026-11-23 or 2026年11月23日.")
_NO_SUCH_DAY = _("There is no such day. Check the month and the day.")
_NOT_MONEY = _("This is not an amount. Write it as 1200, 1,200.50 or 1.5万.")
_TOO_FINE = _("An amount has at most two decimals of a yuan.")
_TOO_LARGE = _("This amount is too large.")
_NOT_A_NUMBER = _("Enter a whole number in digits, for example 15.")
_NOT_A_SHARE = _("Enter a percentage above 0 and up to 100, with at most two decimals.")


def _plain(text: str) -> str:
    """Full-width digits and signs as their ordinary forms, without surrounding space."""
    return unicodedata.normalize("NFKC", text).strip()


class _WrittenField(StringField):
    """Keeps what was typed for showing it again; `parsed` is what it means, or None."""

    parsed: Any = None

    def process_data(self, value: Any) -> None:
        """Show a stored value the way people write it."""
        self.parsed = value
        self.data = "" if value is None else self.written(value)

    def pre_validate(self, _form: Any) -> None:
        """Understand what was typed; what cannot be understood is said beside the field."""
        self.parsed = self.read(_plain(self.data)) if self.data else None

    def written(self, value: Any) -> str:
        """A value as text."""
        return str(value)

    def read(self, text: str) -> Any:
        """The value of a text; raises `StopValidation` with words."""
        raise NotImplementedError


class DateField(_WrittenField):
    """A day: 2026-11-23, 2026/11/23, 2026.11.23, 20261123 or 2026年11月23日; `parsed` is a date."""

    def written(self, value: date) -> str:
        """ISO."""
        return value.isoformat()

    def read(self, text: str) -> date:
        """The day."""
        found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
        if found is None:
            raise StopValidation(str(_NOT_A_DATE))
        try:
            return date(*(int(part) for part in found.groups()))
        except ValueError:
            raise StopValidation(str(_NO_SUCH_DAY)) from None


class MoneyField(_WrittenField):
    """An amount in yuan: 1200, 1,200.50, 1.5万, 300万元; `parsed` is in fen."""

    def written(self, value: int) -> str:
        """Yuan with the decimals it needs."""
        return money.yuan(value).removesuffix(".00")

    def read(self, text: str) -> int:
        """The amount in fen."""
        found = _AMOUNT.fullmatch(re.sub(r"[,，\s¥￥]", "", text))
        if found is None:
            raise StopValidation(str(_NOT_MONEY))
        number, unit = found.groups()
        fen = _decimal(number) * (1_000_000 if (unit or "").startswith("万") else 100)
        if fen != fen.to_integral_value():
            raise StopValidation(str(_TOO_FINE))
        if fen > _MOST_FEN:
            raise StopValidation(str(_TOO_LARGE))
        return int(fen)


class NumberField(_WrittenField):
    """A whole number of at least zero, also in full-width digits; `parsed` is an int."""

    def read(self, text: str) -> int:
        """The number."""
        if not re.fullmatch(r"\d{1,9}", text):
            raise StopValidation(str(_NOT_A_NUMBER))
        return int(text)


class PercentField(_WrittenField):
    """A percentage of at most two decimals, with or without its sign; `parsed` in basis points."""

    def written(self, value: int) -> str:
        """Percent with the decimals it needs."""
        return money.percent(value)

    def read(self, text: str) -> int:
        """Hundredths of a percent."""
        try:
            points = Decimal(text.removesuffix("%").strip()) * 100
        except InvalidOperation:
            raise StopValidation(str(_NOT_A_SHARE)) from None
        if not points.is_finite() or points != points.to_integral_value():
            raise StopValidation(str(_NOT_A_SHARE))
        if not 0 < points <= 10_000:
            raise StopValidation(str(_NOT_A_SHARE))
        return int(points)


def _decimal(number: str) -> Decimal:
    if len(number) > 24:
        raise StopValidation(str(_TOO_LARGE))
    return Decimal(number)


class Parsed:
    """A date, amount or number field needs a value that could be read."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop when nothing was entered."""
        if field.parsed is None:
            raise StopValidation(str(self.message))
