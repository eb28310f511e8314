"""The numbers of accounts, and what happens at and beside each of them."""

import subprocess
import sys
from datetime import timedelta

import pytest

from marketplace.accounts import rules
from marketplace.kernel.actors import Capacity
from marketplace.kernel.scopes import Scope
from marketplace.settings import ROOT

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
    ("password", "problem"),
    [
        ("korv7tzqpe9", "account.password_short"),
        ("korv7tzqpe9x", ""),
        ("kX7q" * 32 + "k", "account.password_long"),
        ("kX7qvT29-mLw4!bz" * 8, ""),
    ],
)
def test_a_password_is_neither_short_nor_long(password, problem):
    assert rules.judged_password(password).problem == problem


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


@pytest.mark.parametrize("part", ["services", "services.proofs", "queries", "handlers"])
def test_each_part_of_accounts_can_be_read_first(part):
    command = [sys.executable, "-c", f"import marketplace.accounts.{part}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
