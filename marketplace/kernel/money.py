"""How amounts and shares are read and written: by whole numbers, never through a fraction.

An amount is kept in fen, a rate or share in millionths: 0.015 %, 0.15‰ and 1.039 % are exact.
"""

import re
from decimal import Decimal

from marketplace.kernel.characters import Unreadable, narrow

# No amount of this market is larger; what is typed above it is a slip.
MOST_FEN = 10**15
MILLIONTHS = 1_000_000
_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
_AMOUNT = re.compile(rf"(?:[¥￥]|人民币|RMB|CNY)? ?{_NUMBER} ?(?P<unit>[万亿]?)(?:元|圆)?整?")
_RATE = re.compile(rf"{_NUMBER} ?(?P<unit>[%‰]?)")
_FEN = {"": 100, "万": 1_000_000, "亿": 10_000_000_000}
_PARTS = {"": 10_000, "%": 10_000, "‰": 1_000}
_LONGEST = 24
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))


def read_yuan(text: str) -> int:
    """An amount in fen: `1200`, `1,200.50`, `1.5万`, `1.2亿元`, `100元整`, in any width.

    Commas stand between complete groups only: `80,5` is not 805. Raises `Unreadable`.
    """
    fen = _read(_AMOUNT, _FEN, text)
    if fen > MOST_FEN:
        raise Unreadable("too_large")
    return fen


def read_rate(text: str) -> int:
    """A rate in millionths: `1.5`, `0.015 %` (150) and `0.15‰` (150); a bare number is percent.

    Raises `Unreadable`, also for what is above the whole.
    """
    millionths = _read(_RATE, _PARTS, text)
    if millionths > MILLIONTHS:
        raise Unreadable("too_large")
    return millionths


def _read(shape: re.Pattern[str], units: dict[str, int], text: str) -> int:
    found = shape.fullmatch(narrow(text))
    if found is None or len(found["number"]) > _LONGEST:
        raise Unreadable("shape" if found is None else "too_large")
    exact = Decimal(found["number"].replace(",", "")) * units[found["unit"]]
    if exact != exact.to_integral_value():
        raise Unreadable("too_fine")
    return int(exact)


def yuan(fen: int, *, grouped: bool = True) -> str:
    """An amount in yuan to the fen: `12,000.00`, or `12000.00` where it is not grouped."""
    return _written(fen, 2, grouped=grouped)


def ten_thousand_yuan(fen: int, *, decimals: int = 2, idle: bool = True) -> str:
    """An amount in ten thousand yuan, half up: how large sums are said.

    `idle` keeps the zeros at the end: `1.50`, else `1.5`.
    """
    unit: int = 10 ** (6 - decimals)
    text = _written((fen + unit // 2) // unit, decimals)
    return text if idle else _busy(text)


def percent(millionths: int) -> str:
    """A rate in percent, with the decimals it needs: `12.5`, `0.015`."""
    return _busy(_written(millionths, 4))


def yuan_number(fen: int) -> Decimal:
    """Yuan to the fen as an exact number, for the cells of workbooks and for charts."""
    return Decimal(fen).scaleb(-2).quantize(Decimal("0.01"))


def in_capitals(fen: int) -> str:
    """An amount as contracts write it out in Chinese: `捌万元整`, `壹佰零伍元叁角整`, `伍分`."""
    yuan_part, _, rest = _written(fen, 2, grouped=False).partition(".")
    whole, tenths, hundredths = int(yuan_part), int(rest[0]), int(rest[1])
    text = _capital(whole) + "元" if whole or rest == "00" else ""
    if tenths:
        text += _CAPITALS[tenths] + "角"
    if not hundredths:
        return text + "整"
    return text + ("零" if whole and not tenths else "") + _CAPITALS[hundredths] + "分"


def _capital(number: int) -> str:
    """A whole number in capitals; what follows 万 or 亿 begins with 零 where it is short."""
    for unit, word in ((100_000_000, "亿"), (10_000, "万")):
        high, low = divmod(number, unit)
        if high:
            rest = _capital(low) if low else ""
            return _capital(high) + word + ("零" if 0 < low < unit // 10 else "") + rest
    text = ""
    for place, word in _PLACES:
        digit = number // place % 10
        if digit:
            text += _CAPITALS[digit] + word
        elif text and number % place and not text.endswith("零"):
            text += "零"
    return text or "零"


def _written(units: int, decimals: int, *, grouped: bool = True) -> str:
    """A number kept in whole units of its last decimal."""
    whole, rest = divmod(abs(units), 10**decimals)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole:{',' if grouped else ''}}.{rest:0{decimals}d}"


def _busy(text: str) -> str:
    return text.rstrip("0").rstrip(".")
