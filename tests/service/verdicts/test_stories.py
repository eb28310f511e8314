"""All that is left behind when a department returns accepted work, and when that is undone."""

from marketplace.engagements.rules import State
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.actors import SYSTEM
from marketplace.verdicts import services
from tests.dossiers import act
from tests.engagements import make_engagement, make_enterprise
from tests.verdicts import message, number_of, take


def test_a_return_by_the_department_and_its_correction(app, session, story):
    world = make_engagement(State.ACCEPTED)
    number, key = number_of(session, world), world.engagement_id
    people = {
        "client": world.client,
        "provider": world.provider,
        "stranger": make_enterprise(),
    }
    session.rollback()

    def waits(uow: UnitOfWork) -> None:
        services.await_verdict(uow, engagement=key, version=1)

    with story("verdicts/returned", **people) as told:
        told.may({"await": waits}, SYSTEM, *people.values())
        act(SYSTEM, waits)
        returned = message(number, "returned", score=2, comment="附件不全。")
        told.may({"take": lambda uow: take(uow, returned)}, SYSTEM, *people.values())
        act(SYSTEM, lambda uow: take(uow, returned))
        act(SYSTEM, lambda uow: take(uow, returned))
        act(SYSTEM, lambda uow: take(uow, message(number, "accepted", 2)))
