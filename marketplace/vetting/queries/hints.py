"""What the record itself says about a point, so that the examiner need not look it up."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import ItemRow
from marketplace.catalogue.rules import missing_requirements
from marketplace.institutions.queries import Dossier, QualificationRow
from marketplace.kernel.workdays import Limit
from marketplace.vetting.models import Case
from marketplace.vetting.queries.rows import Hint
from marketplace.vetting.queries.standing import held
from marketplace.vetting.rules import CaseKind


def hints(session: Session, case: Case, dossier: Dossier, today: date) -> dict[str, Hint]:
    """What can be computed, by the key of the point."""
    item = catalogue.item_version(session, case.item_version_id)
    found = {
        "affiliations": _affiliations(dossier),
        "conflict": Hint("ties", None, {"count": len(dossier.ties)}),
        **_certificates(dossier, today),
    }
    if case.kind is not CaseKind.RENEWAL:
        found["requirement"] = _requirement(session, item, dossier, today)
    terms = dossier.terms_of(case.listing_id)
    if terms is not None:
        found["promised_days"] = Hint(
            "promised_days",
            terms.promised_days <= item.longest_limit.value,
            {
                "promised": Limit(terms.promised_days, item.longest_limit.unit),
                "limit": item.longest_limit,
            },
        )
    active = [row for row in dossier.practitioners if row.left_on is None]
    found["practitioners"] = Hint("practitioners", None, {"count": len(active)})
    if dossier.undertaking is not None:
        found["undertaking"] = Hint("undertaking", True)
    return found


def _affiliations(dossier: Dossier) -> Hint:
    return Hint("affiliations", None, {"owners": len(dossier.owners), "ties": len(dossier.ties)})


def _requirement(session: Session, item: ItemRow, dossier: Dossier, today: date) -> Hint:
    levels = catalogue.level_order(session)
    missing = missing_requirements(item.requirements, held(dossier), levels, today)
    return Hint("requirement_missing", False) if missing else Hint("requirement_met", True)


def _certificates(dossier: Dossier, today: date) -> dict[str, Hint]:
    return {f"certificate:{row.id}": _validity(row, today) for row in dossier.qualifications}


def _validity(row: QualificationRow, today: date) -> Hint:
    details = {"since": row.valid_from.isoformat()}
    if row.valid_to is None:
        return Hint("certificate_unlimited", row.valid_from <= today, details)
    details["until"] = row.valid_to.isoformat()
    return Hint("certificate_dates", row.valid_from <= today <= row.valid_to, details)
