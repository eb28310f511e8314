"""What quotations, ratings and removals tell: each reader its own, in both languages."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from marketplace.engagements.rules import State
from marketplace.engagements.services import moving
from marketplace.notifications.models import Notification
from marketplace.notifications.wording import message_text, message_title
from marketplace.quotations.services import asking
from marketplace.ratings import services as ratings
from tests import quotations
from tests.engagements import make_engagement, work
from tests.market import settle
from tests.quotations import closed_round, make_round, quotation_keys
from tests.service.engagements.test_keep_or_move import remove
from tests.service.ratings.test_ratings import GOOD, POOR

pytestmark = pytest.mark.usefixtures("app")


def told(session, kind):
    """(organisation, address) of everybody who was told."""
    settle()
    rows = session.scalars(select(Notification).where(Notification.kind == kind)).all()
    for row in rows:
        for locale in ("zh_Hans_CN", "en"):
            with force_locale(locale):
                for words in (message_title(kind, row.details), message_text(kind, row.details)):
                    assert words
                    assert "%(" not in words
                    assert "JL-Z" not in words
    return {(row.organisation_id, row.address) for row in rows}


def request_of(asked):
    return (asked.agent.organisation_id, f"/quotations/requests/{asked.request_key}")


def test_each_institution_that_is_asked_hears_of_its_own_request(session):
    found = make_round()

    assert told(session, "quotation_round.opened") == {request_of(one) for one in found.asked}


def test_the_client_hears_of_answers_and_refusals_without_a_price(session):
    found = make_round([8_000_000])
    quotations.decline(found, 1)
    mine = {(found.client.organisation_id, f"/quotations/{found.key}")}

    assert told(session, "quotation_round.answered") == mine
    assert told(session, "quotation_round.declined") == mine
    rows = session.scalars(select(Notification)).all()
    assert not any("8000000" in str(row.details) for row in rows)


def test_those_that_were_not_picked_are_told_politely(session):
    found = closed_round()
    key = quotation_keys(found)[0]
    work(
        found.client,
        lambda uow: asking.pick_quotation(uow, quotation=key, reason="报价合理，时限更短。"),
    )

    assert told(session, "quotation_round.picked") == {request_of(one) for one in found.asked[1:]}
    picked = told(session, "engagement.requested")
    assert [who for who, _where in picked] == [found.asked[0].agent.organisation_id]


def test_a_withdrawal_is_told_to_those_that_have_not_declined(session):
    found = make_round([8_000_000])
    quotations.decline(found, 1)
    work(
        found.client,
        lambda uow: asking.withdraw_round(uow, quotation_round=found.id, reason="项目调整。"),
    )

    expected = {request_of(found.asked[0]), request_of(found.asked[2])}
    assert told(session, "quotation_round.withdrawn") == expected


def test_a_rating_its_revision_and_the_reply_are_told_to_the_other_side(session):
    world = make_engagement(State.ACCEPTED)
    about = {"engagement": world.engagement_id}
    work(world.client, lambda uow: ratings.rate_engagement(uow, scores=GOOD, **about))
    work(world.client, lambda uow: ratings.revise_rating(uow, scores=POOR, **about))
    work(world.provider, lambda uow: ratings.answer_rating(uow, words="谢谢。", **about))
    client, provider = world.client.organisation_id, world.provider.organisation_id

    for kind, reader in (("rated", provider), ("rating_revised", provider)):
        assert {who for who, _where in told(session, f"engagement.{kind}")} == {reader}
    assert {who for who, _where in told(session, "engagement.rating_answered")} == {client}


def test_a_removal_asks_the_client_and_tells_the_institution_of_the_choice(session):
    world = make_engagement(State.IN_PROGRESS)
    remove(world)
    path = f"/engagements/{world.public_id}"

    asked = told(session, "engagement.choice_asked")
    assert asked == {(world.client.organisation_id, f"{path}/keep-or-move")}
    work(
        world.client,
        lambda uow: moving.keep_institution(uow, engagement=world.engagement_id),
    )
    assert told(session, "engagement.choice_made") == {(world.provider.organisation_id, path)}
