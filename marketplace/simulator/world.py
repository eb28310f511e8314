"""The invented world of the approval platform: its enterprises and their projects.

Pure and deterministic: the same day gives the same world. The first `LOADED` projects belong to
the enterprises of `enterprises()`; the next six to the first two of them, so that they have
something left to add by hand; the others to enterprises that nobody registered.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import cycle, islice
from typing import Any

import yaml

from marketplace.kernel import project_code, uscc
from marketplace.kernel.times import SHANGHAI
from marketplace.kernel.workdays import Calendar
from marketplace.settings import ROOT
from marketplace.simulator import near
from marketplace.simulator.stands import Stand, closed, standing_now, stood, with_stands

# The first two are the enterprises of the demo world's tour.
FIRST_TWO = (
    ("长春翊彧川装备制造有限公司", "220112"),
    ("松原檀楹畹新能源有限公司", "220702"),
)

_COINED = (
    "檀汐岭 珩楹谷 翊桐苑 沐桐川 砚樾谷 霁桐苑 岚桐岭 珩桐皋 岚垚禾 澄樾畹 岚汐苑 翊樾汀 "
    "朔彧畹 岚珞苑 翊桐谷 朔桐禾 朔澜汀 沐彧皋 翊楹岭 岚枫皋 朔澜禾 砚岫川 珩珞谷 檀珞渚 "
    "朔汐川 霁楹川 砚樾泉 澄楹川 穗彧苑 澄澜畹 澄汐川 珩澜谷 檀汐汀 澄珞畹 檀桐苑 穗樾苑 "
    "澄垚皋 澄枫岭 砚樾岭 澄彧皋 霁岫谷 穗珞苑 岚枫川 穗岫畹 翊岫川 砚汐泉 沐澜川 穗澜汀"
)

COINED = tuple(_COINED.split())

# The bureaus that decide every matter in their city, by the beginning of its code.
BUREAUS = {
    "2201": "长春市示范区行政审批服务局",
    "2202": "吉林市示范项目审批服务局",
    "2203": "四平市示范项目审批服务局",
    "2205": "通化市示范项目审批服务局",
    "2206": "白山市示范项目审批服务局",
}

TRADES = (
    "农业科技",
    "生物科技",
    "汽车部件",
    "新能源",
    "建材",
    "医药",
    "食品",
    "物流",
    "环保科技",
    "旅游开发",
    "机械制造",
    "化工",
)

CITIES = {
    "2201": "长春",
    "2202": "吉林市",
    "2203": "四平",
    "2204": "辽源",
    "2205": "通化",
    "2206": "白山",
    "2207": "松原",
    "2208": "白城",
    "2224": "延边",
}

UNDERTAKINGS = (
    "年产三万吨玉米淀粉生产线",
    "五万千瓦风力发电场",
    "汽车轻量化部件生产基地",
    "污水处理厂提标改造",
    "秸秆板材加工园",
    "中药饮片生产车间",
    "冷链物流中心",
    "生活垃圾焚烧发电",
    "矿泉水灌装线扩建",
    "水库除险加固",
    "光伏农业示范园",
    "县道改建工程",
    "人参精深加工厂",
    "装配式建筑构件厂",
    "粮食仓储及烘干设施",
    "冰雪度假区一期",
    "再生资源分拣中心",
    "职业学校实训楼",
    "城区集中供热管网",
    "锂电池材料中试基地",
    "河道治理及生态修复",
    "食用菌工厂化栽培",
    "智能农机装配车间",
    "地下综合管廊",
    "养老服务综合体",
    "天然气调峰储罐",
    "轨道客车零部件园",
    "有机肥生产线",
    "石墨新材料加工",
)

PROJECTS = 200

LOADED = 120

REGISTERED = 30

STRANGERS = 20

STAGES = ("S1", "S2", "S3", "S4", "S5")

_CATALOGUE = ROOT / "marketplace" / "catalogue" / "data"

# Of the projects that the loader leaves alone.
FOREIGN_INVESTED = frozenset({130, 151, 177})

CLASSIFIED = frozenset({141, 188})

# Of the first enterprise's, which the second has since today; the second's that was given up today.
CHANGES_HANDS, CANCELLED = 60, 118

_SPECIAL = (
    ("C06", "C05", "C34"),
    ("C07", "C15"),
    ("C27", "C23", "C24"),
    ("B03", "C31", "C05"),
    ("C12", "C34"),
    ("B02", "C17"),
    ("B04", "C05", "C34", "C23"),
    ("C15", "C06"),
    ("C32", "C24"),
    ("C05", "C23", "C24", "C34"),
)

# Water is taken and lies near in most of them.
_WATER = ("C06", "C07")

# The first two enterprises have not applied for these, so that they have something to commission.
_STILL_OPEN = {"A03", "A04", "A05", *_WATER}

# More of them are at the beginning than at any later stage.
_STANDS_AT = (0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4)

# Of a project as it stands today: it has changed a few times since it began.
REVISION = 6

_WEEKDAYS = Calendar({}, {})


@dataclass(frozen=True)
class Enterprise:
    """An invented company; its credit code lies in a region that is no place."""

    name: str
    credit_code: str
    region_code: str


@dataclass(frozen=True)
class Matter:
    """A matter that a department decides for a project."""

    code: str
    name: str
    stage: str
    department: str
    limit: int
    unit: str
    status: str = "not_started"
    accepted_on: date | None = None
    decided_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Project:
    """A project as the platform keeps it; `revision` grows with every change.

    `enterprise_before` had it until the day: the record names another since.
    """

    code: str
    name: str
    enterprise: Enterprise
    region_code: str
    kind: str
    stage: str
    completed: bool
    investment_fen: int
    foreign_invested: bool
    classified: bool
    matters: tuple[Matter, ...]
    revision: int
    changed_at: datetime
    stands: tuple[Stand, ...] = ()
    cancelled: bool = False
    enterprise_before: Enterprise | None = None


@cache
def _places() -> dict[str, str]:
    """Every region with a government of its own: its code and its name, by code."""
    with (_CATALOGUE / "regions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    kept = [r for r in rows if r["is_gb2260"] == "1" and r["valid_2026_04"] == "1"]
    return {r["code"]: r["name"] for r in sorted(kept, key=lambda r: str(r["code"]))}


def regions() -> tuple[str, ...]:
    """Every region with a government of its own, by code."""
    return tuple(_places())


@cache
def _matters() -> dict[str, Matter]:
    """The catalogue's approval items, with the first number their limit names."""
    text = (_CATALOGUE / "approval_items.yaml").read_text("utf-8")
    return {row["id"]: _matter(row) for row in yaml.safe_load(text)["approval_items"]}


