"""The approval platform names another enterprise: what falls free, what stays, who is told."""

import pytest

from marketplace.accounts import queries as accounts
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.rules import State
from marketplace.engagements.services import beginning
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.errors import NotFound
from marketplace.notifications import queries as notifications
from marketplace.projects import policy
from marketplace.projects.queries import reading
from marketplace.quotations.models import QuotationRound
from marketplace.quotations.rules import HANDED_OVER, RoundState
from tests.competitions import make_competition
from tests.dossiers import admitted_listing
from tests.engagements import (
    kinds,
    last_event,
    make_engagement,
    make_enterprise,
    make_provider,
    make_world,
    refused,
    row_of,
    work,
)
from tests.market import settle
from tests.service.engagements.acts import pick
from tests.service.projects.decisions import hand_over
from tests.service.quotations.acts import ITEM, ask


def give(session, project_id, to, revision=2):
    """The record names the enterprise of this agent from now on."""
    session.rollback()
    code = reading.project(session, project_id).code
    credit_code = accounts.organisation(session, to.organisation_id).credit_code
    session.rollback()
    work(SYSTEM, lambda uow: hand_over(uow, code, credit_code, revision))


def holder(session, world):
    """Who holds the item of the project."""
    session.rollback()
    held = reading.claim_of(session, world.project_id, ITEM)
    return held and held.organisation_id


def test_what_no_institution_took_on_falls_free_at_once_and_the_new_enterprise_picks(session, app):
    world, other = make_engagement(), make_enterprise()
    give(session, world.project_id, other)

    assert holder(session, world) is None
    work(other, lambda uow: pick(uow, world.project_id, admitted_listing(make_provider())))
    assert holder(session, world) == other.organisation_id
    late = refused(
        world.provider,
        lambda uow: beginning.take_on_engagement(uow, engagement=world.engagement_id),
    )
    assert late == "project.claim_fell_free"

    settle()
    assert row_of(session, world).state is State.CANCELLED
    assert last_event(session, world).payload["cause"] == "project.handed_over"
    assert holder(session, world) == other.organisation_id


def test_work_that_was_taken_on_stays_and_its_parties_are_told(session, app):
    world, other = make_engagement(State.TAKEN_ON), make_enterprise()
    give(session, world.project_id, other)
    settle()

    assert row_of(session, world).state is State.TAKEN_ON
    assert holder(session, world) == world.client.organisation_id
    assert kinds(session, world)[-1] == "handover_asked"
    another = admitted_listing(make_provider())
    again = refused(other, lambda uow: pick(uow, world.project_id, another))
    assert again == "project.item_taken"
    told = {actor: letters(session, actor) for actor in (world.client, world.provider, other)}
    assert "engagement.handover_asked" in told[world.client] & told[world.provider]
    assert "project.changed_hands" in told[world.client] & told[other]


def letters(session, actor):
    """What somebody was told of."""
    session.rollback()
    return {row.kind for row in notifications.box(session, actor).rows}


def test_the_old_enterprise_commissions_nothing_more_and_is_told_why(session, app):
    world, other = make_world(), make_enterprise()
    give(session, world.project_id, other)

    for act in (pick, ask):
        code = refused(
            world.client,
            lambda uow, act=act: act(uow, world.project_id, world.listing_id),
        )
        assert code == "project.handed_over"
        with pytest.raises(NotFound):
            refused(
                make_enterprise(),
                lambda uow, act=act: act(uow, world.project_id, world.listing_id),
            )


def test_rounds_of_the_old_enterprise_end_and_those_of_the_new_one_go_on(session, app):
    world, other = make_world(), make_enterprise()
    work(world.client, lambda uow: ask(uow, world.project_id, world.listing_id))
    give(session, world.project_id, other)
    settle()
    work(other, lambda uow: ask(uow, world.project_id, world.listing_id))
    settle()

    old, new = session.query(QuotationRound).order_by(QuotationRound.id).all()
    assert (old.state, old.reason) == (RoundState.WITHDRAWN, HANDED_OVER)
    assert new.state is RoundState.OPEN


def test_a_department_commissions_for_the_project_whoever_it_belongs_to(session, app):
    held = make_competition(CompetitionState.PUBLISHED)
    give(session, held.project_id, make_enterprise())
    settle()

    told = session.query(EventRecord.kind).filter_by(
        subject_kind="competition", subject_id=held.competition_id
    )
    assert "competition.project_handed_on" in {row.kind for row in told}
    assert reading.claim_by(session, "competition", held.competition_id) is not None


def test_the_enterprise_of_before_still_finds_the_project_but_not_what_others_do_there(
    session, app
):
    world, other = make_engagement(State.TAKEN_ON), make_enterprise()
    give(session, world.project_id, other)
    _row, standing = reading.seen_project(session, world.client, world.project_id)

    assert not policy.may_read(world.client, standing)
    with pytest.raises(NotFound):
        reading.seen_project(session, make_enterprise(), world.project_id)


def test_a_project_that_comes_back_is_its_enterprises_again(session, app):
    world, other = make_world(), make_enterprise()
    give(session, world.project_id, other)
    give(session, world.project_id, world.client, 3)

    work(world.client, lambda uow: pick(uow, world.project_id, world.listing_id))
    assert holder(session, world) == world.client.organisation_id
