"""What a contract is drawn up from, within which bounds, and what both sides confirm of it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries.rows import ItemRow, Term
from marketplace.competitions import queries as competitions
from marketplace.contracts.models import ContractVersion
from marketplace.contracts.policy import Standing
from marketplace.contracts.rules import Basis, Bounds, Due, Source, Terms
from marketplace.engagements import policy as engagement_policy
from marketplace.engagements.queries import EngagementRow, standings
from marketplace.engagements.rules import ClientKind
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions import queries as institutions
from marketplace.institutions.rules.dossier import price_for
from marketplace.kernel.times import local_date
from marketplace.kernel.workdays import Limit
from marketplace.projects import queries as projects
from marketplace.quotations.queries.rounds import offer_of

if TYPE_CHECKING:
    from marketplace.contracts.queries.reading import VersionRow

# Working days for the confirmation of an amendment, as for being reminded of a contract.
AMENDED_WITHIN = "engagement.amendment_lapse_days"
USUAL_PAY_DAYS = 10


TERMS = row_of(Terms, ContractVersion, parts=LATER)


def standing_with(
    stands: engagement_policy.Standing, live: "ContractVersion | VersionRow | None", today: date
) -> Standing:
    """What the policies ask on a day, from an engagement's standing and the version that waits."""
    due_on = live.due_on if live else None
    return Standing(
        stands,
        live=live.state if live else None,
        put_forward_by=live.put_forward_by_side if live else None,
        lapsed_on=due_on if due_on is not None and due_on < today else None,
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
    """The price that the institution promises for this project, where it names one."""
    terms = institutions.terms_in_force(session, row.listing_id)
    investment = projects.project(session, row.project_id).investment_fen
    # A share of next to nothing is no price that could be agreed on.
    return (price_for(terms, investment) or None) if terms else None


def bounds_of(session: Session, row: EngagementRow, today: date) -> Bounds:
    """What the terms may not leave: the item's limit, or the bid's days; the award's amount."""
    paid_by_department = row.client_kind is ClientKind.DEPARTMENT
    fewest, most = _days_within(session, row, today)
    papers, checks = _papers_and_checks(session, row)
    return Bounds(
        limit=Limit(most, row.limit_unit),
        fewest_days=fewest,
        earliest=row.signed_on or local_date(row.taken_on_at or row.requested_at),
        today=today,
        most_fen=row.award_fen,
        fixed_fen=row.amount_fen if paid_by_department and row.contracted_at else None,
        only_at_acceptance=paid_by_department,
        scope=_published_scope(session, row) if row.contracted_at is None else "",
        papers_owed=papers,
        checks=checks,
    )


def _papers_and_checks(
    session: Session, row: EngagementRow
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is handed over and checked by the contract in force, and before it by the item."""
    if row.contracted_at is not None:
        tables = standings.PAPERS_OWED, standings.CHECKS
        papers, checks = (standings.lines_of(one, session, row.id) for one in tables)
        return papers, checks
    item = catalogue.item_version(session, row.item_version_id)
    return _names(item.papers_owed), _names(item.checks)


def _names(lines: Iterable[Term]) -> tuple[str, ...]:
    return tuple(line.name for line in lines)


def _published_scope(session: Session, row: EngagementRow) -> str:
    """What the notice of an award said is to be done; nothing for a pick."""
    if row.competition_id is None:
        return ""
    return competitions.competition(session, row.competition_id).scope


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
    papers, checks = _papers_and_checks(session, row)
    return Terms(
        amount_fen=amount,
        limit_days=basis.limit_days,
        parts={Due.SIGNING: 0, Due.DELIVERY: 0, Due.ACCEPTANCE: amount},
        pay_days=USUAL_PAY_DAYS,
        scope=_published_scope(session, row) or _scope(row, item),
        papers_owed="\n".join(papers),
        checks="\n".join(checks),
    )


def _scope(row: EngagementRow, item: ItemRow) -> str:
    """What the item says its service is, for this project; a contract's own text is Chinese."""
    variant = item.variant_of(row.variant)
    name = f"{item.name}（{variant.name}）" if variant else item.name
    return f"为“{row.project_name}”提供{name}：{item.service_content}"


def terms_of(row: "ContractVersion | VersionRow") -> Terms:
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
