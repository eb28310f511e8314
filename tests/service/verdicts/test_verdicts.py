"""A verdict counts once, gives accepted work back with a clock of its own, and is corrected."""

from datetime import timedelta

import pytest

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import facts, standings
from marketplace.engagements.rules import Side, State
from marketplace.engagements.services import doing
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import Capacity
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI, local_date
from marketplace.kernel.workdays import Limit
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from marketplace.verdicts import services
from marketplace.verdicts.rules import VerdictState
from marketplace.verdicts.services import Taken
from tests.conftest import NOON
from tests.engagements import (
    accept,
    deliver,
    kinds,
    make_engagement,
    paper,
    pause,
    rate,
    refused,
    resume,
    row_of,
    work,
)
from tests.factories import make_organisation
from tests.verdicts import CODE, DEPARTMENT, WHY, judge, on_work


def told(app) -> None:
    deliver_all(app.extensions["settings"], raise_errors=True)


@pytest.fixture
def accepted(app):
    """Work that was accepted, and of which the department was told."""
    world = make_engagement(State.ACCEPTED)
    told(app)
    return world


def states(session, world) -> list[tuple[int, str]]:
    return [(one.version, str(one.state)) for one in on_work(session, world)]


def test_with_the_acceptance_a_verdict_is_awaited_once(app, session, accepted):
    told(app)

    assert states(session, accepted) == [(1, "pending")]
    assert kinds(session, accepted).count("verdict_awaited") == 1


def test_work_that_no_approval_item_calls_for_is_not_judged(session, accepted, uow, monkeypatch):
    world = make_engagement(State.ACCEPTED)
    item = type("Item", (), {"called_by": lambda *_: ()})
    monkeypatch.setattr(catalogue, "item_version", lambda *_: item())

    with uow() as one:
        services.await_verdict(one, engagement=world.engagement_id, version=1)

    assert states(session, world) == []


def test_an_accepting_verdict_and_its_rating_are_kept_and_nothing_moves(session, accepted):
    before = row_of(session, accepted)
    was = (before.state, before.turn_due_on, before.accepted_at)

    taken = judge(session, accepted, "accepted", score=4, comment="内容完整。")

    (one,) = on_work(session, accepted)
    assert taken is Taken.KEPT
    assert (one.state, one.score, one.comment) == (VerdictState.ACCEPTED, 4, "内容完整。")
    assert (one.department_name, one.department_id, one.reasons) == (DEPARTMENT, None, "")
    row = row_of(session, accepted)
    assert (row.state, row.turn_due_on, row.accepted_at) == was
    assert kinds(session, accepted)[-1] == "verdict_given"


def test_a_return_gives_the_work_back_with_a_clock_that_starts_anew(session, accepted):
    first = row_of(session, accepted)
    kept = (first.within_limit, first.days_used)

    judge(session, accepted, "returned", now=NOON)

    row, today = row_of(session, accepted), local_date(NOON)
    clock = standings.clock_of(session, row, today)
    assert (row.state, row.accepted_at) == (State.RETURNED, None)
    assert (row.within_limit, row.days_used) == kept
    assert (clock.start, clock.limit, clock.used) == (today, Limit(10), 0)
    assert clock.due == row.turn_due_on == row.due_on
    assert clock.due == catalogue.calendar(session).add_workdays(today, 10)
    (one,) = on_work(session, accepted)
    assert (one.state, one.reasons, one.rework_days) == (VerdictState.RETURNED, WHY, 10)
    assert kinds(session, accepted)[-2:] == ["verdict_given", "given_back"]


def test_the_second_clock_stands_in_pauses_and_turns_red_for_the_institution(session, accepted):
    judge(session, accepted, "returned")
    due = row_of(session, accepted).turn_due_on
    pause(accepted)
    resume(accepted)
    assert row_of(session, accepted).state is State.RETURNED
    over = NOON.replace(tzinfo=SHANGHAI) + timedelta(days=(due - local_date(NOON)).days + 1)

    settle_due(over)

    row = row_of(session, accepted)
    assert kinds(session, accepted)[-1] == "overdue"
    assert row.state is State.RETURNED
    assert standings.clock_of(session, row, local_date(over)).shown_light == "red"


def test_mended_work_is_accepted_and_judged_again_and_both_clocks_were_kept(app, session, accepted):
    judge(session, accepted, "returned")
    deliver(accepted)
    accept(accepted)
    told(app)

    row = row_of(session, accepted)
    assert (row.state, row.within_limit, row.returns) == (State.ACCEPTED, True, 0)
    assert states(session, accepted) == [(1, "returned"), (2, "pending")]
    judge(session, accepted, "accepted", 2, version=2)
    assert states(session, accepted) == [(1, "returned"), (2, "accepted")]
    (work_,) = facts.latest_work(session, [row.listing_id], 1)[row.listing_id]
    assert work_.days_used == 0


