"""An award that was let lie: both are heard, the supervisor rules, each ruling does as it says."""

from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.budgets import queries as budgets
from marketplace.competitions.queries import reading as competitions
from marketplace.competitions.rules import AwardState, CompetitionState, Failure
from marketplace.engagements import queries as engagements
from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import Side, State
from marketplace.engagements.services import beginning, ending
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.times import end_of_day, local_date
from marketplace.projects import queries as projects
from marketplace.rulings import deadlines, queries, services
from marketplace.rulings.models import AwardRuling
from marketplace.rulings.rules import Outcome, RulingState
from tests.competitions import make_competition
from tests.engagements import confirm, put_forward, refused, work
from tests.factories import make_member, make_organisation

AWARD = 7_500_000
WORDS = "合同文本在内部审签，下周可以确认。"
REASON = "双方均已听取意见，逾期事实清楚。"


class Matter:
    """A competition whose award nobody made a contract of, and the people around it."""

    def __init__(self, app, session, let_lie: Side, *, over: bool = True) -> None:
        self.app, self.session = app, session
        office = make_organisation(Capacity.SUPERVISOR, region_code="220000")
        self.supervisor = make_member(office, Role.SUPERVISOR)
        self.world = make_competition(CompetitionState.AWARDED)
        self.now = self.world.now
        self.deliver()
        row = self.engagement()
        self.key, self.project_id = row.id, row.project_id
        self.officer = self.world.department.officer
        listing = row.listing_id
        self.winner = next(one.agent for one in self.world.offers if one.listing_id == listing)
        if let_lie is Side.PROVIDER:
            put_forward(self.officer, self.key, AWARD, self.now)
        if over:
            self.lie()

    def deliver(self) -> None:
        db.session.rollback()
        deliver_all(self.app.extensions["settings"], raise_errors=True, as_told=True)

    def engagement(self) -> Engagement:
        self.session.rollback()
        self.session.expire_all()
        query = self.session.query(Engagement).filter_by(competition_id=self.world.competition_id)
        return query.order_by(Engagement.id.desc()).first()

    def work_now(self) -> Engagement:
        self.session.rollback()
        self.session.expire_all()
        return self.session.get_one(Engagement, self.key)

    def lie(self) -> None:
        """The days of whoever has the turn pass, and the worker looks."""
        self.now = end_of_day(self.work_now().turn_due_on)
        work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=self.key), self.now)
        self.tick()
        self.deliver()

    def tick(self) -> int:
        """The worker asks about what is overdue; says how many it asked about."""
        db.session.rollback()
        return deadlines.ask_for_rulings(lambda: UnitOfWork(SYSTEM, self.now), self.now)

    def every(self) -> list[AwardRuling]:
        self.session.rollback()
        self.session.expire_all()
        return list(self.session.query(AwardRuling).order_by(AwardRuling.id))

    def ruling(self) -> AwardRuling:
        return self.every()[-1]

    def speak(self, actor, words: str = WORDS) -> str:
        key = self.ruling().id
        return refused(actor, lambda uow: services.speak(uow, ruling=key, words=words), self.now)

    def rule(self, outcome: Outcome, actor=None, reason: str = REASON) -> str:
        key = self.ruling().id
        return refused(
            actor or self.supervisor,
            lambda uow: services.rule(uow, ruling=key, outcome=outcome, reason=reason),
            self.now,
        )

    def hear_both(self) -> None:
        assert [self.speak(self.officer), self.speak(self.winner)] == ["", ""]

    def competition(self):
        self.session.rollback()
        return competitions.competition(self.session, self.world.competition_id)

    def public_history(self) -> list[str]:
        found = accounts.history(self.session, "competition", self.world.competition_id)
        return [one.kind for one in found]


@pytest.fixture
def silent(app, session) -> Matter:
    """The department did nothing."""
    return Matter(app, session, Side.CLIENT)


@pytest.fixture
def unanswered(app, session) -> Matter:
    """The department put the terms forward; the winner did not answer."""
    return Matter(app, session, Side.PROVIDER)


@pytest.mark.parametrize("let_lie", list(Side))
def test_an_award_never_lapses_and_the_supervisor_is_asked(app, session, let_lie):
    matter = Matter(app, session, let_lie)
    found, row = matter.ruling(), matter.work_now()

    assert row.state is State.TAKEN_ON
    assert matter.competition().state is CompetitionState.AWARDED
    assert (found.state, found.let_lie) == (RulingState.ASKED, let_lie)
    assert found.owed_until == row.turn_due_on
    assert found.supervisor_id == matter.supervisor.organisation_id
    assert local_date(found.asked_at) < found.hear_until < found.due_on
    shown = engagements.engagement(session, matter.key, local_date(matter.now))
    assert (shown.light, shown.owes) == ("red", let_lie)


def test_forty_days_of_a_silent_department_are_one_matter_on_its_light_and_the_supervisors(
    silent, session
):
    today = local_date(silent.now + timedelta(days=10))

    assert len(silent.every()) == 1
    (job,) = queries.owed_by(session, silent.supervisor, today).rows
    assert (job.what, job.light) == ("ruling.rule", "yellow")
    waits = {one.what for one in queries.words_owed_by(session, silent.officer, today).rows}
    assert waits == {"ruling.speak"}
    assert queries.owed_by(session, silent.winner, today).rows == ()


