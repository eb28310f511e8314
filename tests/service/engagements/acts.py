"""What several do to engagements at the same instant."""

from marketplace.catalogue import services as catalogue
from marketplace.engagements.services import beginning, doing, ending, moving
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions.rules.market import GroundKind
from marketplace.institutions.services import grounds, offering
from marketplace.kernel.times import local_date
from tests.engagements import CHECK

ITEM = "JL-Z05"
FIXED = ("01-01", "05-01", "10-01", "10-02", "10-03")
FREE = tuple(f"01-{day:02d}" for day in range(4, 9))


def take_on(uow: UnitOfWork, engagement: int) -> None:
    """The institution takes it on."""
    beginning.take_on_engagement(uow, engagement=engagement)


def cancel(uow: UnitOfWork, engagement: int) -> None:
    """A side steps back."""
    beginning.cancel_engagement(uow, engagement=engagement, reason="另行安排。")


def accept(uow: UnitOfWork, engagement: int) -> None:
    """The client accepts."""
    doing.accept_delivery(uow, engagement=engagement)


def give_back(uow: UnitOfWork, engagement: int) -> None:
    """The client returns the version."""
    doing.return_delivery(uow, engagement=engagement, reason="请补充。", points=[CHECK])


def terminate(uow: UnitOfWork, engagement: int) -> None:
    """A side ends it."""
    ending.terminate_engagement(uow, engagement=engagement, reason="无法继续。")


def pick(uow: UnitOfWork, project: int, listing: int) -> None:
    """An enterprise picks."""
    beginning.request_engagement(uow, project_id=project, item_code=ITEM, listing_id=listing)


def move(uow: UnitOfWork, engagement: int, listing: int) -> None:
    """An enterprise goes on with another institution."""
    moving.move_engagement(uow, engagement=engagement, listing_id=listing, reason="进度太慢。")


def suspend(uow: UnitOfWork, listing: int) -> None:
    """An interim measure."""
    grounds.open_ground(uow, listing_id=listing, kind=GroundKind.INTERIM, reason="调查期间暂停。")


def withdraw(uow: UnitOfWork, listing: int) -> None:
    """The institution leaves the market."""
    offering.leave_listing(uow, listing_id=listing)


def settle(uow: UnitOfWork, engagement: int) -> None:
    """The tick."""
    ending.settle_engagement(uow, engagement=engagement)


def settle_days(uow: UnitOfWork) -> None:
    """The nightly settling of the days that have come."""
    ending.settle_days(uow, through=local_date(uow.now))


def announce(uow: UnitOfWork, year: int) -> None:
    """The announcement of a year: its first full week is made free, which no real year does."""
    lines = ["date,is_workday,name", *(f"{year}-{day},0,x" for day in (*FIXED, *FREE))]
    catalogue.import_calendar_year(uow, year=year, text="\n".join(lines), notice="示例通知")