def test_work_mended_late_was_not_done_within_its_limits(app, session, accepted):
    judge(session, accepted, "returned")
    due = row_of(session, accepted).turn_due_on
    late = NOON + timedelta(days=(due - local_date(NOON)).days + 2)
    key = accepted.engagement_id
    work(
        accepted.provider,
        lambda uow: doing.deliver_version(uow, engagement=key, papers=[paper()]),
        late,
    )
    work(accepted.client, lambda uow: doing.accept_delivery(uow, engagement=key), late)

    row = row_of(session, accepted)
    assert (row.within_limit, row.days_used) == (False, 0)


def test_a_corrected_return_leaves_the_work_accepted_as_it_was(session, accepted):
    before = row_of(session, accepted)
    was = (before.accepted_at, before.turn_due_on, before.within_limit, before.days_used)
    judge(session, accepted, "returned")

    judge(session, accepted, "accepted", 2)

    row = row_of(session, accepted)
    assert row.state is State.ACCEPTED
    assert (row.accepted_at, row.turn_due_on, row.within_limit, row.days_used) == was
    assert (row.rework_since, row.rework_days) == (None, None)
    newest, oldest = on_work(session, accepted)
    assert (newest.state, newest.replaces_id) == (VerdictState.ACCEPTED, oldest.id)
    assert (oldest.state, oldest.replaces_id) == (VerdictState.CORRECTED, None)
    assert kinds(session, accepted)[-2:] == ["verdict_given", "giving_back_undone"]


def test_a_correction_ends_the_pause_of_a_clock_that_is_void(session, accepted):
    judge(session, accepted, "returned")
    pause(accepted)

    judge(session, accepted, "accepted", 2)

    row = row_of(session, accepted)
    assert row.state is State.ACCEPTED
    assert row.pauses[-1].ends_at is not None


def test_a_correction_after_a_new_version_leaves_that_to_its_client(session, accepted):
    judge(session, accepted, "returned")
    deliver(accepted)

    judge(session, accepted, "accepted", 2)

    assert row_of(session, accepted).state is State.DELIVERED
    assert states(session, accepted) == [(1, "accepted"), (1, "corrected")]


def test_the_clock_of_an_earlier_return_counts_again_where_a_later_one_is_corrected(
    app, session, accepted
):
    judge(session, accepted, "returned")
    since = row_of(session, accepted).rework_since
    deliver(accepted)
    accept(accepted)
    judge(session, accepted, "returned", 2, version=2)
    assert row_of(session, accepted).rework_since > since

    judge(session, accepted, "accepted", 3, version=2)

    assert row_of(session, accepted).rework_since == since


def test_after_it_is_closed_a_verdict_is_recorded_and_counted_only(session, accepted):
    rate(accepted)
    assert row_of(session, accepted).state is State.CLOSED

    judge(session, accepted, "returned", score=2)

    assert row_of(session, accepted).state is State.CLOSED
    assert states(session, accepted) == [(1, "returned")]
    assert kinds(session, accepted)[-1] == "verdict_given"


def test_returned_work_is_neither_rated_nor_closed(session, accepted):
    judge(session, accepted, "returned")

    code = refused(
        accepted.client,
        lambda uow: ratings.rate_engagement(
            uow, engagement=accepted.engagement_id, scores=dict.fromkeys(CRITERIA, 5)
        ),
    )
    assert code == "rating.not_accepted"
    settle_due(NOON + timedelta(days=60))
    row = row_of(session, accepted)
    assert (row.state, row.ended_at) == (State.RETURNED, None)


@pytest.mark.parametrize("changes", [{"number": "WT-2026-999999"}, {"version": 2}])
def test_a_deliverable_that_is_not_known_is_left_to_the_caller(session, accepted, changes):
    assert judge(session, accepted, "returned", **changes) is Taken.UNMATCHED
    assert states(session, accepted) == [(1, "pending")]


def test_only_the_platform_takes_verdicts_in(session, accepted, uow):
    with pytest.raises(Refused, match=r"verdict\.only_platform"), uow(accepted.client) as one:
        services.await_verdict(one, engagement=accepted.engagement_id, version=1)


def test_the_department_is_known_by_its_code(session, accepted):
    department = make_organisation(Capacity.DEPARTMENT, region_code="220102")
    session.rollback()
    code = accounts.organisation(session, department).credit_code

    judge(session, accepted, "accepted", department_code=code)

    (one,) = on_work(session, accepted)
    assert one.department_id == department
    assert code != CODE


def test_a_side_turns_to_the_institution_with_the_return(session, accepted):
    judge(session, accepted, "returned")

    session.rollback()
    row = engagements.engagement(session, accepted.engagement_id, local_date(NOON))
    assert (row.owes, row.light, row.awaited) == (Side.PROVIDER, "green", "rework")