def _matter(row: dict[str, Any]) -> Matter:
    found = re.search(r"([0-9]+)个?(工作)?日", row["statutory_limit"])
    limit, unit = (int(found[1]), "workdays" if found[2] else "days") if found else (20, "workdays")
    department = row["departments"][0].split("/")[0]
    return Matter(row["id"], row["name"], row["stage"], f"{department}部门", limit, unit)


@cache
def _companies() -> tuple[Enterprise, ...]:
    places = [code for code in regions() if not code.endswith("00")]
    made = [*FIRST_TWO]
    for number, coined in enumerate(COINED):
        region = places[number * 7 % len(places)]
        trade = TRADES[number % len(TRADES)]
        made.append((f"{CITIES[region[:4]]}{coined}{trade}有限公司", region))
    return tuple(
        Enterprise(name, uscc.compose("91", "229900", f"MA{5001 + number:06d}"), region)
        for number, (name, region) in enumerate(made)
    )


def enterprises() -> tuple[Enterprise, ...]:
    """The enterprises that take part in the demo world."""
    return _companies()[:REGISTERED]


def _owners() -> Iterator[Enterprise]:
    registered, strangers = enterprises(), _companies()[REGISTERED : REGISTERED + STRANGERS]
    yield from islice(cycle(registered), LOADED)
    yield from islice(cycle(registered[:2]), 6)
    yield from cycle(strangers)


def projects(today: date) -> tuple[Project, ...]:
    """All projects as they stand on a day."""
    owners = _owners()
    made = [_project(number, next(owners), today) for number in range(PROJECTS)]
    before = made[CHANGES_HANDS]
    made[CHANGES_HANDS] = replace(
        before, enterprise=enterprises()[1], enterprise_before=before.enterprise
    )
    made[CANCELLED] = replace(made[CANCELLED], enterprise=enterprises()[1], cancelled=True)
    return tuple(made)


def _project(number: int, owner: Enterprise, today: date) -> Project:
    region = regions()[number % len(regions())]
    stage = STAGES[_STANDS_AT[number * 7 % 11]]
    completed = number % 23 == 22
    matters = _matters()
    own = {*(code for code in matters if code.startswith("A")), *_WATER, *_SPECIAL[number % 10]}
    ordered = [
        replace(one, department=BUREAUS.get(region[:4], one.department))
        for one in sorted((matters[code] for code in own), key=lambda one: (one.stage, one.code))
    ]
    standing = [
        _standing(one, place, number, "S9" if completed else stage, today)
        for place, one in enumerate(ordered)
    ]
    dated, stands = with_stands(number, standing, today)
    if number == near.NUMBER:
        stage, (dated, stands) = STAGES[0], near.near(ordered, today)
    return Project(
        code=_code(number, region),
        name=f"{_places()[region]}{UNDERTAKINGS[number % len(UNDERTAKINGS)]}项目",
        enterprise=owner,
        region_code=region,
        kind=("approval", "verification", "filing")[number % 3],
        stage=STAGES[-1] if completed else stage,
        completed=completed,
        investment_fen=(5_000_000 + number * number * 61_357 % 2_000_000_000) * 100,
        foreign_invested=number in FOREIGN_INVESTED,
        classified=number in CLASSIFIED,
        matters=dated,
        revision=REVISION,
        changed_at=datetime.combine(today - timedelta(days=1 + number % 40), time(9), SHANGHAI),
        stands=stands,
    )


