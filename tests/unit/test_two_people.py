"""Rules that ask for two people compare people, not accounts."""

import ast
from dataclasses import replace

import pytest

from marketplace.accounts import policy as accounts
from marketplace.assessments import policy as assessments
from marketplace.assessments.rules import CycleState, RemovalState
from marketplace.budgets import policy as budgets
from marketplace.budgets.rules import PaymentState
from marketplace.competitions import policy as competitions
from marketplace.competitions.rules import CompetitionState
from marketplace.complaints import policy as complaints
from marketplace.complaints.rules import ComplaintState, ObjectionState
from marketplace.kernel.actors import Actor, Role
from marketplace.settings import ROOT
from marketplace.vetting import policy as vetting
from marketplace.vetting.rules import CaseState
from tests.actors import acting
from tests.tables import rows

HERE, THERE = 1, 2
FIRST, SECOND, COLLEAGUE = 10, 11, 12
# The second account of whoever did the first half, with every role.
PERSON = acting(SECOND, HERE, SECOND, roles=frozenset(Role), accounts=frozenset({FIRST, SECOND}))
OTHER = replace(PERSON, user_id=COLLEAGUE, accounts=frozenset({COLLEAGUE}))

_complaint = complaints.Standing(
    ComplaintState.INVESTIGATING, HERE, THERE, proposer_id=FIRST, decider_id=FIRST
)
_competition = competitions.Standing(
    CompetitionState.PROPOSED,
    HERE,
    authors=frozenset({FIRST}),
    opening_requested_by=FIRST,
    evaluated_by=FIRST,
)
_sheet = assessments.SheetStanding(
    CycleState.PRELIMINARY, HERE, THERE, judge_id=HERE, published_by=FIRST, objected=True
)
ASKED = {
    ("vetting", "may_decide"): vetting.Standing(CaseState.PROPOSED, THERE, HERE, FIRST, FIRST),
    ("complaints", "may_decide"): _complaint,
    ("complaints", "may_review"): replace(_complaint, state=ComplaintState.UPHELD),
    ("complaints", "may_decide_objection"): complaints.ObjectionStanding(
        ObjectionState.FILED, HERE, THERE, THERE, 1, FIRST
    ),
    ("competitions", "may_publish"): _competition,
    ("competitions", "may_confirm_opening"): replace(
        _competition, state=CompetitionState.OPENING_REQUESTED
    ),
    ("competitions", "may_publish_award"): replace(_competition, state=CompetitionState.EVALUATED),
    ("budgets", "may_decide_payment"): budgets.PaymentStanding(HERE, PaymentState.PROPOSED, FIRST),
    ("assessments", "may_decide"): assessments.RemovalStanding(
        RemovalState.PROPOSED, HERE, THERE, proposer_id=FIRST
    ),
    ("assessments", "may_decide_objection"): _sheet,
    ("assessments", "may_make_final"): assessments.CycleStanding(
        CycleState.OBJECTIONS, HERE, published_by=FIRST
    ),
    ("accounts", "may_answer_request"): (HERE, FIRST),
    ("accounts", "may_settle_dispute"): FIRST,
    ("accounts", "may_secure_account"): FIRST,
}
POLICIES = {
    "vetting": vetting,
    "complaints": complaints,
    "competitions": competitions,
    "budgets": budgets,
    "assessments": assessments,
    "accounts": accounts,
}

# These keep a person to one side of a matter; tests/service/people asks them.
OF_SIDES = {("complaints", "may_judge_sides"), ("accounts", "may_act_for_side")}


def comparing() -> set[tuple[str, str]]:
    """Every rule of a policy in which people are compared."""
    return {
        (path.parent.name, rule.name)
        for path in (ROOT / "marketplace").glob("*/policy*.py")
        for rule in ast.parse(path.read_text("utf-8")).body
        if isinstance(rule, ast.FunctionDef) and "is_person" in ast.unparse(rule)
    }


@pytest.mark.parametrize(("feature", "act", "reason"), rows("people/own_acts"))
def test_a_second_account_is_not_a_second_person(feature, act, reason):
    may, asked = getattr(POLICIES[feature], act), ASKED[feature, act]
    facts = asked if isinstance(asked, tuple) else (asked,)

    assert may(PERSON, *facts).reason == reason
    assert may(replace(PERSON, user_id=FIRST, accounts=frozenset()), *facts).reason == reason
    assert may(OTHER, *facts).allowed


def test_every_rule_about_two_people_stands_in_the_table():
    told = {(feature, act) for feature, act, _ in rows("people/own_acts")}
    assert told == comparing() - OF_SIDES == set(ASKED)
    assert comparing() > OF_SIDES


def test_lists_ask_for_all_accounts_of_a_person():
    assert PERSON.own_accounts == (FIRST, SECOND)
    assert Actor(user_id=FIRST).own_accounts == (FIRST,)
    assert Actor().own_accounts == ()
    assert not Actor().is_person(None)
