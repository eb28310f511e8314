"""The sums of the critical path are those of a calculator that shares no code with the product."""

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from marketplace.clocks.rules import Pause
from marketplace.critical_path.rules.counting import (
    Approval,
    Owner,
    Record,
    Stand,
    Turn,
    Work,
    count,
    plan_of,
)
from marketplace.critical_path.rules.schedule import Job, saving, schedule
from marketplace.kernel.workdays import Limit, LimitUnit
from tests.unit.critical_path import by_hand
from tests.unit.shipped_calendar import SHIPPED

CASES = int(os.environ.get("MARKETPLACE_PATHS") or 400)
_FIRST, _LAST = date(2025, 1, 2), date(2026, 12, 20)
_ITEMS = ("JL-Z01", "JL-Z03", "JL-Z08")


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


def _span(random: Random, first: date, longest: int, **more) -> dict:
    begins = first + timedelta(days=random.randint(0, 90))
    ends = None if random.random() < 0.25 else begins + timedelta(days=random.randint(0, longest))
    return {"from": _text(begins), "to": _text(ends), **more}


def _approval(random: Random, number: int, first: date, today: date) -> dict:
    accepted = decided = None
    if random.random() < 0.8:
        accepted = first + timedelta(days=random.randint(0, 60))
        if accepted >= today:
            accepted = None
    if accepted is not None and random.random() < 0.45:
        decided = min(today, accepted + timedelta(days=random.randint(0, 100)))
    unit, limit = random.choice(["workdays", "days"]), random.choice([5, 15, 20, 30, 60])
    due = None if accepted is None or random.random() < 0.3 else accepted + timedelta(days=limit)
    whys = ["coordination", "supplement"]
    return {
        "code": f"A{number:02d}",
        "stage": random.choice(["S1", "S1", "S2", "S3", "S4", "S5"]),
        "special": random.random() < 0.08,
        "accepted": _text(accepted),
        "decided": _text(decided),
        "granted": decided is not None and random.random() < 0.92,
        "limit": None if random.random() < 0.03 else limit,
        "unit": unit,
        "due": _text(due),
        "stands": [
            _span(random, accepted, 30, why=random.choice(whys))
            for _one in range(random.choice([0, 0, 1, 2]) if accepted else 0)
        ],
    }


def _work(random: Random, item: str, codes: list[str], first: date) -> dict:
    who = ["institution", "enterprise", "department"]
    return {
        "item": item,
        "approvals": random.sample(codes, min(len(codes), random.randint(1, 3))),
        "turns": [
            _span(random, first, 60, who=random.choice(who)) for _one in range(random.randint(0, 4))
        ],
    }


def make_case(seed: int) -> dict:
    """An invented project: mostly under way, some over, some not begun."""
    random = Random(seed)
    first = _FIRST + timedelta(days=random.randint(0, (_LAST - _FIRST).days - 160))
    today = first + timedelta(days=random.randint(0, 160))
    approvals = [_approval(random, n, first, today) for n in range(random.randint(0, 7))]
    codes = [one["code"] for one in approvals]
    items = random.sample(_ITEMS, random.randint(0, 3)) if codes else []
    works = [_work(random, item, codes, first) for item in items]
    jobs = []
    for work in works:
        total = random.choice([5, 10, 25, 40])
        jobs.append(
            {
                "item": work["item"],
                "approvals": work["approvals"],
                "total": None if random.random() < 0.05 else total,
                "used": random.randint(0, total),
                "unit": random.choice(["workdays", "days"]),
            }
        )
    ended = today - timedelta(days=random.randint(0, 20)) if random.random() < 0.1 else None
    return {
        "today": _text(today),
        "ended": _text(ended),
        "approvals": approvals,
        "works": works,
        "jobs": jobs,
    }


