"""The market of the demo world: everything stands at every point, and everybody has work."""

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import parties
from marketplace.assessments.models import Assessment, AssessmentCycle, RemovalCase
from marketplace.assessments.rules import CycleState, RemovalState
from marketplace.budgets import queries as budgets
from marketplace.budgets.models import BudgetHold, BudgetLine, Payment
from marketplace.competitions.models import Competition
from marketplace.competitions.rules import CompetitionState
from marketplace.complaints.models import Complaint, Objection
from marketplace.complaints.rules import ComplaintState, ObjectionState
from marketplace.demo.cast import DEPARTMENTS, DOMAIN
from marketplace.desks.views.work import desk
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import State
from marketplace.infra.clock import business_now
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions.models.market import Listing
from marketplace.institutions.rules.market import Grade
from marketplace.kernel.actors import Capacity
from marketplace.kernel.times import local_date
from marketplace.projects.models import Project
from marketplace.quotations.models import QuotationRound
from marketplace.quotations.rules import RoundState
from marketplace.ratings.models import ClientRating
from tests.actors import actor_of
from tests.lights import everything_waiting

PERSONAL = re.compile(r"\d{17}[\dXx]|1\d{10}")
# Where the next tick goes on at once, so that no act leaves anything there.
PASSING_CYCLES = {
    CycleState.PLANNED,
    CycleState.FREEZING,
    CycleState.SCORING,
    CycleState.FINISHING,
}


def today(session):
    return local_date(business_now(session))


def has_been(session, kind):
    return session.scalar(select(func.count()).where(EventRecord.kind == kind)) > 0


def test_thirty_enterprises_own_the_hundred_and_twenty_projects(session):
    owners = Counter(session.scalars(select(Project.enterprise_id)))

    assert sum(owners.values()) == 120
    assert len(owners) == 30
    assert None not in owners
    known = {row.id for row in parties.organisations_with(session, Capacity.ENTERPRISE)}
    assert set(owners) == known


def test_every_department_has_lines_of_this_year_and_the_last_one(session):
    year = today(session).year
    for body in DEPARTMENTS:
        row = session.scalars(select(Organisation).where(Organisation.name == body.name)).one()
        years = Counter(line.fiscal_year for line in budgets.lines(session, row.id))
        assert {year - 1, year} <= set(years)
        assert all(count >= 4 for each, count in years.items() if each in {year - 1, year})


def test_engagements_stand_in_every_state_on_time_and_late(session):
    rows = session.scalars(select(Engagement)).all()
    lights = {
        one.light for one in everything_waiting(session, today(session)) if one.kind == "engagement"
    }

    assert len(rows) >= 70
    assert {row.state for row in rows} == set(State)
    assert {row.payer for row in rows} == {"enterprise", "department"}
    assert {"green", "yellow", "red"} <= lights
    assert any(row.successor_id for row in rows)


def test_quotation_rounds_stand_in_every_state(session):
    assert set(session.scalars(select(QuotationRound.state))) == set(RoundState)


def test_clients_rated_differently_and_institutions_replied(session):
    ratings = session.scalars(select(ClientRating)).all()

    assert len(ratings) >= 25
    assert {1, 2, 3, 4, 5} <= {row.quality for row in ratings} | {row.timeliness for row in ratings}
    assert any(row.reply for row in ratings)
    assert any(not row.reply for row in ratings)


def test_competitions_stand_in_every_state(session):
    rows = session.scalars(select(Competition)).all()

    assert {row.state for row in rows} == set(CompetitionState)
    assert any(row.rerun_of_id for row in rows)
    assert has_been(session, "competition.winner_declined")
    assert has_been(session, "competition.award_held")


def test_money_is_reserved_committed_paid_and_released(session):
    lines = session.scalars(select(BudgetLine)).all()

    for bucket in ("free_fen", "reserved_fen", "committed_fen", "paid_fen"):
        assert any(getattr(line, bucket) for line in lines), bucket
    assert has_been(session, "budget_line.released")
    assert set(session.scalars(select(Payment.state))) >= {"proposed", "approved"}
    assert session.scalar(select(func.count(BudgetHold.id)).where(BudgetHold.active)) > 5


def test_payments_are_late_on_both_sides(session):
    late = {
        one.what
        for one in everything_waiting(session, today(session))
        if one.light == "red" and one.kind in {"payment", "budget_hold"}
    }

    assert late == {"payment.approve", "payment.propose"}


def test_complaints_and_objections_stand_in_every_state(session):
    states = set(session.scalars(select(Complaint.state)))

    assert states == set(ComplaintState) - {ComplaintState.REVIEWED}
    assert has_been(session, "complaint.reviewed"), "the tick closes what was reviewed"
    assert None in set(session.scalars(select(Complaint.filer_organisation_id)))
    assert set(session.scalars(select(Objection.state))) == set(ObjectionState)


def test_a_year_is_assessed_with_every_grade_from_facts(session):
    final = session.scalars(
        select(AssessmentCycle).where(AssessmentCycle.state == CycleState.FINAL)
    ).one()
    grades = session.scalars(select(Assessment.grade).where(Assessment.cycle_id == final.id)).all()

    assert Counter(grade for grade in grades if grade) == {grade.value: 1 for grade in Grade}
    assert "" in grades, "some had too little work"
    assert final.year < today(session).year
    assert set(session.scalars(select(Listing.grade))) >= set(Grade)


def test_other_years_are_on_the_way(session):
    states = set(session.scalars(select(AssessmentCycle.state)))

    assert states == set(CycleState) - PASSING_CYCLES
    assert has_been(session, "assessment.objection_filed")


def test_removal_cases_stand_at_every_point_and_one_listing_came_back(session):
    states = set(session.scalars(select(RemovalCase.state)))
    outcomes = set(session.scalars(select(RemovalCase.outcome)))

    assert states == set(RemovalState) - {RemovalState.DECIDED}, "the tick publishes decisions"
    assert {"remove", "dismiss"} <= outcomes
    assert has_been(session, "listing.readmitted")
    assert has_been(session, "engagement.choice_asked")


def test_the_board_shows_red_and_yellow_of_every_kind_of_record(session):
    waiting = everything_waiting(session, today(session))
    lights = {light: {w.kind for w in waiting if w.light == light} for light in ("red", "yellow")}

    assert {"vetting_case", "engagement", "competition", "complaint"} <= lights["red"]
    assert {"vetting_case", "engagement"} <= lights["yellow"]


@pytest.mark.parametrize(
    "user",
    [
        "institution1",
        "examiner1.consulting",
        "approver.consulting",
        "examiner1.water",
        "examiner1.environment",
        "approver.environment",
        "supervisor",
        "officer",
        "officer2",
        "approver",
        "officer1.jilin",
        "approver.jilin",
        "enterprise1",
        "enterprise2",
    ],
)
def test_listed_people_have_something_to_do(app, session, user):
    person = parties.find_user(session, f"{user}@{DOMAIN}")
    membership = parties.memberships_of(session, person.id)[0]
    actor = actor_of(session, membership.id)

    with app.test_request_context():
        assert desk(session, actor, business_now(session)).jobs


def test_no_personal_number_is_written_in_what_everybody_reads(session):
    texts = [f"{row.headline} {row.body}" for row in session.scalars(select(Complaint))]
    texts += [row.comment for row in session.scalars(select(ClientRating))]
    texts += [f"{row.title} {row.scope}" for row in session.scalars(select(Competition))]

    assert [text for text in texts if PERSONAL.search(text)] == []