def test_a_matter_is_asked_once_however_often_it_is_told(silent):
    for _again in range(2):
        work(
            SYSTEM,
            lambda uow: services.ask_for_ruling(uow, engagement=silent.key),
            silent.now,
        )
    assert len(silent.every()) == 1


def test_both_are_heard_first_each_once_and_late_words_are_marked(silent, session):
    assert silent.rule(Outcome.NEW_TERM) == "ruling.not_heard"
    assert silent.speak(silent.officer) == ""
    assert silent.speak(silent.officer) == "ruling.heard_already"
    assert silent.rule(Outcome.NEW_TERM) == "ruling.not_heard"

    silent.now = end_of_day(silent.ruling().hear_until) + timedelta(hours=1)
    assert silent.speak(silent.winner) == ""

    heard = accounts.history(session, "engagement", silent.key)
    late = {one.payload["by"]: one.payload["late"] for one in heard if "late" in one.payload}
    assert late == {"client": False, "provider": True}
    assert silent.rule(Outcome.NEW_TERM) == ""
    assert silent.speak(silent.winner) == "ruling.settled"


def test_whoever_does_not_answer_in_time_does_not_stop_the_ruling(silent):
    silent.now = end_of_day(silent.ruling().hear_until)
    assert silent.rule(Outcome.NEW_TERM) == ""


def test_only_the_office_that_was_asked_rules_and_gives_reasons(silent):
    silent.hear_both()
    elsewhere = make_organisation(Capacity.SUPERVISOR, region_code="220700")

    assert silent.rule(Outcome.NEW_TERM, silent.officer) == "account.not_your_role"
    other = make_member(elsewhere, Role.SUPERVISOR)
    assert silent.rule(Outcome.NEW_TERM, other) == "account.not_your_organisation"
    assert silent.rule(Outcome.NEW_TERM, reason="  ") == "request.words_needed"
    assert silent.ruling().state is RulingState.ASKED


@pytest.mark.parametrize("outcome", [Outcome.NEW_TERM, Outcome.DEPARTMENT_AT_FAULT])
def test_a_new_term_gives_the_days_anew_to_whoever_had_the_turn(silent, outcome):
    before = silent.work_now().turn_due_on
    silent.hear_both()
    assert silent.rule(outcome) == ""

    row, found = silent.work_now(), silent.ruling()
    assert (row.state, row.contract_owed_by) == (State.TAKEN_ON, Side.CLIENT)
    assert row.turn_due_on == found.term_until == local_date(silent.now) + timedelta(days=30)
    assert row.turn_due_on > before
    assert silent.public_history()[0] == "competition.award_ruled"
    put_forward(silent.officer, silent.key, AWARD, silent.now)
    confirm(silent.winner, silent.key, silent.now)
    assert silent.work_now().state is State.CONTRACTED


def test_a_second_silence_of_a_department_at_fault_fails_the_competition(silent, session):
    silent.hear_both()
    assert silent.rule(Outcome.DEPARTMENT_AT_FAULT) == ""
    silent.lie()

    assert silent.work_now().state is State.CANCELLED
    row = silent.competition()
    assert (row.state, row.failure) == (CompetitionState.FAILED, Failure.DEPARTMENT_SILENT)
    ended = accounts.history(session, "engagement", silent.key)[0]
    assert ended.payload["cause"] == "ruling.department_silent"
    told = {one.kind for one in accounts.history(session, "engagement", silent.key)}
    assert not told & {"engagement.lapsed", "engagement.declined"}
    assert_everything_is_free(silent)


def test_a_winner_that_is_silent_after_it_is_ruled_about_anew(silent):
    silent.hear_both()
    silent.rule(Outcome.DEPARTMENT_AT_FAULT)
    put_forward(silent.officer, silent.key, AWARD, silent.now)
    silent.lie()

    assert [one.let_lie for one in silent.every()] == [Side.CLIENT, Side.PROVIDER]
    assert silent.work_now().state is State.TAKEN_ON


def test_a_second_silence_after_a_mere_new_term_is_ruled_about_anew(silent):
    silent.hear_both()
    silent.rule(Outcome.NEW_TERM)
    silent.lie()

    assert [one.state for one in silent.every()] == [RulingState.RULED, RulingState.ASKED]


def test_a_departments_silence_never_counts_as_the_winners_refusal(silent, session):
    silent.hear_both()

    assert silent.rule(Outcome.WINNER_ABANDONS) == "ruling.department_let_it_lie"
    assert silent.work_now().state is State.TAKEN_ON


