"""What names and numbers of the demo world are coined from: right in form, issued by nobody."""

from datetime import date
from random import Random

from marketplace.kernel import uscc

FIRST = "霁砚翊珩朔穗檀岚沐澄"

SECOND = "岫枫垚汐桐楹珞彧樾澜"

THIRD = "禾川泉谷岭苑汀渚皋畹"

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜"

STREETS = ("霁云路", "砚池街", "翊风大街", "珩水路", "朔光街", "穗野路", "檀溪街", "岚峰路")

BUILDINGS = ("创业园", "服务外包楼", "科技楼", "综合楼", "商务楼")


def coined_firms() -> list[str]:
    """Every three-syllable firm name, each once, in a fixed well-mixed order."""
    names = [a + b + c for a in FIRST for b in SECOND for c in THIRD]
    Random(20180604).shuffle(names)
    return names


def coined_people() -> list[str]:
    """Names of persons, each once: a surname and two syllables that no one is called."""
    given = [a + b for a in FIRST for b in SECOND]
    names = [surname + pair for surname in SURNAMES for pair in given]
    Random(20180605).shuffle(names)
    return names


def is_coined_firm(name: str) -> bool:
    """Whether three of the syllables, in their order, stand somewhere in the name."""
    triples = zip(name, name[1:], name[2:], strict=False)
    return any(a in FIRST and b in SECOND and c in THIRD for a, b, c in triples)


def is_coined_person(name: str) -> bool:
    """Whether the name is a surname and two of the syllables."""
    return len(name) == 3 and name[0] in SURNAMES and name[1] in FIRST and name[2] in SECOND


def address(random: Random, region: str) -> str:
    """An address in a street that does not exist."""
    street, building = random.choice(STREETS), random.choice(BUILDINGS)
    return f"{region}{street}{random.randint(1, 999)}号{building}{random.randint(2, 19)}层"


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
