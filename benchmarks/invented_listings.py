"""Invented listings for measuring: as many as wanted, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from search import NO_GRADE, NO_SCORE, ListingDocument

PREFECTURES = {
    "220100": "长春市",
    "220200": "吉林市",
    "220300": "四平市",
    "220400": "辽源市",
    "220500": "通化市",
    "220600": "白山市",
    "220700": "松原市",
    "220800": "白城市",
    "222400": "延边州",
}
ITEMS = tuple(f"JL-Z{number:02d}" for number in range(1, 16))
LEVELS = ("甲级", "乙级", "丙级", "一类", "二类")
GRADES = ("A", "B", "C", NO_GRADE)

_SYLLABLES = (
    "华信诚达恒远瑞安博通嘉禾正源天成鼎新中科宏图银河长白松江北方东盛金桥明德立方精诚致远"
    "佳润百川同济启元永泰康泰盛世国环绿洲蓝天碧水青山沃土和顺万邦联创智汇卓越华夏聚力新锐"
)
_TRADES = (
    "工程咨询",
    "环境科技",
    "检测技术",
    "勘测设计",
    "水土保持技术",
    "安全技术",
    "规划设计",
    "节能技术",
    "气象科技",
    "建筑设计审查",
)
_SERVICES = (
    "环境影响评价",
    "水土保持方案编制",
    "安全预评价",
    "节能评估",
    "地震安全性评价",
    "雷电灾害风险评估",
    "可行性研究报告编制",
    "林地调查规划",
    "施工图设计文件审查",
    "地质灾害危险性评估",
    "环境监测与影响后评价",
    "工程测量",
)


def invent_listings(count: int, seed: int = 1) -> Iterator[ListingDocument]:
    """`count` listings, about three for each institution."""
    chance = random.Random(seed)
    made = institution = 0
    while made < count:
        institution += 1
        for document in _institution(chance, institution)[: count - made]:
            made += 1
            yield document


def _institution(chance: random.Random, number: int) -> list[ListingDocument]:
    prefecture, place = chance.choice(sorted(PREFECTURES.items()))
    own = "".join(chance.sample(_SYLLABLES, chance.choice((2, 2, 3, 4))))
    trade = chance.choice(_TRADES)
    form = chance.choice(("有限公司", "有限公司", "有限责任公司", "研究院"))
    name = f"{place}{own}{trade}{form}"
    profile = "本机构承担" + "、".join(chance.sample(_SERVICES, 4)) + "等服务，"
    district = f"{prefecture[:4]}{chance.randrange(2, 12):02d}"
    return [
        ListingDocument(
            key=f"l{number:07d}{item[-2:]}",
            institution_id=number,
            institution_key=f"i{number:09d}",
            name=name,
            item=item,
            admitted_on=date(2024, 1, 1) + timedelta(days=chance.randrange(900)),
            promised_days=chance.randrange(3, 60),
            profile=profile + f"从业人员{chance.randrange(5, 300)}人，执业于{place}及周边地区。",
            regions=(district, prefecture, "220000"),
            grade=chance.choice(GRADES),
            levels=tuple(chance.sample(LEVELS, chance.randrange(3))),
            score=chance.choice((NO_SCORE, chance.randrange(5000, 10000))),
        )
        for item in chance.sample(ITEMS, chance.choice((1, 2, 3, 4, 5)))
    ]