def _for_product(case: dict) -> tuple[Record, tuple[Job, ...]]:
    approvals = tuple(
        Approval(
            one["code"],
            one["stage"],
            _date(one["accepted"]),
            _date(one["decided"]),
            one["granted"],
            None if one["limit"] is None else Limit(one["limit"], LimitUnit(one["unit"])),
            _date(one["due"]),
            tuple(
                Stand(Owner(each["why"]), Pause(_date(each["from"]), _date(each["to"])))
                for each in one["stands"]
            ),
        )
        for one in case["approvals"]
    )
    works = tuple(
        Work(
            one["item"],
            frozenset(one["approvals"]),
            tuple(
                Turn(Owner(each["who"]), _date(each["from"]), _date(each["to"]))
                for each in one["turns"]
            ),
        )
        for one in case["works"]
    )
    jobs = tuple(
        Job(
            one["item"],
            frozenset(one["approvals"]),
            None if one["total"] is None else Limit(one["total"], LimitUnit(one["unit"])),
            one["used"],
        )
        for one in case["jobs"]
    )
    return Record(approvals, works, _date(case["ended"])), jobs


@pytest.fixture(scope="module")
def cases() -> list[dict]:
    return [make_case(seed) for seed in range(CASES)]


def test_the_days_are_those_counted_by_hand(cases):
    for case in cases:
        record, _jobs = _for_product(case)
        special = [one["code"] for one in case["approvals"] if one["special"]]
        plan = plan_of([one["code"] for one in case["approvals"]], special, 50, 80)

        found = count(record, plan, SHIPPED, _date(case["today"]))

        told = {
            "limit": found.plan.days,
            "sums": {owner.value: found.by.get(owner, 0) for owner in Owner},
            "used": found.used,
            "full": _text(found.full),
            "falls": _text(found.falls),
            "ends": _text(found.through),
        }
        assert told == by_hand.reckon(case), case


def test_every_kind_of_day_occurs_among_the_cases(cases):
    sums = [by_hand.reckon(case) for case in cases]
    assert all(any(one["sums"][owner] for one in sums) for owner in Owner)
    assert {one["limit"] for one in sums} == {50, 80}
    assert any(one["full"] for one in sums)
    assert any(one["falls"] for one in sums)
    assert any(by_hand.last_day(case) for case in cases)


def test_the_last_day_is_the_one_reckoned_by_hand(cases):
    for case in cases:
        record, jobs = _for_product(case)

        found = schedule(record.approvals, jobs, SHIPPED, _date(case["today"]))

        assert _text(found.end) == by_hand.last_day(case), case
        if found.end is not None:
            assert found.chain[-1].ends == found.end


def test_what_a_faster_institution_saves_is_the_difference_of_two_reckonings(cases):
    seen = 0
    for case in cases:
        record, jobs = _for_product(case)
        today = _date(case["today"])
        promises = {job.item: (3, 12, 30) for job in jobs}
        for one in saving(record.approvals, jobs, promises, SHIPPED, today):
            quick = [
                dict(job, total=min(3, job["total"] - job["used"]), used=0)
                if job["item"] == one.item
                else job
                for job in case["jobs"]
            ]
            now, then = by_hand.last_day(case), by_hand.last_day({**case, "jobs": quick})
            if now is None or then is None:
                assert one.project is None
                continue
            day, saved = then, 0
            while day < now:
                day = by_hand.next_day(day)
                saved += by_hand.works(day)
            assert one.project == saved, case
            seen += saved > 0
    assert seen


def test_a_pause_never_uses_days_up_and_a_longer_look_never_gives_days_back(cases):
    for case in cases[:200]:
        record, _jobs = _for_product(case)
        plan, today = plan_of((), (), 50, 80), _date(case["today"])
        used = [count(record, plan, SHIPPED, today + timedelta(days=n)).used for n in range(4)]
        assert used == sorted(used)
        free = replace(record, approvals=tuple(replace(one, stands=()) for one in record.approvals))
        assert count(free, plan, SHIPPED, today).used >= used[0]
