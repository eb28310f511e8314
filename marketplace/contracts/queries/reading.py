"""Reading contracts: the page, what waits, the page of a code, what the work goes by."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, false, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import organisation_name
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.contracts import rules
from marketplace.contracts.models import ContractVersion
from marketplace.contracts.policy import Standing
from marketplace.contracts.queries.drawing import (
    AMENDED_WITHIN,
    basis_of,
    bounds_of,
    draft_of,
    standing_with,
    terms_of,
)
from marketplace.contracts.rules import LIVE, Basis, Bounds, Source, Terms, VersionState
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementRow
from marketplace.engagements.queries.headings import heading
from marketplace.engagements.rules import AGREEABLE, ClientKind, Side, other_side
from marketplace.infra.files import FileRow, files_of
from marketplace.infra.rows import LATER, row_of
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound


@dataclass(frozen=True)
class VersionRow:
    """A version of a contract as pages show it; `facts` is its content."""

    id: int
    public_id: str
    number: str
    version: int
    code: str
    client_id: int
    state: VersionState
    amends_id: int | None
    source: Source
    basis_fen: int | None
    basis_days: int
    amount_fen: int
    limit_days: int
    signing_fen: int
    delivery_fen: int
    acceptance_fen: int
    pay_days: int
    scope: str
    papers_owed: str
    checks: str
    note: str
    signed_on: date | None
    content: str
    content_hash: str
    put_forward_by_side: Side
    put_forward_at: datetime
    due_on: date | None
    client_confirmed_at: datetime | None
    provider_confirmed_at: datetime | None
    in_force_at: datetime | None
    ended_at: datetime | None
    client_signer: str
    provider_signer: str
    papers: tuple[FileRow, ...]

    @property
    def differs(self) -> frozenset[str]:
        """In what it differs from what it was drawn up from."""
        basis = Basis(self.source, self.basis_fen, self.basis_days)
        return rules.differences(terms_of(self), basis)

    @property
    def facts(self) -> dict[str, Any]:
        """What both sides confirm of it."""
        found: dict[str, Any] = json.loads(self.content)
        return found


@dataclass(frozen=True)
class ContractPage:
    """The contract of an engagement: what waits, what is in force, and every other version."""

    engagement: EngagementRow
    standing: Standing
    live: VersionRow | None
    in_force: VersionRow | None
    others: tuple[VersionRow, ...]
    draft: Terms
    basis: Basis
    bounds: Bounds

    @property
    def shown(self) -> VersionRow | None:
        """The version that the page shows first."""
        return self.live or self.in_force or next(iter(self.others), None)

    def version(self, public_id: str) -> VersionRow:
        """One of its versions; raises `NotFound` for any other."""
        for row in (self.live, self.in_force, *self.others):
            if row is not None and row.public_id == public_id:
                return row
        raise NotFound


ROW = row_of(VersionRow, ContractVersion, client_signer=LATER, provider_signer=LATER, papers=LATER)
_engagement = heading(ContractVersion.engagement_id)
_with_the_other = ContractVersion.state.in_(rules.WITH_THE_OTHER)
_awaits_provider = case(
    (_with_the_other, ContractVersion.put_forward_by_side == Side.CLIENT),
    else_=ContractVersion.put_forward_by_side == Side.PROVIDER,
)
_owes = case((_awaits_provider, _engagement.provider_id), else_=_engagement.client_id)
# Amendments whose confirmation is missing; a first contract waits as its engagement does.
WAITING = clocks.waiting_list(
    row_of(
        Waiting,
        ContractVersion,
        public_id=_engagement.public_id,
        kind=literal("contract"),
        what=case(
            (_with_the_other, "contract.confirm"),
            else_="contract.change",
        ),
        item_code=_engagement.item_code,
        owes_organisation_id=_owes,
        light=clocks.light_of(ContractVersion.due_on, AMENDED_WITHIN),
        about_organisation_id=_engagement.provider_id,
        title=case(
            (_awaits_provider, organisation_name(_engagement.client_id)),
            else_=organisation_name(_engagement.provider_id),
        ),
        region_code=_engagement.region_code,
        figure=clocks.NO_NUMBER,
        since=ContractVersion.put_forward_at,
    ),
    # While the client looks at a result nobody may agree on anything.
    and_(ContractVersion.due_on.is_not(None), _engagement.state.in_(AGREEABLE)),
)


# The amendments with a day still to come.
DATED = select(ContractVersion.id).where(ContractVersion.due_on.is_not(None))


def due_amendments(session: Session, today: date) -> Sequence[int]:
    """The amendments whose day is over."""
    query = select(ContractVersion.id).where(ContractVersion.due_on < today)
    return session.scalars(query.order_by(ContractVersion.due_on)).all()


def contract_page(
    session: Session,
    key: int | str,
    stands: engagement_policy.Standing,
    today: date,
    *,
    of_client: int | None = None,
) -> ContractPage:
    """The contract of an engagement, newest version first; of one client's time only, if given."""
    row = engagements.engagement(session, key, today)
    every = [one for one in versions_of(session, row.id) if of_client in {None, one.client_id}]
    live = next((one for one in every if one.state in LIVE), None)
    in_force = next((one for one in every if one.state is VersionState.IN_FORCE), None)
    basis = basis_of(session, row)
    begun = live or in_force
    return ContractPage(
        engagement=row,
        standing=standing_with(stands, live, today),
        live=live,
        in_force=in_force,
        others=tuple(one for one in every if one not in (live, in_force)),
        draft=terms_of(begun) if begun else draft_of(session, row, basis),
        basis=basis,
        bounds=bounds_of(session, row, today),
    )


