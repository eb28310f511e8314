"""Quotation rounds: who is asked, who answers, what the client sees and when, the pick."""

from datetime import date, timedelta

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.engagements import queries as engagements
from marketplace.engagements import services as engagement_services
from marketplace.engagements.rules import State
from marketplace.infra.worker import settle_due
from marketplace.institutions.services import grounds
from marketplace.kernel.errors import NotFound, Refused
from marketplace.kernel.times import end_of_day
from marketplace.quotations import queries
from marketplace.quotations.queries import owing
from marketplace.quotations.queries.lists import live_rounds_of
from marketplace.quotations.queries.rounds import find_request
from marketplace.quotations.rules import RequestState, RoundState
from marketplace.quotations.services import answering, asking
from tests import quotations
from tests.dossiers import a_certificate, admitted_listing
from tests.engagements import (
    ITEM,
    make_enterprise,
    make_provider,
    project_of,
    refused,
    work,
)
from tests.quotations import ANSWER_BY, PRICES, closed_round, make_round

TODAY = date(2026, 11, 23)
# An item with classes.
CLASSED = "JL-Z13"


def row_of(session, found):
    session.rollback()
    session.expire_all()
    return queries.find_round(session, found.id, TODAY)


def answers_of(session, found):
    return queries.round_page(session, row_of(session, found)).answers


def ask(client, listings, **changes):
    """Ask, and say with which code it was refused."""
    facts = {
        "project": project_of(client),
        "item_code": ITEM,
        "listings": listings,
        "answer_by": ANSWER_BY,
    } | changes
    return refused(client, lambda uow: asking.open_round(uow, **facts))


@pytest.fixture
def client_agent(app):
    return make_enterprise()


# ------------------------------------------------------------------ asking


def test_a_round_asks_each_institution_once_and_has_a_number(session, app):
    found = make_round()
    row = row_of(session, found)

    assert row.number.startswith("BJ-2026-")
    assert (row.state, row.asked, row.answered) == (RoundState.OPEN, 3, 0)
    assert row.light == "green"


def test_nobody_and_more_than_five_are_refused(client_agent):
    listings = [admitted_listing(make_provider()) for _number in range(6)]

    assert ask(client_agent, []) == "quoting.nobody_asked"
    assert ask(client_agent, listings) == "quoting.too_many_asked"
    assert ask(client_agent, [*listings[:5], listings[0]]) == ""


def test_a_suspended_institution_is_not_asked(client_agent):
    agent = make_provider()
    listing = admitted_listing(agent)
    work(agent, lambda uow: grounds.pause_listing(uow, listing_id=listing, reason="内部调整"))

    assert ask(client_agent, [listing]) == "listing.not_admitted"


def test_only_institutions_listed_for_the_item_are_asked(client_agent):
    listing = admitted_listing(make_provider(), item="JL-Z02")

    assert ask(client_agent, [listing]) == "engagement.other_item"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY, "quoting.answer_by_too_early"),
        (TODAY + timedelta(days=1), ""),
        (TODAY + timedelta(days=61), "quoting.answer_by_too_late"),
    ],
)
def test_the_day_by_which_they_answer_is_neither_today_nor_far_away(client_agent, day, code):
    listing = admitted_listing(make_provider())

    assert ask(client_agent, [listing], answer_by=day) == code


def test_where_an_item_has_classes_one_is_asked_for_and_gives_the_limit(session, client_agent):
    certificate = a_certificate(kind="drawing_review", level="一类", specialty="房屋建筑")
    listing = admitted_listing(make_provider(), item=CLASSED, certificate=certificate)
    facts = {
        "project": project_of(client_agent),
        "item_code": CLASSED,
        "listings": [listing],
        "answer_by": ANSWER_BY,
    }

    for key in ("", "none"):
        with pytest.raises(Refused, match=r"engagement\.variant_needed") as refusal:
            work(client_agent, lambda uow, key=key: asking.open_round(uow, **facts, variant=key))
        assert refusal.value.field == "variant"

    variant = catalogue.item(session, CLASSED).variants[-1]
    ref = work(client_agent, lambda uow: asking.open_round(uow, **facts, variant=variant.key))
    assert queries.find_round(session, ref.id, TODAY).limit == variant.limit


@pytest.mark.parametrize(
    ("answers", "day", "light"),
    [
        ([], TODAY, "green"),
        ([], ANSWER_BY, "yellow"),
        ([], ANSWER_BY + timedelta(days=1), "red"),
        (PRICES, ANSWER_BY, "none"),
    ],
)
def test_a_round_has_one_light_on_its_page_and_in_lists(session, app, answers, day, light):
    found = closed_round(answers) if answers else make_round()
    (listed,) = live_rounds_of(session, found.client.organisation_id, found.project_id, day)

    assert queries.find_round(session, found.id, day).light == listed.light == light


