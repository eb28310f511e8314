"""Engagements as rows: of a party, a project, a listing; what waits for whom, and names."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow, Variant
from marketplace.clocks.rules import Waiting
from marketplace.engagements import rules
from marketplace.engagements.models import Engagement
from marketplace.engagements.queries.standings import find, limit_of
from marketplace.engagements.rules import OPEN, ClientKind, Origin, Side, State
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.queries import ListingRow
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.projects import queries as projects
from marketplace.projects.queries import ProjectRow


@dataclass(frozen=True)
class EngagementRow:
    """An engagement in a list.

    `owes` says whose turn it is (None: nobody's), `awaited` what is waited for, `light` how the
    day by which it must be done stands: green, yellow, red, paused or none.
    """

    id: int
    public_id: str
    number: str
    origin: Origin
    state: State
    state_since: datetime
    item: ItemRow
    item_code: str
    variant: str
    limit: Limit
    promised_days: int | None
    project_id: int
    project_public_id: str
    project_code: str
    project_name: str
    region_code: str
    listing_id: int
    listing_public_id: str
    institution_public_id: str
    provider_id: int
    provider_name: str
    client_id: int
    client_name: str
    client_kind: ClientKind
    payer: ClientKind
    competition_id: int | None
    quotation_id: int | None
    predecessor_id: int | None
    successor_id: int | None
    award_fen: int | None
    amount_fen: int | None
    paid_fen: int
    signed_on: date | None
    requested_at: datetime
    taken_on_at: datetime | None
    contracted_at: datetime | None
    started_at: datetime | None
    delivered_at: datetime | None
    accepted_at: datetime | None
    rated_at: datetime | None
    ended_at: datetime | None
    resumes_to: State | None
    paused_by: Side | None
    returns: int
    within_limit: bool | None
    due_on: date | None
    turn_due_on: date | None
    owes: Side | None
    awaited: str
    light: str

    @property
    def accepted_on(self) -> date | None:
        """The day of acceptance."""
        return local_date(self.accepted_at) if self.accepted_at else None

    @property
    def chosen_variant(self) -> Variant | None:
        """The class of the item that was chosen, where it has classes."""
        return next((one for one in self.item.variants if one.key == self.variant), None)

    @property
    def owes_organisation_id(self) -> int | None:
        """The organisation whose turn it is."""
        if self.owes is None:
            return None
        return self.client_id if self.owes is Side.CLIENT else self.provider_id


@dataclass(frozen=True)
class EngagementName:
    """How other pages call and link an engagement."""

    id: int
    public_id: str
    number: str
    item_code: str


@dataclass(frozen=True)
class EngagementParty:
    """Who has to do with an engagement: for letters, and for features that act about it."""

    id: int
    public_id: str
    number: str
    item_code: str
    project_id: int
    listing_id: int
    client_id: int
    client_kind: ClientKind
    provider_id: int
    requested_by: int | None
    accepted_at: datetime | None


ENGAGEMENT = row_of(
    EngagementRow,
    Engagement,
    item=LATER,
    limit=LATER,
    project_public_id=LATER,
    project_code=LATER,
    project_name=LATER,
    listing_public_id=LATER,
    institution_public_id=LATER,
    provider_name=LATER,
    client_name=LATER,
    owes=LATER,
    awaited=LATER,
    light=LATER,
)
NAME = row_of(EngagementName, Engagement)
PARTY = row_of(EngagementParty, Engagement)


class _Around:
    """The names around many engagements, read in one go."""

    def __init__(self, session: Session, found: Sequence[Engagement]) -> None:
        parties = {one.client_id for one in found} | {one.provider_id for one in found}
        self.organisations: Mapping[int, OrganisationRow] = accounts.organisations(session, parties)
        self.projects: Mapping[int, ProjectRow] = projects.projects(
            session, {one.project_id for one in found}
        )
        self.listings: Mapping[int, ListingRow] = institutions.listings(
            session, {one.listing_id for one in found}
        )
        self.items: Mapping[int, ItemRow] = {
            key: catalogue.item_version(session, key)
            for key in {one.item_version_id for one in found}
        }


def rows_of(
    session: Session, found: Sequence[Engagement], today: date | None
) -> tuple[EngagementRow, ...]:
    """Engagements as lists show them, in the order given."""
    around = _Around(session, found)
    return tuple(_row(around, one, today) for one in found)


def _row(around: _Around, row: Engagement, today: date | None) -> EngagementRow:
    project, listing = around.projects[row.project_id], around.listings[row.listing_id]
    return ENGAGEMENT.of(
        row,
        item=around.items[row.item_version_id],
        limit=limit_of(row),
        project_public_id=project.public_id,
        project_code=project.code,
        project_name=project.name,
        listing_public_id=listing.public_id,
        institution_public_id=listing.institution_public_id,
        provider_name=around.organisations[row.provider_id].name,
        client_name=around.organisations[row.client_id].name,
        owes=rules.owes(row.state, row.paused_by),
        awaited=rules.AWAITED.get(row.state, ""),
        light=light_of(row, today),
    )


def light_of(row: Engagement, today: date | None) -> str:
    """The light of whoever has the turn on a day; a clock that stands is paused."""
    if today is None:
        return "none"
    if row.state is State.PAUSED:
        late = row.due_on is not None and local_date(row.pauses[-1].begins_at) > row.due_on
        return "red" if late else "paused"
    return rules.colour(row.turn_due_on, row.remind_on, today)


def engagement(session: Session, key: int | str, today: date | None = None) -> EngagementRow:
    """One engagement; raises `NotFound`. Without a day it has no light."""
    return rows_of(session, [find(session, key)], today)[0]


def engagements(
    session: Session, ids: Collection[int], today: date | None = None
) -> dict[int, EngagementRow]:
    """The engagements with these ids, in one go."""
    if not ids:
        return {}
    found = session.scalars(select(Engagement).where(Engagement.id.in_(ids))).all()
    return {row.id: row for row in rows_of(session, found, today)}


def names(session: Session, ids: Collection[int]) -> dict[int, EngagementName]:
    """Number, item and address of these engagements: how other pages name them."""
    found = NAME.all(session, NAME.query().where(Engagement.id.in_(ids)))
    return {row.id: row for row in found}


def _listed(
    session: Session, today: date | None, *conditions: ColumnElement[bool]
) -> tuple[EngagementRow, ...]:
    query = select(Engagement).where(*conditions).order_by(Engagement.id.desc())
    return rows_of(session, session.scalars(query).all(), today)


def engagements_of(
    session: Session, organisation_id: int, today: date | None = None
) -> tuple[EngagementRow, ...]:
    """Every engagement of a party, newest first."""
    mine = (Engagement.client_id == organisation_id) | (Engagement.provider_id == organisation_id)
    return _listed(session, today, mine)


def of_project(
    session: Session, project_id: int, today: date | None = None
) -> tuple[EngagementRow, ...]:
    """The engagements of a project, newest first."""
    return _listed(session, today, Engagement.project_id == project_id)


def active_of_listing(
    session: Session, listing_id: int, today: date | None = None
) -> tuple[EngagementRow, ...]:
    """The engagements under way of a listing."""
    return _listed(session, today, Engagement.listing_id == listing_id, Engagement.state.in_(OPEN))


def waiting(session: Session, today: date) -> tuple[Waiting, ...]:
    """Every engagement in which somebody owes something by a day."""
    found = session.scalars(
        select(Engagement)
        .where(Engagement.state.in_(OPEN), Engagement.turn_due_on.is_not(None))
        .order_by(Engagement.turn_due_on)
    )
    return tuple(_waiting(row, today) for row in found)


def _waiting(row: Engagement, today: date) -> Waiting:
    owes = rules.owes(row.state, row.paused_by)
    return Waiting(
        kind="engagement",
        public_id=row.public_id,
        number=row.number,
        what=f"engagement.{rules.AWAITED[row.state]}",
        owes_organisation_id=row.client_id if owes is rules.Side.CLIENT else row.provider_id,
        light=light_of(row, today),
        due_on=row.turn_due_on,
        region_code=row.region_code,
        item_code=row.item_code,
        about_organisation_id=row.provider_id,
    )


def party(session: Session, key: int | str) -> EngagementParty:
    """Who has to do with an engagement; raises `NotFound`."""
    return PARTY.one(session, PARTY.by(key))


def due_engagements(session: Session, now: datetime) -> Iterable[int]:
    """The engagements at which the tick has to look now."""
    query = select(Engagement.id).where(Engagement.attention_at <= now)
    return session.scalars(query.order_by(Engagement.attention_at)).all()


def open_engagement_ids(session: Session) -> Iterable[int]:
    """The engagements with a day still to come."""
    query = select(Engagement.id).where(
        Engagement.state.in_(OPEN), Engagement.turn_due_on.is_not(None)
    )
    return session.scalars(query.order_by(Engagement.id)).all()


def latest_engagements(
    session: Session,
    organisation_id: int,
    *,
    states: Collection[State] = (),
    below: str = "",
    limit: int,
    today: date | None = None,
) -> tuple[EngagementRow, ...]:
    """At most so many engagements of a party, the highest number first, below a number if given.

    Without states every state counts.
    """
    mine = (Engagement.client_id == organisation_id) | (Engagement.provider_id == organisation_id)
    query = select(Engagement).where(mine)
    if states:
        query = query.where(Engagement.state.in_(states))
    if below:
        query = query.where(Engagement.number < below)
    found = session.scalars(query.order_by(Engagement.number.desc()).limit(limit)).all()
    return rows_of(session, found, today)
