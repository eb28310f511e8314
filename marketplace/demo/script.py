"""The whole demo world as one list of acts in the order in which they happened."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from random import Random

from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.demo import (
    asking,
    commissions,
    contests,
    dossiers,
    grievances,
    references,
    reviews,
    rounds,
    ventures,
)
from marketplace.demo.almanac import Almanac
from marketplace.demo.casework import About
from marketplace.demo.cast import DOMAIN, SUPERVISION
from marketplace.demo.market import Market, Offer, judge
from marketplace.demo.opening import opening_acts
from marketplace.demo.parts import FOUNDERS, REMOVED, WRITER, Story
from marketplace.demo.plan import SEED, Plan, all_plans
from marketplace.demo.stage import Act
from marketplace.demo.timelines import APPLICATIONS, TURNS, Step, Timeline, Who

# The first application of an institution in the market began between these working days ago.
_FIRST_AGE = (60, 230)
_FIRST_BEFORE_LEAVING = 110
# The first institutions applied so many working days after the platform was opened.
_AFTER_OPENING = 8
# An application begins so long after the one before, which is decided by then.
_BETWEEN = 12
_LATEST = 13
_ENTERS = frozenset({Story.ADMITTED, Story.CORRECTED, Story.SENT_BACK})
_SUPERVISOR = SUPERVISION.people[0].email


def whole_script(
    almanac: Almanac, regions: RegionTree, items: Sequence[ItemRow]
) -> tuple[Act, ...]:
    """Every act, earliest first; the same at each load with the same day."""
    acts = list(opening_acts(almanac))
    institutions = [_Institution(plan, almanac, regions) for plan in all_plans(almanac, regions)]
    for institution in institutions:
        acts += institution.acts()
    offers = [offer for institution in institutions for offer in institution.offers()]
    market = Market(almanac, regions, items, offers)
    for tell in _STORIES:
        acts += tell(market)
    return tuple(sorted(acts, key=lambda act: act.at))


_STORIES = (
    ventures.project_acts,
    ventures.budget_acts,
    reviews.review_acts,
    rounds.round_acts,
    commissions.commission_acts,
    contests.contest_acts,
    asking.request_acts,
    grievances.grievance_acts,
    references.reference_acts,
)


class _Institution:
    """Turns one plan into acts."""

    def __init__(self, plan: Plan, almanac: Almanac, regions: RegionTree) -> None:
        self.plan = plan
        self.almanac = almanac
        self.regions = regions
        self._random = Random(SEED * 1000 + plan.number)
        self.ages = self._ages()

    def offers(self) -> Iterator[Offer]:
        """What it was admitted for, and since when."""
        plan = self.plan
        for place, (story, age) in enumerate(zip(plan.part.stories, self.ages, strict=True)):
            if story in _ENTERS:
                free = plan.number not in REMOVED and not (plan.part.turns and place == 0)
                # What it writes stands in the way of some reviews.
                free = free and not (plan.part is WRITER and place)
                since = age - APPLICATIONS[story].steps[-1].after
                yield Offer(plan, plan.trade.items[place], since, free)

    def acts(self) -> Iterator[Act]:
        """Registration, applications, what came later; each in its own order."""
        ages = self.ages
        yield from self._arrival(ages[0])
        for place, (story, age) in enumerate(zip(self.plan.part.stories, ages, strict=True)):
            day = self.almanac.ago(age + 1)
            yield self._act(day, 15, self.plan.email, self._opens(place, story))
            about = About(self.plan, self.plan.trade.items[place])
            yield from self._steps(APPLICATIONS[story], age, about, place)
        for turn in self.plan.part.turns:
            timeline = TURNS[turn]
            about = About(self.plan, self.plan.trade.items[0], timeline.kind)
            yield from self._steps(timeline, timeline.age or 0, about, 5)

    def _ages(self) -> list[int]:
        """How many working days ago each application began, first to last."""
        stories, ages = self.plan.part.stories, []
        before = self._random.randint(*_FIRST_AGE)
        if Story.LEFT in stories:
            before = max(before, _FIRST_BEFORE_LEAVING)
        if self.plan.number in FOUNDERS:
            before = self.almanac.opened_ago - _AFTER_OPENING
        for place, story in enumerate(stories):
            age = APPLICATIONS[story].age
            if age is None:
                latest = max(_LATEST, before - _BETWEEN)
                age = before if place == 0 else self._random.randint(_LATEST, latest)
                before = age
            ages.append(age)
        return ages

    def _arrival(self, age: int) -> Iterator[Act]:
        yield self._act(self.almanac.ago(age + 3), 9, "", partial(dossiers.register, self.plan))
        begun = self.plan.part.stories[0] is Story.BEGUN
        work = partial(dossiers.begin if begun else dossiers.describe, self.plan)
        yield self._act(self.almanac.ago(age + 2), 14, self.plan.email, work)

    def _opens(self, place: int, story: Story) -> partial[None]:
        bare = story is Story.BEGUN
        work = dossiers.open_bare_listing if bare else dossiers.open_listing
        return partial(work, self.plan, place)

    def _steps(self, timeline: Timeline, age: int, about: About, place: int) -> Iterator[Act]:
        for step in timeline.steps:
            day = self.almanac.ago(age - step.after)
            yield self._act(
                day, step.hour, self._who(step, about, place), partial(step.work, about)
            )

    def _who(self, step: Step, about: About, place: int) -> str:
        if step.who is Who.AGENT:
            return self.plan.email
        if step.who is Who.SUPERVISOR:
            return _SUPERVISOR
        key = judge(about.item, self.plan.region_code, self.regions)
        if step.who is Who.APPROVER:
            return f"approver.{key}@{DOMAIN}"
        first = (self.plan.number + place) % 3 != 0
        examiner = 1 if first == (step.who is Who.EXAMINER) else 2
        return f"examiner{examiner}.{key}@{DOMAIN}"

    def _act(self, day: date, hour: int, by: str, work: partial[None]) -> Act:
        minute = (self.plan.number * 7 + hour * 3) % 50
        return Act(self.almanac.at(day, hour, minute), by, work)
