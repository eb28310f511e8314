"""What the terms of a contract may say, and what of a version is confirmed."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.contracts.rules import (
    LIVE,
    STEPS,
    Basis,
    Bounds,
    Due,
    Source,
    Terms,
    VersionState,
    awaits,
    check_terms,
    content_of,
    differences,
    digest,
    left_out,
    parts_of,
    step,
)
from marketplace.engagements.rules import Side
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Limit, LimitUnit

AMOUNT = 8_000_000
TAKEN, TODAY = date(2026, 11, 20), date(2026, 11, 30)
BASIS = Basis(Source.QUOTATION, AMOUNT, 10)
BOUNDS = Bounds(Limit(15, LimitUnit.WORKDAYS), TAKEN, TODAY)
USED = replace(BOUNDS, fewest_days=10)
AWARD = replace(BOUNDS, most_fen=AMOUNT, only_at_acceptance=True)
LISTED = replace(BOUNDS, papers_owed=("报告", "图纸"), checks=("签章齐全",))
TERMS = Terms(AMOUNT, 10, parts_of(AMOUNT), 10, "内容", "", "")


def of(amount: int, *parts: int | None, **changes: object) -> Terms:
    """Terms about an amount in these parts."""
    return replace(TERMS, amount_fen=amount, parts=parts_of(amount, *parts), **changes)


# What is changed, within which bounds, and the code it is refused with; none where it is allowed.
CASES = [
    (TERMS, BOUNDS, ""),
    (of(0), BOUNDS, "contract.amount_needed"),
    (of(-1), BOUNDS, "contract.amount_needed"),
    (of(AMOUNT + 1), BOUNDS, "contract.difference_needs_reason"),
    (of(AMOUNT + 1, note="多一处勘察点"), BOUNDS, ""),
    (of(AMOUNT + 1, note="一"), AWARD, "contract.above_award"),
    (of(AMOUNT - 1, note="一"), AWARD, ""),
    (
        of(AMOUNT - 1, note="一"),
        replace(AWARD, fixed_fen=AMOUNT),
        "contract.amount_is_bound",
    ),
    (replace(TERMS, limit_days=0), BOUNDS, "contract.limit_too_long"),
    (replace(TERMS, limit_days=15, note="一"), BOUNDS, ""),
    (replace(TERMS, limit_days=16, note="一"), BOUNDS, "contract.limit_too_long"),
    (replace(TERMS, limit_days=9), BOUNDS, "contract.difference_needs_reason"),
    (TERMS, USED, ""),
    (replace(TERMS, limit_days=9, note="一"), USED, "contract.limit_too_long"),
    (of(AMOUNT, 2_000_000, 3_000_000), BOUNDS, ""),
    (of(AMOUNT, 5_000_000, 3_000_001), BOUNDS, "contract.parts_differ"),
    (of(AMOUNT, AMOUNT + 1), BOUNDS, "contract.parts_differ"),
    (of(AMOUNT, 1), AWARD, "contract.paid_after_acceptance"),
    (of(AMOUNT, None, 1), AWARD, "contract.paid_after_acceptance"),
    (TERMS, replace(AWARD, scope="内容"), ""),
    (TERMS, replace(AWARD, scope="公告内容"), "contract.scope_was_published"),
    (TERMS, LISTED, "contract.line_left_out"),
    (replace(TERMS, note="一"), LISTED, ""),
    (replace(TERMS, papers_owed="图纸\n 报告 \n", checks="签章齐全"), LISTED, ""),
    (replace(TERMS, papers_owed="报告\n图纸\n坐标", checks="签章齐全\n结论明确"), LISTED, ""),
    (replace(TERMS, papers_owed="报告", checks="签章齐全"), LISTED, "contract.line_left_out"),
    (replace(TERMS, papers_owed="报告\n签章齐全", checks="图纸"), LISTED, "contract.line_left_out"),
    (replace(TERMS, papers_owed="报告 图纸", checks="签章齐全"), LISTED, "contract.line_left_out"),
    (replace(TERMS, pay_days=0), BOUNDS, "contract.pay_days_needed"),
    (replace(TERMS, pay_days=60), BOUNDS, ""),
    (replace(TERMS, pay_days=61), BOUNDS, "contract.pay_days_needed"),
    (replace(TERMS, signed_on=TAKEN), BOUNDS, ""),
    (replace(TERMS, signed_on=date(2026, 11, 19)), BOUNDS, "contract.signed_too_early"),
    (replace(TERMS, signed_on=TODAY), BOUNDS, ""),
    (replace(TERMS, signed_on=date(2026, 12, 1)), BOUNDS, "contract.signed_later"),
]


@pytest.mark.parametrize(("terms", "bounds", "code"), CASES)
def test_terms_stay_within_what_was_published_and_say_why_they_differ(terms, bounds, code):
    if not code:
        check_terms(terms, BASIS, bounds)
        return
    with pytest.raises(Refused) as refusal:
        check_terms(terms, BASIS, bounds)
    assert refusal.value.code == code
    assert refusal.value.field


def test_where_no_price_was_said_no_amount_differs():
    nothing_said = Basis(Source.PICK, None, 10)
    assert differences(of(1), nothing_said) == frozenset()
    assert differences(replace(TERMS, limit_days=9), nothing_said) == {"limit_days"}


def test_what_is_left_out_is_named_line_by_line():
    said = replace(TERMS, papers_owed="坐标\n图纸", checks="结论明确")
    assert left_out(said, LISTED) == ("报告", "签章齐全")
    assert left_out(replace(said, papers_owed="报告\n图纸", checks="签章齐全"), LISTED) == ()


def test_what_is_not_paid_earlier_is_paid_at_acceptance():
    assert parts_of(100, 20) == {Due.SIGNING: 20, Due.DELIVERY: 0, Due.ACCEPTANCE: 80}
    assert parts_of(100, 20, 30)[Due.ACCEPTANCE] == 50
    assert parts_of(100)[Due.ACCEPTANCE] == 100


def test_equal_facts_are_equal_bytes_and_every_change_has_another_digest():
    facts = {"b": 1, "a": {"名": "值", "x": [1, 2]}}
    assert content_of(facts) == '{"a":{"x":[1,2],"名":"值"},"b":1}'
    assert content_of(dict(reversed(facts.items()))) == content_of(facts)
    changed = [{"b": 2}, {"a": {"名": "值", "x": [2, 1]}}, {"c": None}]
    digests = {digest(content_of(facts | one)) for one in changed} | {digest(content_of(facts))}
    assert len(digests) == len(changed) + 1


@pytest.mark.parametrize("state", VersionState)
@pytest.mark.parametrize("side", Side)
def test_a_version_waits_for_who_has_not_confirmed(state, side):
    other = {Side.CLIENT: Side.PROVIDER, Side.PROVIDER: Side.CLIENT}[side]
    if state not in LIVE:
        assert awaits(state, side) is None
    else:
        assert awaits(state, side) is (other if state is VersionState.HALF_CONFIRMED else side)


@pytest.mark.parametrize("current", VersionState)
@pytest.mark.parametrize("target", VersionState)
def test_a_version_moves_by_its_table_only(current, target):
    if target in STEPS[current]:
        assert step(current, target) is target
        return
    with pytest.raises(Refused, match=r"contract\.illegal_step"):
        step(current, target)
