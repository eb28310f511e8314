"""Invented records for the style guide: a clock, a case, a list, a score."""

from datetime import date, timedelta
from typing import Any


def clock_days() -> dict[str, list[tuple[date, str]]]:
    """Four clocks: on time with a pause, due soon, overdue, and one that has ended."""
    start = date(2026, 11, 9)
    days = [start + timedelta(days=offset) for offset in range(26)]

    def kinds(today: int, due: int, paused: range = range(0)) -> list[tuple[date, str]]:
        return [(day, _kind(day, index, today, due, paused)) for index, day in enumerate(days)]

    return {
        "green": kinds(14, 23, range(7, 10))[:24],
        "yellow": kinds(17, 18)[:19],
        "red": kinds(22, 18)[:23],
        "ended": [*kinds(17, 18)[:17], (days[17], "ended")],
    }


def _kind(day: date, index: int, today: int, due: int, paused: range) -> str:
    if day.weekday() > 4:
        return "off"
    if index in paused:
        return "paused"
    if index == due:
        return "due"
    if index == today and index < due:
        return "today"
    if index > due:
        return "over"
    return "counted" if index < today else "left"


SAMPLES: dict[str, Any] = {
    "steps_open": [
        {"text": "草稿", "status": "done", "note": "2026-11-02"},
        {"text": "已提交", "status": "done", "note": "2026-11-09"},
        {"text": "审核中", "status": "current", "note": "第 3 / 5 个工作日"},
        {"text": "作出决定", "status": "todo"},
        {"text": "入驻", "status": "todo"},
    ],
    "steps_ended": [
        {"text": "草稿", "status": "done"},
        {"text": "已提交", "status": "done"},
        {"text": "不予入驻", "status": "bad", "note": "2026-11-20"},
    ],
    "history": [
        {
            "when": "2026-11-20 16:42",
            "datetime": "2026-11-20T16:42:00+08:00",
            "what": "决定：同意入驻",
            "who": "周文博，吉林省环境咨询行业协会，审定人",
            "why": "材料齐全，资质在有效期内，符合该事项的全部要求。",
            "tone": "good",
        },
        {
            "when": "2026-11-18 10:05",
            "datetime": "2026-11-18T10:05:00+08:00",
            "what": "提出拟办意见",
            "who": "王晓岚，吉林省环境咨询行业协会，审核员",
        },
        {
            "when": "2026-11-12 09:30",
            "datetime": "2026-11-12T09:30:00+08:00",
            "what": "退回补正",
            "who": "王晓岚，吉林省环境咨询行业协会，审核员",
            "why": "缺两名执业人员的劳动合同；资质证书第 2 页看不清。",
            "tone": "bad",
        },
        {
            "when": "2026-11-09 14:20",
            "datetime": "2026-11-09T14:20:00+08:00",
            "what": "提交入驻申请",
            "who": "陈思远，长春松岭环境技术有限公司",
        },
    ],
    "tasks": [
        {"text": "机构基本信息", "url": "#tasks", "status": "done"},
        {"text": "资质证书", "url": "#tasks", "status": "attention", "note": "证书第 2 页看不清。"},
        {"text": "执业人员", "url": "#tasks", "status": "todo", "note": "至少 2 名注册人员。"},
        {
            "text": "核对并提交",
            "url": "#tasks",
            "status": "blocked",
            "note": "前面各项完成后才能提交。",
        },
    ],
    "answers": [
        {"label": "机构名称", "value": "长春松岭环境技术有限公司", "change": "#answers"},
        {"label": "统一社会信用代码", "value": "91229900MA17X8K34C", "change": "#answers"},
        {
            "label": "承诺办理时限",
            "value": "12 个工作日",
            "change": "#answers",
            "note": "上限 15 个工作日",
        },
        {"label": "网址", "value": "", "change": "#answers"},
    ],
    "effects": [
        "长春松岭环境技术有限公司将出现在公开名录中，企业可以选择它。",
        "决定将立即通知该机构；申请人可在 60 日内申请行政复议。",
        "您与提出意见的王晓岚不是同一人，符合双人办理的要求。",
    ],
    "decision_facts": [
        {"label": "机构", "value": "长春松岭环境技术有限公司"},
        {"label": "事项", "value": "环境影响评价文件编制（JL-Z05）"},
        {"label": "拟办意见", "value": "建议同意入驻"},
    ],
    "versions": [
        {"label": "法定代表人", "old": "李国栋", "new": "赵明远"},
        {"label": "注册资本", "old": "500 万元", "new": "800 万元"},
        {"label": "住所", "old": "长春市南关区人民大街 1 号", "new": "长春市南关区人民大街 1 号"},
        {"label": "网址", "old": "", "new": "songling.example"},
    ],
    "cases": [
        {
            "number": "SH-2026-000118",
            "name": "长春松岭环境技术有限公司",
            "item": "环境影响评价文件编制",
            "state": ("初审中", "active"),
            "light": "red",
            "due": "2026-11-20",
            "fee": 4800000,
        },
        {
            "number": "SH-2026-000121",
            "name": "吉林市北川工程咨询有限责任公司",
            "item": "可行性研究报告编制",
            "state": ("退回补正", "waiting"),
            "light": "paused",
            "due": "2026-11-27",
            "fee": 12500000,
        },
        {
            "number": "SH-2026-000124",
            "name": "延边长白水土保持设计院",
            "item": "水土保持方案编制",
            "state": ("已提出意见", "active"),
            "light": "green",
            "due": "2026-12-02",
            "fee": None,
        },
    ],
    "facets": [
        {
            "name": "item",
            "title": "服务事项",
            "kind": "checkbox",
            "options": [
                {"value": "JL-Z01", "text": "可行性研究报告编制", "count": 26, "on": True},
                {"value": "JL-Z05", "text": "环境影响评价文件编制", "count": 18},
                {"value": "JL-Z08", "text": "水土保持方案编制", "count": 0},
            ],
        },
        {
            "name": "region",
            "title": "地区",
            "kind": "checkbox",
            "options": [
                {"value": "220100", "text": "长春市", "count": 31, "on": False},
                {"value": "220102", "text": "南关区", "count": 12, "level": 1},
                {"value": "220200", "text": "吉林市", "count": 9},
                {"value": "222400", "text": "延边朝鲜族自治州", "count": 7},
            ],
        },
        {
            "name": "level",
            "title": "资质等级",
            "kind": "select",
            "options": [
                {"value": "", "text": "不限"},
                {"value": "1", "text": "甲级", "count": 14},
                {"value": "2", "text": "乙级", "count": 22},
            ],
        },
    ],
    "compared": [
        {"name": "长春松岭环境技术有限公司", "url": "#compare", "remove": "#compare"},
        {"name": "吉林市北川工程咨询有限责任公司", "url": "#compare", "remove": "#compare"},
        {"name": "通化浑江咨询事务所", "url": "#compare", "remove": "#compare"},
    ],
    "compared_rows": [
        {
            "label": "承诺办理时限",
            "values": ["12 个工作日", "15 个工作日", "10 个工作日"],
            "best": 2,
            "best_word": "最快",
            "shares": [60, 75, 50],
        },
        {"label": "收费标准", "values": ["按合同额 1.2%", "面议", "按合同额 1.0%"]},
        {"label": "资质", "values": ["甲级", "乙级", ""]},
        {"label": "年度等级", "values": ["A", "B", "未定级"]},
    ],
    "score": [
        {"text": "按时完成", "value": 23.75, "full": 25, "note": "20 件中 19 件按时"},
        {"text": "一次通过", "value": 16.0, "full": 20},
        {"text": "服务评价", "value": 17.42, "full": 20},
        {"text": "执业行为", "value": 10.0, "full": 15, "note": "投诉成立 1 件"},
        {"text": "现场检查", "value": None, "full": 10, "note": "本年度未抽中"},
    ],
    "budget": [
        {"text": "已支付", "value": 420, "shown": "420 万元"},
        {"text": "合同占用", "value": 260, "shown": "260 万元"},
        {"text": "预占", "value": 90, "shown": "90 万元"},
        {"text": "可用", "value": 230, "shown": "230 万元"},
    ],
    "admissions": [
        ("长春市", 31),
        ("吉林市", 14),
        ("延边朝鲜族自治州", 9),
        ("通化市", 6),
        ("白山市", 3),
    ],
}
