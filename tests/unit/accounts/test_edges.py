"""The numbers of accounts, and what happens at and beside each of them."""

from datetime import timedelta

import pytest

from marketplace.accounts import rules
from marketplace.kernel.actors import Capacity
from marketplace.kernel.scopes import Scope

READ = [Scope.ITEMS_READ, Scope.INSTITUTIONS_READ]
PROJECTS = [Scope.PROJECTS_READ, Scope.PROJECTS_WRITE]


def test_links_offers_and_traces_live_as_long_as_is_said():
    assert (rules.REGISTRATION_DAYS, rules.INVITATION_DAYS, rules.RESET_SECONDS) == (3, 7, 3600)
    assert timedelta(hours=1) == rules.RESCUE
    assert timedelta(days=7).total_seconds() == rules.SET_PASSWORD_SECONDS
    assert timedelta(days=7) == rules.SESSION_TRACE
    assert timedelta(seconds=30) == rules.TOUCH_EVERY
    assert timedelta(minutes=10) == rules.TOKEN_SHOWN
    assert timedelta(minutes=5) == rules.TOKEN_TOUCH_EVERY
    assert (rules.TOKEN_DAYS, rules.MOST_TOKENS) == ((30, 90, 365), 20)
    assert (rules.RECOVERY_CODES, rules.STEP_SECONDS) == (10, 30)


@pytest.mark.parametrize(
    ("password", "own", "problem"),
    [
        ("a" * 4 + "bcd7f!k2", "", ""),
        ("korv7tzqpe9", "", "account.password_short"),
        ("korv7tzqpe9x", "", ""),
        ("kX7q" * 32, "", ""),
        ("kX7q" * 32 + "k", "", "account.password_long"),
        ("zhao7!kQp2xw", "zhao@example.cn", ""),
        ("zhangsan7!kQ2", "zhangsan@example.cn", "account.password_personal"),
        ("zhangsan7!kQ2w", "zhangsan@example.cn", ""),
        ("7!kwangwang2", "wangwang", "account.password_personal"),
        ("7!kwanwanwan2", "wan", ""),
        ("wxyz7!kQp2mt", "WXYZ", ""),
    ],
)
def test_a_password_is_neither_short_nor_long_nor_little_more_than_a_name(password, own, problem):
    assert rules.password_problem(password, own) == problem


@pytest.mark.parametrize(
    ("capacities", "scopes"),
    [
        ([Capacity.ENTERPRISE], [*READ, *PROJECTS, Scope.ENGAGEMENTS_READ]),
        ([Capacity.DEPARTMENT], [*READ, *PROJECTS, Scope.ENGAGEMENTS_READ]),
        ([Capacity.INSTITUTION], [*READ, Scope.ENGAGEMENTS_READ]),
        ([Capacity.ASSOCIATION], READ),
        ([], READ),
    ],
)
def test_a_token_can_be_allowed_what_its_organisation_deals_with(capacities, scopes):
    assert rules.token_scopes(capacities) == tuple(scopes)


def test_a_stamp_is_24_characters_of_its_facts():
    assert len(rules.stamp("a", 1)) == 24
    assert rules.stamp("a", 1) == rules.stamp("a", 1) != rules.stamp("a", 2)
