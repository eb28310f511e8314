"""All that is left behind when the contract of an award is let lie, and who may say what."""

from marketplace.engagements.rules import Side
from marketplace.engagements.services import ending
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from marketplace.rulings import services
from marketplace.rulings.rules import Outcome
from tests.dossiers import act
from tests.engagements import make_enterprise
from tests.service.rulings.test_rulings import REASON, WORDS, Matter


def test_both_sides_are_heard_and_the_supervisor_rules(app, session, story):
    matter = Matter(app, session, Side.CLIENT, over=False)
    over = end_of_day(matter.work_now().turn_due_on)
    people = {
        "officer": matter.officer,
        "winner": matter.winner,
        "supervisor": matter.supervisor,
        "stranger": make_enterprise(),
    }
    session.rollback()
    with story("rulings/ruled", **people) as told:
        key = matter.key
        act(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=key), at=over)
        act(SYSTEM, lambda uow: services.ask_for_ruling(uow, engagement=key), at=over)
        ruling = matter.ruling().id
        session.rollback()
        sayings = {
            "speak": lambda uow: services.speak(uow, ruling=ruling, words=WORDS),
            **{
                one.value: lambda uow, one=one: services.rule(
                    uow, ruling=ruling, outcome=one, reason=REASON
                )
                for one in Outcome
            },
        }
        told.may(sayings, *people.values(), at=over)
        act(matter.officer, sayings["speak"], at=over)
        act(matter.winner, sayings["speak"], at=over)
        told.may(sayings, *people.values(), at=over)
        act(matter.supervisor, sayings["department_at_fault"], at=over)
        told.may(sayings, *people.values(), at=over)