@pytest.mark.parametrize(
    ("days", "over"), [(-30, False), (-1, False), (0, False), (1, True), (2, True), (400, True)]
)
def test_answers_are_over_once_their_last_day_has_ended(session, app, days, over):
    found, day = make_round(), ANSWER_BY + timedelta(days=days)
    request = find_request(session, found.asked[0].request_id, day)

    assert (request.round.over, request.standing.over) == (over, over)


def test_one_round_at_a_time_for_an_item_of_a_project(client_agent):
    found = make_round(client=client_agent)
    listing = admitted_listing(make_provider())

    again = ask(client_agent, [listing], project=found.project_id)
    assert again == "quoting.already_open"


def test_no_round_for_an_item_that_is_commissioned_already(client_agent):
    listing = admitted_listing(make_provider())
    project = project_of(client_agent)
    work(
        client_agent,
        lambda uow: engagement_services.request_engagement(
            uow, project_id=project, item_code=ITEM, listing_id=listing
        ),
    )

    assert ask(client_agent, [listing], project=project) == "project.item_taken"


def test_another_enterprises_project_does_not_exist(client_agent):
    project = project_of(make_enterprise())
    with pytest.raises(NotFound):
        ask(client_agent, [1], project=project)


# ------------------------------------------------------------------ answering


def test_the_last_version_counts_and_the_others_stay(session, app):
    found = make_round([8_000_000])
    quotations.answer(found, 0, 7_900_000, days=6)
    row = find_request(session, found.asked[0].request_id, TODAY)

    assert [one.price_fen for one in row.quotations] == [8_000_000, 7_900_000]
    assert (row.answer.version, row.answer.days) == (2, 6)
    assert row.state is RequestState.ANSWERED


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"price_fen": 0, "days": 5}, "quoting.price_needed"),
        ({"price_fen": 100, "days": 0}, "quoting.days_needed"),
        ({"price_fen": 100, "days": 999}, "quoting.days_above_limit"),
    ],
)
def test_a_quotation_names_a_price_and_days_within_the_limit(app, facts, code):
    asked = make_round().asked[0]
    given = refused(
        asked.agent, lambda uow: answering.answer_request(uow, request=asked.request_id, **facts)
    )
    assert given == code


def test_an_institution_may_decline_and_take_its_answer_back(session, app):
    found = make_round([8_000_000])
    quotations.decline(found, 0)
    quotations.decline(found, 1)
    states = [one.state for one in answers_of(session, found)]

    assert states == [RequestState.DECLINED, RequestState.DECLINED, RequestState.ASKED]
    asked = found.asked[1]
    again = refused(
        asked.agent,
        lambda uow: answering.answer_request(uow, request=asked.request_id, price_fen=100, days=5),
    )
    assert again == "quoting.already_declined"


def test_a_competitor_cannot_answer_for_another(app):
    found = make_round()
    other = found.asked[1].agent
    with pytest.raises(NotFound):
        work(
            other,
            lambda uow: answering.answer_request(
                uow, request=found.asked[0].request_id, price_fen=100, days=5
            ),
        )


def test_a_suspended_institution_does_not_answer(app):
    found = make_round()
    asked = found.asked[0]
    work(
        asked.agent,
        lambda uow: grounds.pause_listing(uow, listing_id=asked.listing_id, reason="调整"),
    )
    code = refused(
        asked.agent,
        lambda uow: answering.answer_request(uow, request=asked.request_id, price_fen=1, days=5),
    )
    assert code == "listing.not_admitted"


# ------------------------------------------------------------------ closing


def test_answers_stay_hidden_until_the_round_is_closed(session, app):
    found = make_round(PRICES)
    assert [one.answer for one in answers_of(session, found)] == [None, None, None]

    quotations.close(found)
    shown = [one.answer.price_fen for one in answers_of(session, found)]
    assert shown == list(PRICES)


def test_a_round_is_not_closed_early_before_anybody_answered(app):
    found = make_round()
    code = refused(found.client, lambda uow: asking.close_round(uow, quotation_round=found.id))
    assert code == "quoting.nothing_answered"


def test_the_day_closes_the_round_and_silence_expires(session, app):
    found = make_round([8_000_000])
    settle_due(now=end_of_day(ANSWER_BY) - timedelta(seconds=1), raise_errors=True)
    assert row_of(session, found).state is RoundState.OPEN

    settle_due(now=end_of_day(ANSWER_BY), raise_errors=True)
    assert row_of(session, found).state is RoundState.CLOSED
    states = [one.state for one in answers_of(session, found)]
    assert states == [RequestState.ANSWERED, RequestState.EXPIRED, RequestState.EXPIRED]
    asked = found.asked[1]
    late = refused(
        asked.agent,
        lambda uow: answering.answer_request(uow, request=asked.request_id, price_fen=1, days=5),
    )
    assert late == "quoting.not_open"


