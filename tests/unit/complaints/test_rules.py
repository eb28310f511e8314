"""The days of a complaint, its light, who may act: by hand."""

from datetime import date

import pytest

from marketplace.complaints import policy
from marketplace.complaints.policy import Standing
from marketplace.complaints.rules import (
    ComplaintState,
    Days,
    Outcome,
    masked_name,
    move,
    step_due,
)
from marketplace.kernel.actors import Role
from marketplace.kernel.errors import Refused
from marketplace.kernel.workdays import Calendar
from tests.actors import acting

S = ComplaintState
DAYS = Days(acknowledge=2, hearing=3, decision=30)
PLAIN = Calendar({}, {})
MONDAY = date(2026, 11, 23)
OURS, THEIRS = 7, 9


@pytest.mark.parametrize(
    ("state", "since", "due"),
    [
        (S.FILED, MONDAY, date(2026, 11, 25)),
        (S.ACCEPTED, date(2026, 11, 24), date(2026, 11, 27)),
        (S.INVESTIGATING, date(2026, 11, 30), date(2027, 1, 4)),
        (S.UPHELD, date(2026, 12, 1), date(2027, 1, 12)),
        (S.CLOSED, date(2027, 1, 12), None),
    ],
)
def test_each_step_has_its_day(state, since, due):
    assert step_due(PLAIN, DAYS, state, MONDAY, since) == due


@pytest.mark.parametrize(("name", "shown"), [("欧阳明", "欧某"), (" 王 ", "王某"), ("", "")])
def test_a_person_is_named_by_the_first_character(name, shown):
    assert masked_name(name) == shown


def test_no_outcome_comes_before_the_investigation():
    for state in (S.FILED, S.ACCEPTED, S.REFUSED):
        for outcome in Outcome:
            with pytest.raises(Refused):
                move(state, S(outcome.value))


def who(*roles, user=1, organisation=OURS):
    return acting(user_id=user, organisation_id=organisation, roles=frozenset(roles))


READY = {
    "state": S.INVESTIGATING,
    "handler_id": OURS,
    "about_organisation_id": THEIRS,
    "proposer_id": 2,
}


@pytest.mark.parametrize(
    ("actor", "changed", "reason"),
    [
        (who(Role.ASSOCIATION_APPROVER), {}, ""),
        (who(Role.SUPERVISOR), {}, ""),
        (who(Role.ASSOCIATION_EXAMINER), {}, "complaint.not_a_decider"),
        (who(Role.ASSOCIATION_APPROVER, user=2), {}, "complaint.own_proposal"),
        (who(Role.ASSOCIATION_APPROVER, organisation=8), {}, "complaint.not_competent"),
        (who(Role.ASSOCIATION_APPROVER), {"proposer_id": None}, "complaint.not_proposed"),
        (who(Role.ASSOCIATION_APPROVER), {"state": S.ACCEPTED}, "complaint.not_proposed"),
    ],
)
def test_another_person_than_the_proposer_decides(actor, changed, reason):
    assert policy.may_decide(actor, Standing(**READY | changed)).reason == reason


def test_the_other_side_learns_of_a_complaint_once_it_is_taken_up():
    agent = who(Role.INSTITUTION_AGENT, organisation=THEIRS)
    seen = {state for state in S if policy.is_party(agent, Standing(**READY | {"state": state}))}
    assert seen == set(S) - {S.FILED, S.REFUSED}


def test_nobody_reviews_what_they_had_a_part_in():
    row = Standing(**READY | {"state": S.UPHELD, "decider_id": 3, "accepted_by": 4})
    for user, reason in ((2, "complaint.own_decision"), (3, "complaint.own_decision"), (5, "")):
        assert policy.may_review(who(Role.SUPERVISOR, user=user), row).reason == reason


OFFICE, REVIEWED = "complaint.office_answered", "complaint.reviewed_already"
OVER, NONE = "complaint.review_over", "complaint.not_decided"


@pytest.mark.parametrize(
    ("state", "changed", "reason"),
    [
        (S.FILED, {}, NONE),
        (S.INVESTIGATING, {"by_supervisor": True}, NONE),
        (S.REFUSED, {}, ""),
        (S.REFUSED, {"by_supervisor": True}, OFFICE),
        (S.UPHELD, {}, ""),
        (S.UPHELD, {"review_over": True}, OVER),
        (S.PARTLY_UPHELD, {"by_supervisor": True, "review_over": True}, OFFICE),
        (S.DISMISSED, {"by_supervisor": True}, OFFICE),
        (S.REVIEWED, {"reviewer_id": 6}, REVIEWED),
        (S.CLOSED, {"reviewer_id": 6}, REVIEWED),
        (S.CLOSED, {}, OVER),
        (S.CLOSED, {"by_supervisor": True}, OFFICE),
    ],
)
def test_an_associations_answer_is_reviewed_once_and_a_supervisors_by_none(state, changed, reason):
    row = Standing(**READY | {"state": state} | changed)

    assert policy.may_be_reviewed(row).reason == reason
    assert policy.may_review(who(Role.SUPERVISOR, user=5), row).reason == reason