def _code(number: int, region: str) -> str:
    """Every fifth project is old enough to have a code of the older format."""
    if number % 5 == 4:
        old_region = "220381" if region == "220184" else region
        year, industry = 2018 + number % 3, 10 + number % 80
        return f"{year}-{old_region}-{industry}-{1 + number % 3:02d}-{100_000 + number * 37:06d}"
    year, month = 21 + number % 6, 1 + number % 9
    body = f"{year:02d}{month:02d}{region}0401{10_000 + number * 41:05d}"
    return project_code.normalise(body + project_code.check_digit(body))


def _standing(matter: Matter, place: int, number: int, stage: str, today: date) -> Matter:
    """Where a matter stands: what lies before the project's stage is granted."""
    turn = (place + number) % 5
    if stage != "S9" and number % REGISTERED < len(FIRST_TWO) and matter.code in _STILL_OPEN:
        return matter
    if matter.stage < stage or (matter.stage == stage and turn in {0, 1}):
        decided = _WEEKDAYS.add_workdays(today, -(3 + (place * 5 + number) % 30))
        accepted = _WEEKDAYS.add_workdays(decided, -(4 + place % 9))
        return _dated(replace(matter, status="granted", decided_on=decided), accepted)
    if matter.stage > stage or turn == 4:
        return matter
    accepted = _WEEKDAYS.add_workdays(today, -(1 + (place * 3 + number) % (matter.limit + 2)))
    return _dated(replace(matter, status="paused" if turn == 3 else "accepted"), accepted)


def _dated(matter: Matter, accepted: date) -> Matter:
    if matter.unit == "days":
        due = accepted + timedelta(days=matter.limit)
    else:
        due = _WEEKDAYS.add_workdays(accepted, matter.limit)
    return replace(matter, accepted_on=accepted, due_on=due)


def as_of(project: Project, day: date, revision: int) -> Project:
    """The project as it stood on a day: what was accepted or decided later was not yet."""
    stands = stood(project.stands, day)
    matters = tuple(_held(_before(one, day), standing_now(stands)) for one in project.matters)
    open_stages = [one.stage for one in matters if one.status != "granted"]
    return replace(
        project,
        enterprise=project.enterprise_before or project.enterprise,
        stage=min([project.stage, *open_stages]),
        completed=False,
        cancelled=False,
        matters=matters,
        stands=stands,
        revision=revision,
        changed_at=datetime.combine(day, time(8), SHANGHAI),
    )


def _held(matter: Matter, standing: frozenset[str]) -> Matter:
    """Its clock stands as long as something holds it."""
    if matter.status not in {"accepted", "paused"}:
        return matter
    return replace(matter, status="paused" if matter.code in standing else "accepted")


def _before(matter: Matter, day: date) -> Matter:
    if matter.accepted_on is None or matter.accepted_on > day:
        return replace(matter, status="not_started", accepted_on=None, decided_on=None, due_on=None)
    if matter.decided_on is None or matter.decided_on <= day:
        return matter
    return replace(matter, status="accepted", decided_on=None)


def advance(project: Project, at: datetime) -> Project:
    """The project one step on: what held a matter ends and it is granted, a matter is accepted,
    or the next stage begins.
    """
    today = at.astimezone(SHANGHAI).date()
    later = replace(project, revision=project.revision + 1, changed_at=at)
    here = [one for one in project.matters if one.stage == project.stage]
    for one in here:
        if one.status in {"accepted", "paused"}:
            stands = closed(project.stands, one.code, today)
            granted = _with(later, replace(one, status="granted", decided_on=today))
            free = tuple(_held(each, standing_now(stands)) for each in granted.matters)
            return replace(granted, matters=free, stands=stands)
    for one in here:
        if one.status == "not_started":
            return _with(later, _dated(replace(one, status="accepted"), today))
    place = STAGES.index(project.stage)
    if place + 1 < len(STAGES):
        return replace(later, stage=STAGES[place + 1])
    return replace(later, completed=True)


def _with(project: Project, changed: Matter) -> Project:
    matters = tuple(changed if one.code == changed.code else one for one in project.matters)
    return replace(project, matters=matters)