def versions_of(session: Session, engagement_id: int) -> tuple[VersionRow, ...]:
    """Every version of an engagement's contract, the newest first."""
    query = select(ContractVersion).where(ContractVersion.engagement_id == engagement_id)
    found = session.scalars(query.order_by(ContractVersion.version.desc())).all()
    signers = {one.client_confirmed_by for one in found}
    signers |= {one.provider_confirmed_by for one in found}
    people = accounts.people(session, {one for one in signers if one is not None})
    return tuple(_version(session, one, people) for one in found)


def contract_in_force(session: Session, engagement_id: int) -> VersionRow | None:
    """The version that an engagement goes by; None where both sides confirmed none yet."""
    every = versions_of(session, engagement_id)
    return next((one for one in every if one.state is VersionState.IN_FORCE), None)


def _version(session: Session, row: ContractVersion, people: Any) -> VersionRow:
    return ROW.of(
        row,
        client_signer=people.get(row.client_confirmed_by, ""),
        provider_signer=people.get(row.provider_confirmed_by, ""),
        papers=files_of(session, "contract_version", row.id),
    )


def version_of_code(session: Session, code: str) -> VersionRow:
    """The version that a code stands on, once it bound both sides; raises `NotFound`."""
    if not re.fullmatch(r"[0-9a-f]{32}", code):
        raise NotFound
    row = session.scalar(select(ContractVersion).where(ContractVersion.code == code))
    if row is None or row.state not in rules.BINDING:
        raise NotFound
    return _version(session, row, {})


def engagement_of_version(session: Session, version_id: int) -> int | None:
    """The engagement that a version belongs to."""
    query = select(ContractVersion.engagement_id).where(ContractVersion.id == version_id)
    return session.scalar(query)


def owed_by(session: Session, actor: Actor, today: date) -> clocks.Owed:
    """The amendments that wait for the side that the actor acts for."""
    acting = {
        Role.INSTITUTION_AGENT: _awaits_provider,
        Role.ENTERPRISE_AGENT: and_(
            ~_awaits_provider, _engagement.client_kind == ClientKind.ENTERPRISE
        ),
        Role.DEPARTMENT_OFFICER: and_(
            ~_awaits_provider, _engagement.client_kind == ClientKind.DEPARTMENT
        ),
    }
    mine = or_(false(), *(turn for role, turn in acting.items() if actor.has(role)))
    return clocks.owed(
        session,
        WAITING,
        and_(_owes == literal(actor.organisation_id, Integer), mine),
        clocks.light_days(session, today),
    )


def checks_of(session: Session, engagement_id: int) -> tuple[str, ...]:
    """What a result is checked for by the contract in force, line by line."""
    return _lines_in_force(session, engagement_id, ContractVersion.checks)


def papers_owed_of(session: Session, engagement_id: int) -> tuple[str, ...]:
    """What the client hands over first by the contract in force, line by line."""
    return _lines_in_force(session, engagement_id, ContractVersion.papers_owed)


def _lines_in_force(
    session: Session, engagement_id: int, column: InstrumentedAttribute[str]
) -> tuple[str, ...]:
    query = select(column).where(
        ContractVersion.engagement_id == engagement_id,
        ContractVersion.state == VersionState.IN_FORCE,
    )
    words = session.scalar(query) or ""
    return rules.lines_of(words)


def turns(
    session: Session, engagement_ids: Collection[int]
) -> dict[int, list[tuple[datetime, Side]]]:
    """From which instants a first contract waited for which side, once a text was put forward."""
    query = select(ContractVersion).where(
        ContractVersion.engagement_id.in_(list(engagement_ids)),
        ContractVersion.turn_was.is_not(None),
    )
    found: dict[int, list[tuple[datetime, Side]]] = defaultdict(list)
    for row in session.scalars(query.order_by(ContractVersion.id)):
        mine, by = found[row.engagement_id], row.put_forward_by_side
        mine.append((row.put_forward_at, other_side(by)))
        if row.change_asked_at is not None:
            mine.append((row.change_asked_at, by))
        elif row.state is VersionState.DROPPED and row.ended_at and row.turn_was:
            # Taken back; of what another text replaced, that text says the turn at once.
            mine.append((row.ended_at, row.turn_was))
    return found
