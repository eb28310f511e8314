"""How amounts and shares are written: by whole numbers, never through a fraction."""

from decimal import Decimal


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


def percent(points: int) -> str:
    """A share kept in hundredths of a percent, with the decimals it needs: `12.5`."""
    return _busy(_written(points, 2))


def yuan_number(fen: int) -> Decimal:
    """Yuan to the fen as an exact number, for the cells of workbooks and for charts."""
    return Decimal(fen).scaleb(-2).quantize(Decimal("0.01"))


def _written(units: int, decimals: int, *, grouped: bool = True) -> str:
    """A number kept in whole units of its last decimal."""
    whole, rest = divmod(abs(units), 10**decimals)
    sign = "-" if units < 0 else ""
    return f"{sign}{whole:{',' if grouped else ''}}.{rest:0{decimals}d}"


def _busy(text: str) -> str:
    return text.rstrip("0").rstrip(".")
