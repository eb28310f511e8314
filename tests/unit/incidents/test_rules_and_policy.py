"""The life of an incident, and the table of who may say what of it."""

from dataclasses import replace
from datetime import date

import pytest

from marketplace.accounts.policy import Tie
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.rules import ClientKind, Origin, Side, State
from marketplace.incidents import policy
from marketplace.incidents.policy import NotingStanding, Standing
from marketplace.incidents.rules import (
    NOTABLE,
    STEPS,
    IncidentState,
    check_since,
    over_on,
    step,
)
from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.decisions import Decision
from marketplace.kernel.errors import Refused

_S = IncidentState
CLIENT = Actor(
    user_id=1,
    organisation_id=10,
    capacities=frozenset({Capacity.ENTERPRISE}),
    roles=frozenset({Role.ENTERPRISE_AGENT}),
)
PROVIDER = replace(
    CLIENT,
    user_id=2,
    organisation_id=20,
    capacities=frozenset({Capacity.INSTITUTION}),
    roles=frozenset({Role.INSTITUTION_AGENT}),
)
SUPERVISOR = replace(
    CLIENT,
    user_id=3,
    organisation_id=30,
    capacities=frozenset({Capacity.SUPERVISOR}),
    roles=frozenset({Role.SUPERVISOR}),
)
WORK = engagement_policy.Standing(State.IN_PROGRESS, Origin.PICK, 10, ClientKind.ENTERPRISE, 20)
BOTH_SIDES = replace(WORK, trail=frozenset({Tie(2, 10)}))
NOTED = Standing(WORK, _S.NOTED, Side.CLIENT, 10)
OVER = replace(NOTED, over_on=date(2026, 12, 7))
FRESH = NotingStanding(WORK, 5)


@pytest.mark.parametrize("current", list(_S))
@pytest.mark.parametrize("target", list(_S))
def test_the_life_of_an_incident(current, target):
    known = {
        (_S.NOTED, _S.ANSWERED),
        (_S.NOTED, _S.UNANSWERED),
        (_S.NOTED, _S.WITHDRAWN),
        (_S.UNANSWERED, _S.ANSWERED),
    }
    if (current, target) in known:
        assert step(current, target) is target
    else:
        with pytest.raises(Refused, match=r"incident\.illegal_step"):
            step(current, target)
    assert set(STEPS) == set(_S)


@pytest.mark.parametrize("state", list(State))
def test_incidents_are_noted_from_the_contract_to_the_acceptance(state):
    under_way = {"contracted", "in_progress", "paused", "delivered", "returned"}
    may = policy.may_note(CLIENT, replace(FRESH, engagement=replace(WORK, state=state)))
    assert may.reason == ("" if state in under_way else "incident.not_under_way")
    assert {str(one) for one in NOTABLE} == under_way


@pytest.mark.parametrize(
    ("who", "found", "reason"),
    [
        (CLIENT, FRESH, ""),
        (PROVIDER, FRESH, ""),
        (SUPERVISOR, FRESH, "engagement.only_parties"),
        (PROVIDER, replace(FRESH, engagement=BOTH_SIDES), "account.other_side"),
        (CLIENT, replace(FRESH, open={Side.CLIENT: 4}), ""),
        (CLIENT, replace(FRESH, open={Side.CLIENT: 5}), "incident.too_many"),
        (PROVIDER, replace(FRESH, open={Side.CLIENT: 5}), ""),
        (
            CLIENT,
            replace(FRESH, engagement=replace(WORK, goes_on=Decision("continuation.over"))),
            "continuation.over",
        ),
    ],
)
def test_who_notes_one(who, found, reason):
    assert policy.may_note(who, found).reason == reason


# Who, how it stands, and what answering and withdrawing it are refused with.
CASES = [
    (PROVIDER, NOTED, "", "incident.only_writer"),
    (CLIENT, NOTED, "incident.other_side_answers", ""),
    (SUPERVISOR, NOTED, "engagement.only_parties", "engagement.only_parties"),
    (PROVIDER, OVER, "", "incident.only_writer"),
    (CLIENT, OVER, "incident.other_side_answers", "incident.unanswered"),
    (PROVIDER, replace(NOTED, state=_S.UNANSWERED), "", "incident.only_writer"),
    (
        CLIENT,
        replace(NOTED, state=_S.UNANSWERED),
        "incident.other_side_answers",
        "incident.unanswered",
    ),
    (PROVIDER, replace(NOTED, state=_S.ANSWERED), "incident.answered", "incident.only_writer"),
    (
        CLIENT,
        replace(NOTED, state=_S.ANSWERED),
        "incident.other_side_answers",
        "incident.answered",
    ),
    (PROVIDER, replace(NOTED, state=_S.WITHDRAWN), "incident.withdrawn", "incident.only_writer"),
    # The work passed to another enterprise: what the former one noted it does not take back.
    (
        CLIENT,
        replace(NOTED, noted_for_id=11),
        "incident.other_side_answers",
        "incident.only_writer",
    ),
    (
        PROVIDER,
        replace(NOTED, engagement=BOTH_SIDES),
        "account.other_side",
        "incident.only_writer",
    ),
    # Another client was asked before the work passed, and did not answer.
    (
        CLIENT,
        replace(NOTED, noted_side=Side.PROVIDER, state=_S.UNANSWERED, asked_before=True),
        "incident.asked_before",
        "incident.only_writer",
    ),
    # The work is over; the record is still completed.
    (
        PROVIDER,
        replace(NOTED, engagement=replace(WORK, state=State.CLOSED)),
        "",
        "incident.only_writer",
    ),
]


@pytest.mark.parametrize(("who", "found", "answers", "withdraws"), CASES)
def test_who_answers_and_who_withdraws(who, found, answers, withdraws):
    said = (policy.may_answer(who, found).reason, policy.may_withdraw(who, found).reason)
    assert said == (answers, withdraws)


@pytest.mark.parametrize(
    ("since", "reason"),
    [(19, "incident.since_too_early"), (20, ""), (23, ""), (24, "incident.since_later")],
)
def test_an_incident_lies_between_the_taking_on_and_today(since, reason):
    def check():
        check_since(date(2026, 11, since), date(2026, 11, 20), date(2026, 11, 23))

    if not reason:
        check()
        return
    with pytest.raises(Refused) as refusal:
        check()
    assert (refusal.value.code, refusal.value.field) == (reason, "since_on")


def test_only_what_waits_is_over_and_only_after_its_day():
    day, after = date(2026, 12, 7), date(2026, 12, 8)
    assert over_on(_S.NOTED, day, day) is None
    assert over_on(_S.NOTED, day, after) == day
    assert over_on(_S.ANSWERED, day, after) is None
