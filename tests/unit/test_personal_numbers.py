"""Personal numbers in running text are found, other numbers are not taken for them."""

import pytest

from marketplace.kernel.personal import has_personal_number


@pytest.mark.parametrize(
    "text",
    [
        "联系人电话13900001234。",
        "电话 139 0000 1234",
        "电话１３９００００１２３４",
        "身份证号11010519491231002X",
        "卡号4111 1111 1111 1111",
    ],
)
def test_a_personal_number_is_found(text):
    assert has_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "合同金额1200000元，逾期20日。",
        "编号WT-2026-000123，项目2106-220102-04-01-100011",
        "座机0431-80000000",
        "",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not has_personal_number(text)
