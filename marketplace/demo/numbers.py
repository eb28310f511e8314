"""Numbers of the demo world: right in their check characters, issued by nobody.

Credit codes and identity numbers lie in region 229900, which is assigned to no place; mobiles
begin with 1420 and office numbers with 1, which no network gives to subscribers.
"""

from datetime import date

from marketplace.kernel import uscc

REGION = "229900"
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_AREA_CODES = {
    "2201": "0431", "2202": "0432", "2203": "0434", "2204": "0437", "2205": "0435",
    "2206": "0439", "2207": "0438", "2208": "0436", "2224": "0433",
}  # fmt: skip


def credit_code(kind: str, serial: int) -> str:
    """A unified social credit code; `kind` is its first two characters, as 91 for a company."""
    return uscc.compose(kind, REGION, f"MA{serial:06d}")


def id_number(born: date, serial: int) -> str:
    """A resident identity number with its check character."""
    body = f"{REGION}{born:%Y%m%d}{serial % 1000:03d}"
    total = sum(int(ch) * weight for ch, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + _ID_CHECKS[total % 11]


def mobile(serial: int) -> str:
    """A mobile number that cannot be rung."""
    return f"1420{serial:07d}"


def office_phone(region_code: str, serial: int) -> str:
    """An office number with the area code of the region."""
    return f"{_AREA_CODES.get(region_code[:4], '0431')}-1{serial:07d}"
