"""The critical path reckoned by hand: a calculator that shares no code with the product.

It reads the holiday files itself, speaks of days as texts and of cases as dicts, and walks the
calendar day by day. What it says of a case the product must say, too.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

_DATA = Path(__file__).parents[3] / "marketplace" / "catalogue" / "data"


def _special_days() -> dict[str, bool]:
    found = {}
    for name in ("holidays_cn_2018_2026.csv", "holidays_statutory_2027.csv"):
        with (_DATA / name).open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                found[line["date"]] = line.get("is_workday") == "1"
    return found


_SPECIAL = _special_days()


def works(day: str) -> bool:
    """Whether people work on a day."""
    if day in _SPECIAL:
        return _SPECIAL[day]
    return date.fromisoformat(day).strftime("%a") not in ("Sat", "Sun")


def next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def inside(day: str, span: dict) -> bool:
    """Whether the span, open to the left, holds the day."""
    return span["from"] < day and (span["to"] is None or day <= span["to"])


def whose(case: dict, day: str) -> str:
    """Whose a day was."""
    said = []
    for approval in case["approvals"]:
        if approval["stage"] == "S5" or approval["accepted"] is None:
            continue
        if not inside(day, {"from": approval["accepted"], "to": approval["decided"]}):
            continue
        reasons = [one["why"] for one in approval["stands"] if inside(day, one)]
        if "coordination" in reasons:
            said.append("coordination")
        elif reasons:
            said.append("supplement")
        else:
            said.append(_hand(case, approval["code"], day))
    for owner in ("department", "institution", "enterprise", "coordination", "supplement"):
        if owner in said:
            return owner
    return "idle"


def _hand(case: dict, code: str, day: str) -> str:
    hands = set()
    for work in case["works"]:
        if code in work["approvals"]:
            for turn in work["turns"]:
                if inside(day, turn):
                    hands.add(turn["who"])
                    break
    for owner in ("institution", "enterprise"):
        if owner in hands:
            return owner
    return "department"


def reckon(case: dict) -> dict:
    """Sums, the day on which the plan is used up or would be, and the last day looked at."""
    before = [one for one in case["approvals"] if one["stage"] != "S5"]
    limit = 80 if any(one["special"] for one in case["approvals"]) else 50
    ends, over = _looked_until(case, before)
    sums = dict.fromkeys(
        ("department", "institution", "enterprise", "coordination", "supplement", "idle"), 0
    )
    answer = {"limit": limit, "sums": sums, "used": 0, "full": None, "falls": None, "ends": ends}
    accepted = [one["accepted"] for one in before if one["accepted"]]
    accepted = [day for day in accepted if day <= case["today"]]
    if not accepted:
        return answer
    day = min(accepted)
    while day < ends:
        day = next_day(day)
        if works(day):
            _note(answer, whose(case, day), day)
    if answer["full"] is None and not over:
        answer["falls"] = add(ends, limit - answer["used"], "workdays")
    return answer


def _looked_until(case: dict, before: list) -> tuple[str, bool]:
    last_days, over = [case["today"]], False
    if before and all(one["granted"] for one in before):
        last_days.append(max(one["decided"] for one in before))
        over = True
    if case["ended"]:
        last_days.append(case["ended"])
        over = True
    return min(last_days), over


def _note(answer: dict, owner: str, day: str) -> None:
    answer["sums"][owner] += 1
    if owner in ("department", "institution", "enterprise"):
        answer["used"] += 1
        if answer["used"] == answer["limit"]:
            answer["full"] = day


def add(day: str, number: int, unit: str) -> str:
    """So many days of a unit later."""
    while number > 0:
        day = next_day(day)
        number -= 1 if unit == "days" or works(day) else 0
    return day


def _own_days(approval: dict, today: str) -> int:
    used, day = 0, approval["accepted"]
    while day < today:
        day = next_day(day)
        stands = any(inside(day, one) for one in approval["stands"])
        used += 1 if not stands and (approval["unit"] == "days" or works(day)) else 0
    return used


def last_day(case: dict) -> str | None:
    """The day on which the last open approval item ends if every limit is used and kept."""
    ends: dict[str, str | None] = {}
    for job in case["jobs"]:
        left = job["total"] - job["used"] if job["total"] is not None else None
        ends[job["item"]] = None if left is None else add(case["today"], left, job["unit"])
    open_ones = [one for one in case["approvals"] if one["stage"] != "S5" and not one["granted"]]
    for stage in ("S1", "S2", "S3", "S4"):
        for one in (each for each in open_ones if each["stage"] == stage):
            needs = [ends[job["item"]] for job in case["jobs"] if one["code"] in job["approvals"]]
            ends[one["code"]] = _end_of(case, one, needs, open_ones, ends)
    found = [ends[one["code"]] for one in open_ones]
    return None if None in found or not found else max(found)


def _end_of(case: dict, one: dict, needs: list, open_ones: list, ends: dict) -> str | None:
    today = case["today"]
    if one["accepted"] is None:
        needs = needs + [ends[each["code"]] for each in open_ones if each["stage"] < one["stage"]]
        if one["limit"] is None or None in needs:
            return None
        return add(max([today, *needs]), one["limit"], one["unit"])
    if one["decided"] is not None or one["limit"] is None or None in needs:
        return None
    stands = any(each["to"] is None for each in one["stands"])
    if one["due"] is None or stands:
        own = add(today, one["limit"] - _own_days(one, today), one["unit"])
    else:
        own = max(one["due"], today)
    return max([own, *needs])
