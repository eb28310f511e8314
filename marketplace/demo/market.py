"""Who offers which item since when, and which items of projects are free, for the stories to use.

Everything is given out in a fixed order: whoever had least so far comes first.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.demo.almanac import Almanac
from marketplace.demo.cast import (
    COMPETENCES,
    DOMAIN,
    ENTERPRISES,
    LISTED_ENTERPRISES,
    Organisation,
)
from marketplace.demo.plan import Plan
from marketplace.demo.stage import Act
from marketplace.simulator import world

# An institution is chosen at the earliest so many working days after it was admitted.
_SETTLED_IN = 2
# What is commissioned was needed for so many working days more.
_NEEDED_FOR = 10
# So many working days ago the projects came over, anew after the first time; the last is today.
FOLLOWED = (40, 30, 20, 10, 0)


@dataclass(frozen=True)
class Offer:
    """An item an institution was admitted for so many working days ago; still, if `free`."""

    plan: Plan
    item: str
    since: int
    free: bool


@dataclass(frozen=True)
class Spot:
    """An item of a project that somebody may commission."""

    number: int
    code: str
    region_code: str
    project_name: str
    owner: Organisation
    item: str


class Market:
    """Gives out institutions and items of projects."""

    def __init__(
        self,
        almanac: Almanac,
        regions: RegionTree,
        items: Sequence[ItemRow],
        offers: Sequence[Offer],
    ) -> None:
        self.almanac = almanac
        self.regions = regions
        self.items = {item.code: item for item in items}
        self._offers = offers
        self._busy: Counter[int] = Counter()
        self._taken: set[tuple[int, str]] = set()
        self._commissions: Counter[int] = Counter()
        self._projects = tuple(
            each for each in enumerate(loaded_projects(almanac)) if not each[1].completed
        )

    def act(self, ago: int, hour: int, by: str, work: partial[None], minute: int = 0) -> Act:
        """Something somebody does so many working days ago."""
        return Act(self.almanac.at(self.almanac.ago(ago), hour, minute), by, work)

    def providers(self, item: str, ago: int, count: int, *, barred: int = 0) -> list[Plan]:
        """Institutions that were in the market for the item by then, and nothing happens to.

        `barred` leaves out every so-maniest one.
        """
        found = [
            offer.plan
            for offer in self._offers
            if offer.free
            and (offer.item, True) == (item, offer.since >= ago + _SETTLED_IN)
            and not (barred and offer.plan.number % barred == 0)
        ]
        found.sort(key=lambda plan: (self._busy[plan.number], plan.number))
        for plan in found[:count]:
            self._busy[plan.number] += 1
        return found[:count]

    def item_of(
        self, number: int, items: Sequence[str], owner: int | None, ago: int
    ) -> tuple[str, Plan]:
        """The institution of this number, and one of the items it offered by then."""
        for item in items:
            for offer in self._offers:
                wanted = (offer.plan.number, offer.item) == (number, item)
                there = wanted and offer.since >= ago + _SETTLED_IN
                if there and self.is_wanted(item, ago, owner=owner):
                    return item, offer.plan
        raise LookupError((number, items))

    def is_wanted(
        self, item: str, ago: int, *, owner: int | None = None, region: str | None = None
    ) -> bool:
        """Whether some project needed the item so many working days ago, and has it free."""
        return any(True for _ in self._open(item, ago, owner, region))

    def plan(self, number: int) -> Plan:
        """The institution of this number."""
        return next(offer.plan for offer in self._offers if offer.plan.number == number)

    def spot(
        self, item: str, ago: int, *, owner: int | None = None, region: str | None = None
    ) -> Spot:
        """A project that needed the item so many working days ago and has it free.

        Of the enterprise of this number, or within a region.

        The projects of the listed enterprises are given out by their number only.
        """
        number, project = min(
            self._open(item, ago, owner, region),
            key=lambda each: (self._commissions[each[0]], each[0]),
        )
        return self._spot(number, project, item)

    def _spot(self, number: int, project: world.Project, item: str) -> Spot:
        self._taken.add((number, item))
        self._commissions[number] += 1
        code = (project.enterprise_before or project.enterprise).credit_code
        return Spot(
            number,
            project.code,
            project.region_code,
            project.name,
            next(each for each in ENTERPRISES if each.credit_code == code),
            item,
        )

    def handed_over(self, item: str) -> Spot:
        """The item of the project that another enterprise has since today, for the one before."""
        number, project = next(
            each for each in self._projects if each[1].enterprise_before is not None
        )
        return self._spot(number, project, item)

    def cancelled(self, item: str) -> Spot:
        """The item of the project that was given up today."""
        number, project = next(each for each in self._projects if each[1].cancelled)
        return self._spot(number, project, item)

    def _open(
        self, item: str, ago: int, owner: int | None, region: str | None
    ) -> Iterator[tuple[int, world.Project]]:
        for number, project in self._projects:
            place = number % world.REGISTERED + 1
            if project.enterprise_before is not None or project.cancelled:
                continue
            if place != owner and (owner is not None or place <= LISTED_ENTERPRISES):
                continue
            within = self.regions.upwards(project.region_code)
            if region is not None and region not in within:
                continue
            if self._needed(project, item, ago) and (number, item) not in self._taken:
                yield number, project

    def _needed(self, project: world.Project, item: str, ago: int) -> bool:
        """Whether something that calls for the item was open then, and for a while after."""
        linked = {one.code for one in self.items[item].approvals}
        until = self.almanac.ago(max(0, ago - _NEEDED_FOR))
        return any(
            matter.code in linked and (matter.decided_on is None or matter.decided_on > until)
            for matter in project.matters
        )


def loaded_projects(almanac: Almanac) -> tuple[world.Project, ...]:
    """The projects that the demo world mirrors, as they stand today."""
    return world.projects(almanac.today)[: world.LOADED]


def staff(role: str, key: str) -> str:
    """The address of somebody of an association or department."""
    return f"{role}.{key}@{DOMAIN}"


def judge(item: str, region: str, regions: RegionTree) -> str:
    """The key of the association that is competent: the nearest region upwards decides."""
    held = {(code, area): key for key, code, area in COMPETENCES}
    areas = regions.upwards(region)
    return next(held[(item, area)] for area in areas if (item, area) in held)
