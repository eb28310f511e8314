"""Client ratings: once, revised once, answered once; means."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from marketplace.engagements.rules import State
from marketplace.infra.worker import settle_due
from marketplace.kernel.errors import NotFound
from marketplace.ratings import queries, services
from tests.engagements import (
    kinds,
    later,
    make_engagement,
    make_enterprise,
    make_provider,
    refused,
    row_of,
    work,
)

GOOD = {"quality": 5, "timeliness": 4, "attitude": 5, "fees": 3, "conduct": 5}
POOR = dict.fromkeys(GOOD, 1)
TODAY = date(2026, 11, 23)


def rate(world, scores=GOOD, comment="很专业。", at=None):
    return work(
        world.client,
        lambda uow: services.rate_engagement(
            uow, engagement=world.engagement_id, scores=scores, comment=comment
        ),
        at,
    )


def rate_code(world, actor=None, scores=GOOD, at=None):
    return refused(
        actor or world.client,
        lambda uow: services.rate_engagement(uow, engagement=world.engagement_id, scores=scores),
        at,
    )


def revise_code(world, scores=POOR, at=None):
    return refused(
        world.client,
        lambda uow: services.revise_rating(uow, engagement=world.engagement_id, scores=scores),
        at,
    )


def reply_code(world, words="谢谢。"):
    return refused(
        world.provider,
        lambda uow: services.answer_rating(uow, engagement=world.engagement_id, words=words),
    )


@pytest.fixture
def accepted(app):
    return make_engagement(State.ACCEPTED)


# ------------------------------------------------------------------ rating


def test_a_rating_closes_the_engagement_of_an_enterprise(session, accepted):
    rate(accepted)
    rating = queries.rating_of(session, accepted.engagement_id)

    assert (rating.mean, rating.comment) == (Decimal("4.4"), "很专业。")
    assert row_of(session, accepted).state is State.CLOSED
    assert kinds(session, accepted)[-2:] == ["rated", "closed"]


@pytest.mark.parametrize("state", [State.REQUESTED, State.IN_PROGRESS, State.DELIVERED])
def test_nothing_is_rated_before_its_acceptance(app, state):
    assert rate_code(make_engagement(state)) == "rating.not_accepted"


def test_every_criterion_is_scored_from_1_to_5(accepted):
    assert rate_code(accepted, scores=GOOD | {"fees": 6}) == "rating.score_needed"
    assert rate_code(accepted, scores={"quality": 5}) == "rating.score_needed"


def test_a_rating_is_given_once(accepted):
    rate(accepted)
    assert rate_code(accepted) == "rating.already_rated"


def test_only_the_client_rates(accepted):
    assert rate_code(accepted, actor=accepted.provider) == "rating.not_the_client"
    with pytest.raises(NotFound):
        rate_code(accepted, actor=make_enterprise())


def test_fifteen_working_days_after_the_acceptance_it_is_too_late(accepted):
    # Accepted on Monday, 23 November 2026: the fifteenth working day is 14 December.
    assert rate_code(accepted, at=later(22)) == "rating.too_late"
    rate(accepted, at=later(21))


def test_silence_is_not_five_stars(session, accepted):
    settle_due(now=later(23), raise_errors=True)

    assert row_of(session, accepted).state is State.CLOSED
    assert queries.rating_of(session, accepted.engagement_id) is None
    assert queries.rating_counts(session, [accepted.listing_id]) == {}


# ------------------------------------------------------------------ revising and replying


def test_a_rating_is_revised_once_and_what_it_said_stays_on_record(session, accepted):
    rate(accepted)
    assert revise_code(accepted) == ""
    rating = queries.rating_of(session, accepted.engagement_id)

    assert rating.mean == 1
    assert rating.former.scores == GOOD
    assert rating.former.comment == "很专业。"
    assert revise_code(accepted, GOOD) == "rating.already_revised"


def test_a_revision_comes_within_three_working_days(accepted):
    assert revise_code(accepted) == "rating.not_rated"
    rate(accepted)
    # Rated on a Monday: Thursday is the third working day.
    assert revise_code(accepted, at=later(4)) == "rating.revision_too_late"
    assert revise_code(accepted, at=later(3)) == ""


def test_the_institution_replies_once(session, accepted):
    assert reply_code(accepted) == "rating.not_rated"
    rate(accepted)
    assert reply_code(accepted, " ") == "request.words_needed"
    assert reply_code(accepted) == ""
    assert reply_code(accepted) == "rating.already_replied"
    assert queries.rating_of(session, accepted.engagement_id).reply == "谢谢。"


@pytest.mark.parametrize("number", ["13900001111", "１３９ 0000 1111"])
def test_no_personal_number_gets_into_public_words(session, accepted, number):
    for given in (f"请联系{number}", number):
        code = refused(
            accepted.client,
            lambda uow, words=given: services.rate_engagement(
                uow, engagement=accepted.engagement_id, scores=GOOD, comment=words
            ),
        )
        assert code == "request.personal_number"
    rate(accepted)
    assert reply_code(accepted, f"电话{number}") == "request.personal_number"


# ------------------------------------------------------------------ means and what is public


def test_means_count_by_listing_and_by_item(session, app):
    provider = make_provider()
    first = make_engagement(State.ACCEPTED, provider=provider)
    rate(first)
    second = make_engagement(State.ACCEPTED)
    rate(second, POOR)

    until = TODAY + timedelta(days=1)
    listed = queries.rating_counts(session, [first.listing_id])[first.listing_id]
    assert (listed.count, listed.mean) == (1, Decimal("4.4"))
    assert queries.item_means(session, until) == {"JL-Z05": Decimal("2.7")}
    assert queries.item_means(session, TODAY - timedelta(days=1)) == {}
    assert queries.means_of(session, [first.engagement_id, 999_999]) == {
        first.engagement_id: Decimal("4.4")
    }


def test_in_public_enterprises_have_no_name(session, accepted):
    rate(accepted)
    reply_code(accepted)
    found = queries.ratings_of_listings(session, [accepted.listing_id])[accepted.listing_id]

    assert (found.count, found.mean, found.criteria["fees"]) == (1, Decimal("4.4"), 3)
    assert [(one.client_name, one.comment, one.reply) for one in found.latest] == [
        ("", "很专业。", "谢谢。")
    ]
