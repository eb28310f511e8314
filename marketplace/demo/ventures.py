"""Enterprises, departments and money: projects are mirrored, budget lines are opened."""

from collections.abc import Iterator
from functools import partial

from marketplace.approvals.rules import project_record
from marketplace.budgets.services import ledger
from marketplace.demo.cast import DEPARTMENTS, Organisation
from marketplace.demo.market import FOLLOWED, Market, loaded_projects
from marketplace.demo.opening import code_of
from marketplace.demo.stage import Act, Stage
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.projects import services as projects
from marketplace.simulator import world
from marketplace.simulator.wire import wire

GENERAL = "中介技术服务费"
# Name, item, appropriation in ten thousand yuan; the first is open to every item.
_LINES = (
    (GENERAL, None, 480),
    ("项目申请报告评估费", "JL-Z01", 160),
    ("水土保持方案技术评审费", "JL-Z04", 120),
    ("环境影响评价技术评估费", "JL-Z03", 90),
)
_TEN_THOUSAND = 10_000_00
_BATCH = 30
# A year's lines are opened so many working days before the year begins.
_BEFORE_YEAR = 20


def line_for(item: str) -> str:
    """The name of the line that is kept for an item, or of the one open to all."""
    return next((name for name, kept, _amount in _LINES if kept == item), GENERAL)


def project_acts(market: Market) -> Iterator[Act]:
    """The projects come over from the approval platform, a batch at a time, and follow it."""
    came = (market.almanac.opened_ago - 2, *FOLLOWED)
    for revision, ago in enumerate(came, 1):
        for first in range(0, world.LOADED, _BATCH):
            work = partial(_record, first, ago, revision, market)
            yield market.act(ago, 8, "", work, first // _BATCH)


def _record(
    first: int, ago: int, revision: int, market: Market, _stage: Stage, uow: UnitOfWork
) -> None:
    """As they stood so many working days ago."""
    for project in loaded_projects(market.almanac)[first : first + _BATCH]:
        stood = project if ago == 0 else world.as_of(project, market.almanac.ago(ago), revision)
        projects.record_project(uow, record=project_record(wire(stood)))


def budget_acts(market: Market) -> Iterator[Act]:
    """Every department's lines of last year and of this one."""
    almanac = market.almanac
    year = almanac.today.year
    for place, department in enumerate(DEPARTMENTS):
        for fiscal_year in (year - 1, year):
            begins = almanac.since_end_of(fiscal_year - 1)
            ago = min(almanac.opened_ago - 2, begins + _BEFORE_YEAR)
            work = partial(_open_lines, department, fiscal_year)
            budget_officer = department.people[3].email
            yield market.act(ago, 14, budget_officer, work, place * 5)


def _open_lines(department: Organisation, year: int, stage: Stage, uow: UnitOfWork) -> None:
    department_id = stage.organisation(uow.session, code_of(department.key))
    for place, (name, item, amount) in enumerate(_LINES):
        share = (len(department.key) + place) % 3 + 3
        ledger.open_line(
            uow,
            department_id=department_id,
            fiscal_year=year,
            name=name,
            item_code=item,
            appropriation_fen=amount * share // 4 * _TEN_THOUSAND,
        )
