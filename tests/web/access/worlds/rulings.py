"""Awards of the cast's department to the cast's institution whose contract is overdue."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.budgets import queries as budgets
from marketplace.competitions.events import AwardMade
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.handlers import begin_award
from marketplace.engagements.queries.standings import open_of_award
from marketplace.engagements.services import ending
from marketplace.infra.database import db
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import SYSTEM
from marketplace.rulings import queries, services
from tests.competitions import make_competition
from tests.conftest import NOON
from tests.engagements import work
from tests.market import offer
from tests.personas import Persona, actor
from tests.web.access.worlds.competitions import ITEM, own_department, own_offer

LONG_AGO = NOON - timedelta(days=100)
BOTH = (Persona.DEPARTMENT_OFFICER, Persona.INSTITUTION_AGENT)


def rulings(named: dict[str, str]) -> dict[str, str]:
    """One in which nobody was heard yet, and one in which both were."""
    line = budgets.line(db.session(), named["competition_line"])
    department, mine = own_department(line.id), own_offer()
    names = {}
    for name, heard in (("ruling_asked", ()), ("ruling_heard", BOTH)):
        others = [offer(item=ITEM) for _ in range(2)]
        world = make_competition(
            CompetitionState.AWARDED,
            department=department,
            item_code=ITEM,
            offers=[*others, mine],
            at=LONG_AGO,
        )
        key = _let_lie(world.competition_id)
        for persona in heard:
            _speak(persona, key)
        names[name] = queries.ruling(db.session(), key).public_id
    return names


def _let_lie(competition_id: int) -> int:
    """The award became work, and nobody put terms forward until the day was over."""
    made = select(EventRecord).where(
        EventRecord.kind == AwardMade.KIND, EventRecord.subject_id == competition_id
    )
    record = db.session().scalars(made).one()
    db.session().expunge(record)
    work(SYSTEM, lambda uow: begin_award(uow, record), record.occurred_at)
    key = open_of_award(db.session(), competition_id)
    work(SYSTEM, lambda uow: ending.settle_engagement(uow, engagement=key))
    work(SYSTEM, lambda uow: services.ask_for_ruling(uow, engagement=key))
    found = queries.open_of(db.session(), key)
    assert found is not None
    return found


def _speak(persona: Persona, key: int) -> None:
    work(actor(persona), lambda uow: services.speak(uow, ruling=key, words="正在内部审签。"))
