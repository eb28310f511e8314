"""What was begun while it was needed goes no further once it is not: every later door."""

from datetime import datetime

import pytest

from marketplace.catalogue.rules.items import OpenTo
from marketplace.catalogue.services import editing
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import notices
from marketplace.engagements.rules import State
from marketplace.engagements.services import moving
from marketplace.infra.database import db
from marketplace.kernel.times import SHANGHAI
from marketplace.projects import queries, services
from marketplace.projects.rules import ApprovalStatus
from marketplace.quotations import queries as quotations
from marketplace.quotations.services import asking
from tests.competitions import make_competition
from tests.conftest import TODAY
from tests.dossiers import admitted_listing
from tests.engagements import make_engagement, make_provider, refused, row_of
from tests.factories import system_work
from tests.market import PLAIN_ITEM
from tests.projects import CALLING, approval_record, make_project
from tests.quotations import closed_round


def grant(project_id: int) -> None:
    """Everything that calls for an item is granted now."""
    row = queries.project(db.session(), project_id)
    db.session.rollback()
    granted = [
        approval_record(code, status=ApprovalStatus.GRANTED, decided_on=TODAY) for code in CALLING
    ]
    make_project(row.enterprise_id, code=row.code, approvals=tuple(granted), revision=2)


def announce(project_id: int) -> None:
    """The platform tells of a change that nobody has fetched."""
    code = queries.project(db.session(), project_id).code
    db.session.rollback()
    with system_work() as uow:
        services.refresh_project(uow, code=code, revision=9)


def proposed():
    world = make_competition(CompetitionState.PROPOSED)
    return world, lambda **said: refused(
        world.department.approver,
        lambda uow: notices.publish_competition(uow, competition=world.competition_id, **said),
        world.now,
    )


def picked(session):
    found = closed_round()
    session.rollback()
    row = quotations.find_round(session, found.id, TODAY)
    answers = quotations.round_page(session, row).answers
    key = next(one.answer.id for one in answers if one.answer)
    session.rollback()
    return row.project.id, lambda **said: refused(
        found.client,
        lambda uow: asking.pick_quotation(
            uow, quotation=key, reason="报价合理，时限更短。", **said
        ),
    )


def moved():
    world, other = make_engagement(State.IN_PROGRESS), admitted_listing(make_provider())
    return world, lambda **said: refused(
        world.client,
        lambda uow: moving.move_engagement(
            uow,
            engagement=world.engagement_id,
            listing_id=other,
            reason="进度太慢。",
            **said,
        ),
    )


def test_nothing_is_published_that_was_granted_meanwhile(app):
    world, publish = proposed()
    grant(world.project_id)
    assert publish() == publish(need_confirmed=True) == "project.item_granted"
    assert world.row().state is CompetitionState.PROPOSED


def test_nothing_is_proposed_that_was_granted_meanwhile(app):
    world = make_competition(CompetitionState.DRAFT)
    grant(world.project_id)
    answer = refused(
        world.department.officer,
        lambda uow: notices.propose_competition(uow, competition=world.competition_id),
        world.now,
    )
    assert answer == "project.item_granted"


def test_whoever_publishes_confirms_what_is_not_known(app):
    world, publish = proposed()
    announce(world.project_id)
    assert publish() == "project.need_unknown"
    assert publish(need_confirmed=True) == ""


def test_nothing_is_published_that_is_for_enterprises_alone_by_now(app):
    world, publish = proposed()
    with system_work() as uow:
        editing.put_item_version_in_force(
            uow,
            code=PLAIN_ITEM,
            open_to=OpenTo.ENTERPRISE,
            payer_basis="示例办法第一条",
            payer_document="示例〔2026〕1号",
        )
    assert publish() == "competition.item_for_enterprises"
    assert world.row().state is CompetitionState.PROPOSED


def test_no_quotation_is_picked_for_what_was_granted_meanwhile(app, session):
    project_id, pick = picked(session)
    grant(project_id)
    assert pick(need_confirmed=True) == "project.item_granted"


def test_whoever_picks_a_quotation_confirms_what_is_not_known(app, session):
    project_id, pick = picked(session)
    announce(project_id)
    assert pick() == "project.need_unknown"
    assert pick(need_confirmed=True) == ""


def test_no_work_moves_that_is_not_needed_and_then_nothing_ends(app, session):
    world, move = moved()
    grant(world.project_id)
    assert move(need_confirmed=True) == "project.item_granted"
    session.rollback()
    assert row_of(session, world).state is State.IN_PROGRESS


def test_whoever_moves_confirms_what_is_not_known(app):
    world, move = moved()
    announce(world.project_id)
    assert move() == "project.need_unknown"
    assert move(need_confirmed=True) == ""


@pytest.mark.parametrize("fetched", [1, 8])
def test_an_older_answer_does_not_end_what_is_not_known(app, fetched):
    """Nor does a refusal: only the revision that was told of, or a later one."""
    key = make_project()
    announce(key)
    row = queries.project(db.session(), key)
    db.session.rollback()
    make_project(code=row.code, revision=fetched)
    with system_work() as uow:
        services.refuse_wanted(uow, code=row.code, reason="project.unreadable_record")
    assert needed(key) == "unknown"
    make_project(code=row.code, revision=9)
    assert needed(key) == "needed"


def needed(project_id: int) -> str:
    found = queries.need_on(db.session(), project_id, PLAIN_ITEM, datetime.now(SHANGHAI).date())
    db.session.rollback()
    return str(found.need)