def test_a_winner_that_abandons_makes_room_for_the_next_and_it_is_on_record(unanswered, session):
    winner_id = unanswered.work_now().provider_id
    unanswered.hear_both()
    assert unanswered.rule(Outcome.WINNER_ABANDONS) == ""

    assert unanswered.work_now().state is State.DECLINED
    assert unanswered.competition().state is CompetitionState.AWARD_PUBLISHED
    awards = competitions.awards(session, unanswered.world.competition_id)
    assert {one.state for one in awards} == {AwardState.DECLINED, AwardState.PUBLISHED}
    (kept,) = queries.abandoned(session, winner_id)
    assert (kept.reason, kept.competition_id) == (REASON, unanswered.world.competition_id)
    claim = projects.claim_of(session, unanswered.project_id, unanswered.work_now().item_code)
    assert claim.record_kind == "competition"


@pytest.mark.parametrize("let_lie", list(Side))
def test_a_competition_that_is_ruled_to_fail_frees_money_and_item(app, session, let_lie):
    matter = Matter(app, session, let_lie)
    matter.hear_both()
    assert matter.rule(Outcome.COMPETITION_FAILS) == ""

    assert matter.work_now().state is State.CANCELLED
    row = matter.competition()
    assert (row.state, row.failure) == (CompetitionState.FAILED, Failure.RULED)
    (award,) = competitions.awards(session, row.id)
    assert award.state is AwardState.CANCELLED
    assert queries.abandoned(session, matter.work_now().provider_id) == ()
    assert_everything_is_free(matter)


def assert_everything_is_free(matter: Matter) -> None:
    session = matter.session
    assert budgets.hold_of(session, "competition", matter.world.competition_id).active is False
    assert projects.claim_of(session, matter.project_id, matter.work_now().item_code) is None
    line = budgets.line(session, matter.world.department.line_id)
    assert line.free_fen == line.appropriation_fen


def test_a_contract_concluded_meanwhile_leaves_nothing_to_rule(unanswered):
    unanswered.hear_both()
    confirm(unanswered.winner, unanswered.key, unanswered.now)
    assert unanswered.rule(Outcome.NEW_TERM) == "ruling.settled"
    unanswered.deliver()

    assert unanswered.work_now().state is State.CONTRACTED
    assert unanswered.ruling().state is RulingState.DROPPED


def test_a_winner_that_steps_back_meanwhile_leaves_nothing_to_rule(silent):
    work(
        silent.winner,
        lambda uow: beginning.cancel_engagement(uow, engagement=silent.key, reason="产能不足。"),
        silent.now,
    )
    silent.deliver()
    assert silent.ruling().state is RulingState.DROPPED
    assert silent.competition().state is CompetitionState.AWARD_PUBLISHED


def test_once_the_department_has_the_turn_its_silence_is_not_the_winners_refusal(unanswered):
    unanswered.hear_both()
    put_forward(unanswered.winner, unanswered.key, AWARD, unanswered.now)

    assert unanswered.rule(Outcome.WINNER_ABANDONS) == "ruling.department_let_it_lie"


def test_a_turn_that_passed_and_was_let_lie_is_another_matter(unanswered):
    put_forward(unanswered.winner, unanswered.key, AWARD, unanswered.now)
    unanswered.lie()

    stands = [(one.let_lie, one.state) for one in unanswered.every()]
    assert stands == [
        (Side.PROVIDER, RulingState.DROPPED),
        (Side.CLIENT, RulingState.ASKED),
    ]


def test_a_finding_of_fault_is_not_forgotten_over_a_later_ruling(silent):
    silent.hear_both()
    silent.rule(Outcome.DEPARTMENT_AT_FAULT)
    put_forward(silent.officer, silent.key, AWARD, silent.now)
    silent.lie()
    silent.hear_both()
    assert silent.rule(Outcome.NEW_TERM) == ""
    put_forward(silent.winner, silent.key, AWARD, silent.now)
    silent.lie()

    assert silent.competition().failure is Failure.DEPARTMENT_SILENT


def test_the_worker_asks_about_each_overdue_award_once(silent, session):
    session.rollback()
    session.query(AwardRuling).delete()
    session.commit()

    assert [silent.tick(), silent.tick()] == [1, 0]
    assert silent.ruling().state is RulingState.ASKED


def test_where_no_office_was_known_any_supervisor_rules(silent, session):
    silent.hear_both()
    silent.ruling().supervisor_id = None
    session.commit()

    today = local_date(silent.now)
    assert [one.what for one in queries.owed_by(session, silent.supervisor, today).rows] == [
        "ruling.rule"
    ]
    assert silent.rule(Outcome.NEW_TERM) == ""


def test_the_days_of_a_matter_follow_the_calendar_while_they_are_to_come(silent, session):
    asked = silent.ruling()
    were = (asked.hear_until, asked.due_on)
    asked.hear_until, asked.due_on = (day + timedelta(days=4) for day in were)
    session.commit()

    def moves(at):
        return work(SYSTEM, lambda uow: services.move_days(uow, ruling=asked.id), at)

    assert moves(end_of_day(were[1] + timedelta(days=9))) is False
    assert [moves(silent.now), moves(silent.now)] == [True, False]
    found = silent.ruling()
    assert (found.hear_until, found.due_on) == were
    told = accounts.history(session, "engagement", silent.key)[:2]
    assert {one.payload["what"] for one in told} == {"hearing", "ruling"}
