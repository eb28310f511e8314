"""Long lists of budgets: nothing is left out, and they cost as many statements as short ones."""

import re

import pytest

from marketplace.budgets import policy
from marketplace.budgets.services import paying
from marketplace.kernel.actors import Actor
from tests.factories import make_member
from tests.money import YUAN, act, contracted, holds, line_of, make_line, propose
from tests.web.test_query_counts import assert_steady

MANY = 26


@pytest.fixture
def everybody(department) -> Actor:
    """One person with every role of a department's money."""
    return make_member(department.id, *policy.READERS)


def numbers(text: str) -> set[str]:
    return set(re.findall(r"ZF-2026-\d{6}", text))


def test_payments_stand_page_by_page_and_none_is_left_out(person, department):
    hold = contracted(department, make_line(department, 1000 * YUAN), 600 * YUAN, 1)
    made = {propose(department, hold, YUAN).number for _ in range(MANY)}
    (kept,) = holds(1)
    officer = person(department.officer)

    for path, page in (
        ("/budgets/payments?state=proposed", "page"),
        (f"/budgets/holds/{kept.public_id}", "payments"),
        (f"/budgets/lines/{kept.line_public_id}", "payments"),
    ):
        mark = "&" if "?" in path else "?"
        first, second = (officer.get(f"{path}{mark}{page}={n}").text for n in (1, 2))
        assert numbers(first) < made, path
        assert numbers(first) | numbers(second) == made, path


def test_lines_and_the_ledger_stand_page_by_page_but_add_up_whole(person, department):
    for number in range(MANY):
        make_line(department, YUAN, name=f"第{number:02}号")
    officer = person(department.budget)

    first, second = (officer.get(f"/budgets?page={number}").text for number in (1, 2))

    assert "第00号" in first
    assert "第00号" not in second
    assert "第25号" in second
    for text in (first, second):
        assert f"{MANY}.00 yuan" in text
        assert f"{MANY} lines" in text


@pytest.mark.slow
@pytest.mark.xdist_group("query-counts")
def test_long_lists_cost_as_many_statements_as_short_ones(person, department, everybody):
    line = make_line(department, 1000 * YUAN, item_code="JL-Z01")
    hold = contracted(department, line, 100 * YUAN, 1)
    propose(department, hold, YUAN)

    # No more than a desk shows of a kind: a fuller one asks once how much it is in all.
    def grow() -> None:
        for number in range(2, 9):
            own = make_line(department, 10 * YUAN, name=f"第{number}号", item_code="JL-Z02")
            other = contracted(department, own, 10 * YUAN, number)
            for _ in range(2):
                propose(department, other, YUAN)
                refused = propose(department, hold, YUAN)
                _refuse(department, refused.id)

    public = line_of(line).public_id
    paths = [
        "/budgets",
        "/budgets?show=free&q=号",
        "/budgets/payments",
        f"/budgets/lines/{public}",
        f"/budgets/holds/{holds(line)[0].public_id}",
        "/budgets/lines.xlsx",
        "/budgets/entries.xlsx",
        "/desk",
    ]
    assert_steady(person(everybody).browser, paths, grow)


def _refuse(department, payment: int) -> None:
    act(
        department.approver,
        lambda uow: paying.refuse_payment(uow, payment=payment, reason="发票不符"),
    )
