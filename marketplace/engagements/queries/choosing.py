"""For what an enterprise chooses an institution; where removed work could move to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.accounts.policy import Tie
from marketplace.accounts.queries import organisation_name
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules.reference import RegionTree
from marketplace.clocks.queries import NO_DAY, NO_NUMBER, Owed, owed, waiting_list
from marketplace.clocks.rules import Waiting
from marketplace.engagements import policy
from marketplace.engagements.models import ClientChoice, Engagement
from marketplace.engagements.policy import ChoiceStanding
from marketplace.engagements.queries.standings import trail
from marketplace.engagements.rules import UNDER_WAY, Way
from marketplace.infra.rows import LATER, row_of, through
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.actors import Actor
from marketplace.kernel.decisions import Decision, first_refusal
from marketplace.projects import policy as project_policy
from marketplace.projects import queries as projects
from marketplace.projects.queries import ClaimRow, ProjectRow
from marketplace.projects.queries.reading import claims_on
from marketplace.projects.rules import Needed, ProjectState

T = TypeVar("T")
# Beside those that were chosen before, so many are offered; the directory finds the others.
MOST_OFFERED = 20


@dataclass(frozen=True)
class Choosing:
    """An item of one of the enterprise's own projects, and whether it can commission it now."""

    project: ProjectRow
    item: ItemRow
    needed: Needed
    may: Decision


def choosing_for(
    session: Session, actor: Actor, project: str, item_code: str, today: date
) -> Choosing:
    """What the actor chooses an institution for; another's project does not exist (`NotFound`)."""
    row, standing = projects.seen_project(session, actor, project)
    item = catalogue.item(session, item_code, today)
    needed = projects.need_on(session, row.id, item_code, today)
    may = first_refusal(
        policy.may_request(actor),
        project_policy.may_act_as_enterprise(actor, standing),
        policy.may_commission(item.open_to),
        projects.may_claim(session, projects.claim_of(session, row.id, item.code)),
        # The form asks for the confirmation where the need is not known.
        project_policy.may_commission(needed, confirmed=True),
    )
    return Choosing(row, item, needed, may)


@dataclass(frozen=True)
class OwnProject:
    """A project of the enterprise, whether it needs the item, and who holds it."""

    project: ProjectRow
    needed: Needed
    claim: ClaimRow | None

    @property
    def is_free(self) -> bool:
        """Whether the item may be commissioned for it now, with a confirmation or without."""
        wanted = project_policy.may_commission(self.needed, confirmed=True).allowed
        return wanted and self.claim is None and self.project.state is ProjectState.ACTIVE


def own_projects(
    session: Session, actor: Actor, item: ItemRow, today: date
) -> tuple[OwnProject, ...]:
    """The projects of the agent's enterprise: the need of the item and the claim on it in each."""
    found = projects.projects_of(session, actor)
    ids = [row.id for row in found]
    claims = claims_on(session, ids, item.code)
    needed = projects.needs_on(session, ids, item, today)
    return tuple(OwnProject(row, needed[row.id], claims.get(row.id)) for row in found)


def nearest_first(
    session: Session, rows: Iterable[ListingRow], place: str, first: Sequence[str]
) -> list[ListingRow]:
    """Those chosen before, then those nearest to the place, at most `MOST_OFFERED` of them."""
    tree = catalogue.regions(session)
    around = tree.upwards(place) if place else ()
    kept = [row for row in rows if row.public_id in first]
    others = [row for row in rows if row.public_id not in first]
    others.sort(key=lambda row: (distance(tree, around, row.region_code), row.name))
    return [*kept, *others[:MOST_OFFERED]]


def distance(tree: RegionTree, around: Sequence[str], code: str) -> int:
    """0 in the same place, more the farther up the region that both lie in."""
    own = tree.upwards(code)
    return next((far for far, region in enumerate(around) if region in own), len(around))


@dataclass(frozen=True)
class ChoiceRow:
    """What was asked about an engagement, and which way the client chose."""

    asked_at: datetime
    way: Way | None
    client_id: int
    under_way: bool
    trail: frozenset[Tie] = field(default_factory=frozenset)

    @property
    def standing(self) -> ChoiceStanding:
        """What the policies ask."""
        return ChoiceStanding(self.client_id, self.under_way, self.way, self.trail)


def _asked_about(column: InstrumentedAttribute[T]) -> ColumnElement[T]:
    return through(ClientChoice.engagement_id, column)


_under_way = _asked_about(Engagement.state).in_(UNDER_WAY)
CHOICE = row_of(
    ChoiceRow,
    ClientChoice,
    client_id=_asked_about(Engagement.client_id),
    under_way=_under_way,
    trail=LATER,
)
_later = aliased(ClientChoice)
# A second removal asks anew; what the first asked is past then, answered or not.
_is_last = ~(
    select(_later.id)
    .where(_later.engagement_id == ClientChoice.engagement_id, _later.id > ClientChoice.id)
    .exists()
)
# Work under way whose listing was removed, and about which nothing is chosen.
WAITING = waiting_list(
    row_of(
        Waiting,
        ClientChoice,
        kind=literal("engagement"),
        public_id=_asked_about(Engagement.public_id),
        number=_asked_about(Engagement.number),
        what=literal("engagement.keep_or_move"),
        owes_organisation_id=_asked_about(Engagement.client_id),
        light=literal("yellow"),
        due_on=NO_DAY,
        region_code=_asked_about(Engagement.region_code),
        item_code=_asked_about(Engagement.item_code),
        about_organisation_id=_asked_about(Engagement.provider_id),
        title=organisation_name(_asked_about(Engagement.provider_id)),
        figure=NO_NUMBER,
        since=ClientChoice.asked_at,
    ),
    and_(ClientChoice.way.is_(None), _is_last, _under_way),
)


def was_asked(session: Session, engagement_id: int, event_id: int) -> bool:
    """Whether this removal has asked about the engagement already."""
    query = select(ClientChoice.id).where(
        ClientChoice.engagement_id == engagement_id, ClientChoice.event_id == event_id
    )
    return session.scalar(query) is not None


def last_choice(session: Session, engagement_id: int) -> int | None:
    """What was last asked about an engagement; None when nothing was."""
    query = select(ClientChoice.id).where(ClientChoice.engagement_id == engagement_id, _is_last)
    return session.scalar(query)


def choice_of(session: Session, engagement_id: int) -> ChoiceRow | None:
    """What was last asked about an engagement, for its page."""
    key = last_choice(session, engagement_id)
    if key is None:
        return None
    return replace(CHOICE.one(session, CHOICE.by(key)), trail=trail(session, engagement_id))


def choices_owed_by(session: Session, client_id: int) -> Owed:
    """The works of a client about which it still has to choose."""
    return owed(session, WAITING, _asked_about(Engagement.client_id) == client_id, None)