def test_a_withdrawn_round_says_why_and_takes_no_answer(session, app):
    found = make_round([8_000_000])
    work(
        found.client,
        lambda uow: asking.withdraw_round(uow, quotation_round=found.id, reason="项目调整。"),
    )
    row = row_of(session, found)

    assert (row.state, row.reason) == (RoundState.WITHDRAWN, "项目调整。")
    asked = found.asked[0]
    late = refused(
        asked.agent,
        lambda uow: answering.answer_request(uow, request=asked.request_id, price_fen=1, days=5),
    )
    assert late == "quoting.not_open"


# ------------------------------------------------------------------ picking


def pick(found, key):
    return work(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=key, reason="报价合理，时限更短。"),
    )


def test_a_pick_requests_the_engagement_with_the_days_quoted(session, app):
    found = closed_round()
    key = quotations.quotation_keys(found)[1]
    ref = pick(found, key)
    row, picked = row_of(session, found), engagements.engagement(session, ref.id)

    assert (row.state, row.engagement_public_id) == (RoundState.PICKED, ref.public_id)
    assert (picked.state, picked.limit.value) == (State.REQUESTED, 8)
    assert picked.listing_id == found.asked[1].listing_id
    told = [find_request(session, one.request_id, TODAY).picked for one in found.asked]
    assert told == [False, True, False]


def test_nothing_is_picked_while_answers_still_come_in(session, app):
    found = make_round([8_000_000])
    key = find_request(session, found.asked[0].request_id, TODAY).answer.public_id

    code = refused(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=key, reason="报价合理，时限更短。"),
    )
    assert code == "quoting.still_open"


def test_a_pick_of_an_institution_that_left_is_refused_and_another_may_be_picked(session, app):
    found = closed_round()
    keys = quotations.quotation_keys(found)
    asked = found.asked[0]
    work(
        asked.agent,
        lambda uow: grounds.pause_listing(uow, listing_id=asked.listing_id, reason="调整"),
    )

    code = refused(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=keys[0], reason="报价合理，时限更短。"),
    )
    assert code == "listing.not_admitted"
    assert row_of(session, found).state is RoundState.CLOSED
    pick(found, keys[1])
    assert row_of(session, found).state is RoundState.PICKED


def test_a_second_pick_is_refused(app):
    found = closed_round()
    keys = quotations.quotation_keys(found)
    pick(found, keys[0])

    code = refused(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=keys[1], reason="报价合理，时限更短。"),
    )
    assert code == "quoting.ended"


def test_another_enterprise_picks_nothing(app):
    found = closed_round()
    key = quotations.quotation_keys(found)[0]
    with pytest.raises(NotFound):
        work(
            make_enterprise(),
            lambda uow: asking.pick_quotation(uow, quotation=key, reason="报价合理，时限更短。"),
        )


def test_an_older_version_does_not_count(session, app):
    found = make_round([8_000_000])
    quotations.answer(found, 0, 7_000_000)
    row = find_request(session, found.asked[0].request_id, TODAY)
    old = row.quotations[0].public_id
    quotations.close(found)

    code = refused(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=old, reason="报价合理，时限更短。"),
    )
    assert code == "quoting.not_the_answer"


# ------------------------------------------------------------------ what waits


def test_what_was_asked_waits_for_an_answer_and_a_closed_round_for_a_pick(session, app):
    found = make_round(PRICES[:1])
    provider, client = found.asked[1].agent.organisation_id, found.client.organisation_id

    (one,) = owing.to_answer(session, provider, ANSWER_BY).rows
    assert (one.public_id, one.what, one.due_on, one.light) == (
        found.asked[1].request_key,
        "quotation.answer",
        ANSWER_BY,
        "yellow",
    )
    assert owing.to_answer(session, provider, ANSWER_BY + timedelta(days=1)).rows[0].light == "red"
    answered = found.asked[0].agent.organisation_id
    assert owing.to_answer(session, answered, TODAY).total == 0
    assert owing.to_compare(session, client).total == 0

    session.rollback()
    settle_due(now=end_of_day(ANSWER_BY))
    assert owing.to_answer(session, provider, TODAY).total == 0
    (one,) = owing.to_compare(session, client).rows
    assert (one.public_id, one.what, one.title) == (
        found.key,
        "quotation.compare",
        row_of(session, found).project.name,
    )


def test_a_round_that_nobody_answered_is_told_otherwise(session, app):
    found = make_round()
    settle_due(now=end_of_day(ANSWER_BY))
    (one,) = owing.to_compare(session, found.client.organisation_id).rows
    assert one.what == "quotation.nobody"
