"""All that is left behind when the project of work changes hands, and who may say what."""

from datetime import timedelta

from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import notices
from marketplace.engagements.queries import handovers
from marketplace.engagements.rules import State
from marketplace.engagements.services import handing
from marketplace.infra.database import db
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.competitions import make_competition
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise
from tests.personas import Persona, actor
from tests.service.projects.test_changing_hands import give
from tests.stories import refusals


def handed(state=State.IN_PROGRESS):
    """Work whose project another enterprise has by now, before anybody was asked."""
    world, heir, office = make_engagement(state), make_enterprise(), actor(Persona.SUPERVISOR)
    give(db.session(), world.project_id, heir)
    return world, heir, office


def asked(world):
    """What was asked about the work."""
    row = handovers.shown_with(db.session(), world.engagement_id)
    db.session.rollback()
    return row


def sayings(world):
    """All that can be said about it."""
    key = asked(world).id
    settle = {"handover": key, "reason": "一"}
    return {
        "agree": lambda uow: handing.agree_to_handover(uow, handover=key),
        "keep": lambda uow: handing.keep_where_it_is(uow, handover=key, reason="一"),
        "let it pass": lambda uow: handing.settle_handover(uow, passes=True, **settle),
        "let it stay": lambda uow: handing.settle_handover(uow, passes=False, **settle),
        "refer": lambda uow: handing.refer_handover(uow, handover=key),
    }


def follow(world):
    act(SYSTEM, lambda uow: handing.follow_project(uow, world.project_id))


def test_work_passes_when_both_enterprises_agree(story):
    world, heir, office = handed()
    people = {"the client": world.client, "the provider": world.provider, "the heir": heir}
    everybody = {**people, "the office": office, "a stranger": make_enterprise()}
    with story("engagements/handed_passed", **everybody) as told:
        follow(world)
        follow(world)
        told.may(sayings(world), *everybody.values())
        act(world.client, sayings(world)["agree"])
        told.may(sayings(world), world.client, heir)
        act(heir, sayings(world)["agree"])
        told.may(sayings(world), *everybody.values())


def test_what_is_not_settled_in_time_the_supervisor_settles_with_reasons(story):
    world, heir, office = handed(State.TAKEN_ON)
    everybody = {"the client": world.client, "the heir": heir, "the office": office}
    with story("engagements/handed_settled", **everybody) as told:
        follow(world)
        over = end_of_day(asked(world).due_on)
        act(SYSTEM, sayings(world)["refer"], at=over - timedelta(seconds=1))
        act(SYSTEM, sayings(world)["refer"], at=over)
        told.may(sayings(world), *everybody.values())
        key = asked(world).id
        refusals(
            lambda: act(
                office,
                lambda uow: handing.settle_handover(uow, handover=key, passes=True, reason=" "),
            )
        )
        act(office, sayings(world)["let it stay"])


def test_one_enterprise_leaves_it_where_it_is_and_accepted_work_is_only_told(story):
    world, heir, _office = handed()
    done, new, _office = handed(State.ACCEPTED)
    begun, _new, _office = handed(State.REQUESTED)
    everybody = {"the client": world.client, "the heir": heir, "another client": done.client}
    with story("engagements/handed_kept", **everybody, newcomer=new):
        for one in (world, done, begun):
            follow(one)
        act(heir, sayings(world)["keep"])


def test_a_competition_goes_on_and_who_is_in_it_is_told(story):
    held = make_competition(CompetitionState.PUBLISHED)
    give(db.session(), held.project_id, make_enterprise())
    with story("competitions/handed_on"):
        act(SYSTEM, lambda uow: notices.follow_project(uow, held.project_id))
