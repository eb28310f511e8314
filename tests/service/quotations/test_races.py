"""Quotations at the same instant, by real processes, on SQLite and on PostgreSQL."""

import pytest

from marketplace.quotations import queries
from marketplace.quotations.rules import RoundState
from marketplace.quotations.services import questions
from tests.engagements import make_world, work
from tests.quotations import TODAY, closed_round, make_round
from tests.racing import Call, app, at_once
from tests.service.engagements.acts import withdraw
from tests.service.engagements.test_engagement_races import event_ids
from tests.service.quotations import acts

__all__ = ["app"]
pytestmark = pytest.mark.slow


def quotation_ids(session, found) -> list[int]:
    session.rollback()
    page = queries.round_page(session, queries.find_round(session, found.id, TODAY))
    return [one.answer.id for one in page.answers if one.answer]


def test_of_picks_at_once_one_is_made_and_it_is_the_rounds(app, session):
    found = closed_round()
    ids = quotation_ids(session, found)

    answers = at_once(app, [Call(found.client, acts.pick_quotation, (one,)) for one in ids])

    assert sorted(answers) == ["done", "quoting.ended", "quoting.ended"]
    session.rollback()
    row = queries.find_round(session, found.id, TODAY)
    assert (row.state, row.picked_quotation_id) == (
        RoundState.PICKED,
        ids[answers.index("done")],
    )
    assert len(event_ids(session, "engagement.requested")) == 1


def test_one_round_for_an_item_however_often_it_is_asked_at_once(app, session):
    world = make_world()
    call = Call(world.client, acts.ask, (world.project_id, world.listing_id))

    answers = at_once(app, [call] * 4)

    assert sorted(answers) == ["done", *["quoting.already_open"] * 3]
    assert len(event_ids(session, "quotation_round.opened")) == 1


def test_no_institution_is_asked_after_it_has_left_the_market(app, session):
    world = make_world()
    others = [make_world(provider=None) for _number in range(2)]
    asks = [
        Call(one.client, acts.ask, (one.project_id, world.listing_id)) for one in (world, *others)
    ]

    answers = at_once(
        app, [*asks[:2], Call(world.provider, withdraw, (world.listing_id,)), asks[2]]
    )

    gone = event_ids(session, "listing.withdrawn")
    done = event_ids(session, "quotation_round.opened")
    assert len(gone) == 1
    assert all(asked < gone[0] for asked in done)
    assert answers.count("listing.not_admitted") == len(asks) - len(done)


def test_an_answer_and_the_closing_at_once_leave_the_answer_whole_or_out(app, session):
    found = make_round([8_000_000])
    late = found.asked[1]

    quoted, closed = at_once(
        app,
        [
            Call(late.agent, acts.quote, (late.request_id,)),
            Call(found.client, acts.close_round, (found.id,)),
        ],
    )

    assert closed == "done"
    assert quoted in {"done", "quoting.not_open"}
    assert len(quotation_ids(session, found)) == (2 if quoted == "done" else 1)


def test_a_question_is_answered_once_or_the_round_closes_first(app, session):
    found = make_round([8_000_000])
    asked = found.asked[1]
    question = work(
        asked.agent,
        lambda uow: questions.ask_question(uow, request=asked.request_id, body="是否含税？"),
    )

    calls = [Call(found.client, acts.explain, (found.id, question)) for _number in range(3)]
    answers = at_once(app, [*calls, Call(found.client, acts.close_round, (found.id,))])

    assert answers[-1] == "done"
    assert answers.count("quoting.already_answered") + answers.count("quoting.not_open") in (2, 3)
    told = len(event_ids(session, "quotation_round.question_answered"))
    assert told == answers[:-1].count("done") <= 1
