"""The syllables all names of the demo world are coined from.

A name is put together from characters that no directory of firms and no register of persons
combines like this; that keeps it readable as a name and makes it nobody's.
"""

from random import Random

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
