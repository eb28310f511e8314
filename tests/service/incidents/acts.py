"""What is said of incidents in tests, by people and by the platform."""

from datetime import date

from marketplace.incidents import services
from marketplace.incidents.rules import Kind
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.times import local_date
from tests.engagements import paper

WHAT, ANSWER = "约定的地形图至今未提供。", "地形图因测绘单位改期，将于下周一提供。"


def note(
    uow: UnitOfWork,
    engagement: int,
    kind: Kind = Kind.LATE_DOCUMENTS,
    since_on: date | None = None,
    words: str = WHAT,
) -> str:
    """One side notes it."""
    return services.note_incident(
        uow,
        engagement=engagement,
        kind=kind,
        since_on=since_on or local_date(uow.now),
        words=words,
        papers=[paper("催办函.pdf")],
    )


def answer(uow: UnitOfWork, incident: int | str) -> None:
    """The other side answers."""
    services.answer_incident(uow, incident=incident, words=ANSWER, papers=[paper("改期函.pdf")])


def withdraw(uow: UnitOfWork, incident: int | str) -> None:
    """Whoever noted it takes it back."""
    services.withdraw_incident(uow, incident=incident)


def settle(uow: UnitOfWork, incident: int) -> None:
    """The tick."""
    services.settle_incident(uow, incident=incident)
