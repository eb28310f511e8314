"""The steps of a case, its checklist, its clock: tables without a database."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import product

import pytest

from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.kernel.workdays import Calendar
from marketplace.vetting import rules
from marketplace.vetting.rules import CaseKind, CaseState, Evidence, Outcome, Result, Stage

S = CaseState
LEGAL = {
    (S.RECEIVED, S.COMPLETENESS),
    (S.RECEIVED, S.WITHDRAWN),
    (S.COMPLETENESS, S.SUBSTANCE),
    (S.COMPLETENESS, S.RETURNED),
    (S.COMPLETENESS, S.WITHDRAWN),
    (S.SUBSTANCE, S.PROPOSED),
    (S.SUBSTANCE, S.RETURNED),
    (S.SUBSTANCE, S.WITHDRAWN),
    (S.RETURNED, S.RECEIVED),
    (S.RETURNED, S.WITHDRAWN),
    (S.PROPOSED, S.DECIDED),
    (S.PROPOSED, S.SUBSTANCE),
    (S.PROPOSED, S.WITHDRAWN),
}


@pytest.mark.parametrize(("current", "target"), list(product(CaseState, CaseState)))
def test_a_case_moves_only_by_its_table(current, target):
    if (current, target) in LEGAL:
        assert rules.step(current, target) is target
    else:
        with pytest.raises(Refused, match=r"vetting\.illegal_step"):
            rules.step(current, target)


def test_a_closed_case_goes_nowhere():
    assert {state for state in CaseState if not rules.STEPS[state]} == rules.CLOSED


@pytest.mark.parametrize(
    ("outcome", "unanswered", "not_ok", "code"),
    [
        (Outcome.ADMIT, 0, 0, ""),
        (Outcome.REJECT, 0, 1, ""),
        (Outcome.ADMIT, 1, 0, "vetting.points_unanswered"),
        (Outcome.REJECT, 2, 1, "vetting.points_unanswered"),
        (Outcome.ADMIT, 0, 1, "vetting.points_not_ok"),
        (Outcome.REJECT, 0, 0, "vetting.nothing_against"),
    ],
)
def test_a_proposal_rests_on_the_whole_checklist(outcome, unanswered, not_ok, code):
    if not code:
        rules.check_proposal(outcome, unanswered, not_ok)
        return
    with pytest.raises(Refused) as refusal:
        rules.check_proposal(outcome, unanswered, not_ok)
    assert refusal.value.code == code


# ------------------------------------------------------------------ the checklist

DOSSIER = (
    Evidence("facts", 1),
    Evidence("terms", 2),
    Evidence("undertaking", 3),
    Evidence("practitioner", 4),
    Evidence("qualification", 5),
    Evidence("qualification", 6),
    Evidence("authorisation", 7),
)


def keys(kind, evidence=DOSSIER, *, has_requirements=True, **more):
    points = rules.checklist(kind, evidence, has_requirements=has_requirements, **more)
    return [point.key for point in points]


def test_an_admission_asks_about_the_dossier_and_about_each_certificate():
    assert keys(CaseKind.ADMISSION) == [
        "profile",
        "affiliations",
        "practitioners",
        "terms",
        "undertaking",
        "authorisation:7",
        "scan:5",
        "scan:6",
        "identity",
        "conflict",
        "requirement",
        "practitioners_registered",
        "promised_days",
        "certificate:5",
        "certificate:6",
    ]


def test_an_item_without_requirements_asks_nothing_about_them():
    assert "requirement" not in keys(CaseKind.ADMISSION, has_requirements=False)
    assert "promised_days" in keys(CaseKind.ADMISSION)
    assert "promised_days" not in keys(CaseKind.ADMISSION, has_limit=False)


def test_an_admission_asks_for_practitioners_even_when_none_were_named():
    assert "practitioners" in keys(CaseKind.ADMISSION, [Evidence("facts", 1)])


@pytest.mark.parametrize(
    ("kind", "evidence", "expected"),
    [
        (
            CaseKind.CHANGE,
            [Evidence("facts", 9)],
            ["profile", "affiliations", "identity", "conflict"],
        ),
        (CaseKind.CHANGE, [Evidence("terms", 9)], ["terms", "promised_days"]),
        (
            CaseKind.RENEWAL,
            [Evidence("qualification", 9)],
            ["scan:9", "requirement", "certificate:9"],
        ),
    ],
)
def test_a_change_or_renewal_is_asked_about_what_it_brings(kind, evidence, expected):
    assert keys(kind, evidence) == expected


def test_a_readmission_asks_about_the_rectification_too():
    assert keys(CaseKind.READMISSION) == [*keys(CaseKind.ADMISSION), "rectification"]


def test_every_point_has_one_key():
    for kind in CaseKind:
        assert len(keys(kind)) == len(set(keys(kind)))


def test_points_are_open_until_answered_and_named_when_not_in_order():
    points = rules.checklist(CaseKind.CHANGE, [Evidence("facts", 1)], has_requirements=False)
    answers = {"profile": Result.OK, "identity": Result.NOT_OK}

    assert [p.key for p in rules.open_points(points, answers)] == ["affiliations", "conflict"]
    assert [p.key for p in rules.not_ok_points(points, answers)] == ["identity"]


SAID = {one: (one.kind, one.record_id) for one in DOSSIER}


def instead(old, new, said):
    """The dossier with one record in a further version."""
    contents = dict(SAID)
    del contents[old]
    contents[new] = said
    return contents


FACTS, FIRST, SECOND = Evidence("facts", 1), *(Evidence("qualification", n) for n in (5, 6))
NEW_FACTS, NEW_SECOND = Evidence("facts", 11), Evidence("qualification", 16)


@pytest.mark.parametrize(
    ("after", "key", "holds"),
    [
        (SAID, "profile", "profile"),
        (SAID, "certificate:6", "certificate:6"),
        (instead(FACTS, NEW_FACTS, "other words"), "profile", None),
        (instead(FACTS, NEW_FACTS, SAID[FACTS]), "profile", "profile"),
        (instead(SECOND, NEW_SECOND, SAID[SECOND]), "certificate:16", "certificate:6"),
        (instead(SECOND, NEW_SECOND, "renewed"), "certificate:16", None),
        (instead(SECOND, NEW_SECOND, "renewed"), "certificate:5", "certificate:5"),
        (instead(SECOND, NEW_SECOND, "renewed"), "requirement", None),
    ],
)
def test_an_answer_holds_for_a_record_that_says_the_same(after, key, holds):
    points = rules.checklist(CaseKind.ADMISSION, after, has_requirements=True)
    point = next(p for p in points if p.key == key)

    assert rules.answer_that_holds(point, SAID, after) == holds


def test_an_answer_about_nothing_does_not_hold():
    bare = {FACTS: "words"}
    points = rules.checklist(CaseKind.ADMISSION, bare, has_requirements=False)
    people = next(p for p in points if p.code == "practitioners")

    assert rules.answer_that_holds(people, bare, bare) is None


# ------------------------------------------------------------------ the clock

WEEKDAYS = Calendar()
LIMITS = rules.Limits(completeness=2, substance=5, lapse=30)
MONDAY = date(2026, 11, 2)


@dataclass
class Stood:
    stage: Stage
    paused_at: datetime
    resumed_at: datetime | None = None


@dataclass
class Case:
    state: CaseState
    received_at: datetime
    substance_at: datetime | None = None
    closed_at: datetime | None = None
    pauses: list[Stood] = field(default_factory=list)


def at(days, hour=10):
    return datetime(2026, 11, 2, hour, tzinfo=SHANGHAI) + timedelta(days=days)


def due(case, days=0):
    return rules.due_day(WEEKDAYS, LIMITS, case, MONDAY + timedelta(days=days))


def light(case, days):
    clock = rules.case_clock(WEEKDAYS, LIMITS, case, MONDAY + timedelta(days=days))
    return clock.shown_light


def test_completeness_is_due_two_working_days_after_arrival():
    assert due(Case(S.RECEIVED, at(0))) == date(2026, 11, 4)
    assert due(Case(S.COMPLETENESS, at(4))) == date(2026, 11, 10)  # Friday to Tuesday


def test_substance_and_decision_share_five_working_days():
    for state in (S.SUBSTANCE, S.PROPOSED):
        assert due(Case(state, at(0), substance_at=at(1))) == date(2026, 11, 10)


def test_a_returned_dossier_can_be_answered_for_thirty_working_days():
    case = Case(S.RETURNED, at(0), pauses=[Stood(Stage.COMPLETENESS, at(1))])

    assert due(case, days=20) == date(2026, 12, 15)
    assert light(case, 20) == "paused"


def test_a_corrected_dossier_has_its_own_completeness_clock():
    case = Case(S.RECEIVED, at(14), pauses=[Stood(Stage.COMPLETENESS, at(2), at(14))])

    assert due(case, days=14) == date(2026, 11, 18)


def test_the_substance_clock_stands_from_the_return_until_completeness_is_found_again():
    # Two days used on Tuesday and Wednesday; returned on Wednesday, complete again on Monday 16th.
    case = Case(
        S.SUBSTANCE,
        at(11),
        substance_at=at(0),
        pauses=[Stood(Stage.SUBSTANCE, at(2), at(14))],
    )

    assert due(case, days=14) == date(2026, 11, 19)


@pytest.mark.parametrize(("days", "colour"), [(1, "green"), (2, "yellow"), (3, "red"), (30, "red")])
def test_a_short_limit_is_yellow_on_its_second_day_and_red_after_it(days, colour):
    assert light(Case(S.COMPLETENESS, at(0)), days) == colour
