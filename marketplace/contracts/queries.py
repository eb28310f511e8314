"""Reading contracts: what they are drawn up from, the page, what waits, the page of a code."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, false, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import organisation_name
from marketplace.catalogue import queries as catalogue
from marketplace.clocks import queries as clocks
from marketplace.clocks.rules import Waiting
from marketplace.contracts import rules
from marketplace.contracts.models import ContractVersion
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import LIVE, Basis, Bounds, Due, Source, Terms, VersionState
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries import EngagementRow, standings
from marketplace.engagements.queries.headings import heading
from marketplace.engagements.rules import AGREEABLE, ClientKind, Side
from marketplace.infra.files import FileRow, files_of
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.dossier import PriceBasis
from marketplace.kernel.actors import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.quotations.queries.rounds import offer_of

# Working days for the confirmation of an amendment, as for being reminded of a contract.
AMENDED_WITHIN = "engagement.contract_reminder_days"
USUAL_PAY_DAYS = 10


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


TERMS = row_of(Terms, ContractVersion, parts=LATER)
ROW = row_of(VersionRow, ContractVersion, client_signer=LATER, provider_signer=LATER, papers=LATER)
_engagement = heading(ContractVersion.engagement_id)
_awaits_provider = or_(
    and_(
        ContractVersion.state == VersionState.HALF_CONFIRMED,
        ContractVersion.put_forward_by_side == Side.CLIENT,
    ),
    and_(
        ContractVersion.state == VersionState.DRAFT,
        ContractVersion.put_forward_by_side == Side.PROVIDER,
    ),
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
            (ContractVersion.state == VersionState.HALF_CONFIRMED, "contract.confirm"),
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


# ------------------------------------------------------------------ what it is drawn up from


def standing_with(
    stands: engagement_policy.Standing, live: ContractVersion | VersionRow | None
) -> Standing:
    """What the policies ask, from an engagement's standing and the version that waits."""
    return Standing(
        stands,
        live=live.state if live else None,
        put_forward_by=live.put_forward_by_side if live else None,
    )


def basis_of(session: Session, row: EngagementRow) -> Basis:
    """What was said before: by the contract in force, the award, the quotation or the pick."""
    if row.contracted_at is not None:
        return Basis(Source.CONTRACT, row.amount_fen, row.limit_value)
    if row.competition_id is not None:
        return Basis(Source.AWARD, row.award_fen, row.promise or row.limit_value)
    if row.quotation_id is not None:
        return Basis(Source.QUOTATION, *offer_of(session, row.quotation_id))
    return Basis(Source.PICK, _price_of_promise(session, row), row.limit_value)


def _price_of_promise(session: Session, row: EngagementRow) -> int | None:
    """The price that the institution promises for a commission, where it names one."""
    terms = institutions.terms_in_force(session, row.listing_id)
    fixed = terms is not None and terms.price_basis is PriceBasis.FIXED
    return terms.amount_fen if terms is not None and fixed else None


def bounds_of(session: Session, row: EngagementRow, today: date) -> Bounds:
    """What the terms may not leave: the item's limit, or the bid's days; the award's amount."""
    paid_by_department = row.client_kind is ClientKind.DEPARTMENT
    fewest, most = _days_within(session, row, today)
    return Bounds(
        limit=Limit(most, row.limit_unit),
        fewest_days=fewest,
        earliest=row.signed_on or local_date(row.taken_on_at or row.requested_at),
        today=today,
        most_fen=row.award_fen,
        fixed_fen=row.amount_fen if paid_by_department and row.contracted_at else None,
        only_at_acceptance=paid_by_department,
    )


def _days_within(session: Session, row: EngagementRow, today: date) -> tuple[int, int]:
    """The fewest and the most days that may be agreed on.

    At most what the item allows or the bid offered; of work in progress not less than it has used,
    and no more than now once its day is over: late work is not made timely afterwards.
    """
    item = catalogue.item_version(session, row.item_version_id)
    listed = (item.variant_of(row.variant) or item).limit.value
    most = (row.promised_days or listed) if row.competition_id is not None else listed
    if row.contracted_at is not None:
        most = max(most, row.limit_value)
    clock = standings.clock_of(session, standings.find(session, row.id), today)
    if clock is None:
        return 1, most
    return min(clock.used, row.limit_value), row.limit_value if clock.over else most


def draft_of(session: Session, row: EngagementRow, basis: Basis) -> Terms:
    """Terms to begin with: what was said before, and what the item says its service is."""
    item = catalogue.item_version(session, row.item_version_id)
    amount = basis.amount_fen or 0
    return Terms(
        amount_fen=amount,
        limit_days=basis.limit_days,
        parts={Due.SIGNING: 0, Due.DELIVERY: 0, Due.ACCEPTANCE: amount},
        pay_days=USUAL_PAY_DAYS,
        scope=item.service_content,
        papers_owed="",
        checks="",
    )


def terms_of(row: ContractVersion | VersionRow) -> Terms:
    """The terms of a version."""
    parts = {
        Due.SIGNING: row.signing_fen,
        Due.DELIVERY: row.delivery_fen,
        Due.ACCEPTANCE: row.acceptance_fen,
    }
    return TERMS.of(row, parts=parts)


def facts_of(
    session: Session, row: EngagementRow, terms: Terms, *, number: str, version: int
) -> dict[str, object]:
    """What both sides confirm: parties, project, item and terms, by names that JSON keeps."""
    parties = accounts.organisations(session, [row.client_id, row.provider_id])
    item = catalogue.item_version(session, row.item_version_id)
    variant = item.variant_of(row.variant)
    return {
        "contract": number,
        "version": version,
        "engagement": row.number,
        "client": _party(parties[row.client_id]),
        "provider": _party(parties[row.provider_id]),
        "project": {"name": row.project_name, "code": row.project_code},
        "item": {
            "code": row.item_code,
            "name": item.name,
            "class": variant.name if variant else "",
            "version": item.version_number,
        },
        "amount_fen": terms.amount_fen,
        "limit": {"days": terms.limit_days, "unit": row.limit_unit.value},
        "parts": {due.value: terms.parts[due] for due in Due},
        "pay_days": terms.pay_days,
        "scope": terms.scope,
        "papers_owed": terms.papers_owed,
        "checks": terms.checks,
        "note": terms.note,
        "signed_on": terms.signed_on.isoformat() if terms.signed_on else "",
    }


def _party(found: accounts.OrganisationRow) -> dict[str, str]:
    return {"name": found.name, "credit_code": found.credit_code}


# ------------------------------------------------------------------ the page


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
        standing=standing_with(stands, live),
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
    return tuple(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))
