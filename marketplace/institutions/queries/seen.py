"""From stored versions to frozen rows: here personal numbers lose all but their last four."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.infra.files import FileRow, find_files
from marketplace.infra.finding import find_row
from marketplace.infra.rows import LATER, row_of
from marketplace.institutions.models.dossier import (
    Affiliation,
    Institution,
    InstitutionFacts,
    Practitioner,
    Qualification,
    Undertaking,
)
from marketplace.institutions.models.market import ListingTerms
from marketplace.institutions.queries import current
from marketplace.institutions.queries.rows import (
    AffiliationRow,
    FactsRow,
    InstitutionRow,
    PractitionerRow,
    PublicFacts,
    QualificationRow,
    TermsRow,
    UndertakingRow,
)
from marketplace.institutions.rules.dossier import VersionState
from marketplace.kernel.personal import last_four

INSTITUTION = row_of(InstitutionRow, Institution, name=LATER, credit_code=LATER, region_code=LATER)
AFFILIATION = row_of(AffiliationRow, Affiliation, id_number_masked=LATER)
CERTIFICATE = row_of(
    QualificationRow, Qualification, scan_file_id=LATER, scan_public_id=LATER, scan_name=LATER
)
PRACTITIONER = row_of(
    PractitionerRow, Practitioner, id_number_masked=LATER, scan_public_id=LATER, scan_name=LATER
)
TERMS = row_of(TermsRow, ListingTerms)
UNDERTAKING = row_of(UndertakingRow, Undertaking)
FACTS_ROW = row_of(FactsRow, InstitutionFacts)
PUBLIC_FACTS = row_of(PublicFacts, InstitutionFacts)


def seen_affiliation(row: Affiliation) -> AffiliationRow:
    """An owner or a tie as a row; only the last four of a number."""
    return AFFILIATION.of(row, id_number_masked=last_four(row.id_number) if row.id_number else "")


def seen_qualifications(
    session: Session, rows: Sequence[Qualification]
) -> tuple[QualificationRow, ...]:
    """Versions of certificates as rows, their scans found in one go."""
    scans = _scans(session, rows)
    return tuple(seen_qualification(row, scans.get(row.scan_file_id or 0)) for row in rows)


def seen_practitioners(
    session: Session, rows: Sequence[Practitioner]
) -> tuple[PractitionerRow, ...]:
    """Versions of people as rows, their scans found in one go."""
    scans = _scans(session, rows)
    return tuple(seen_practitioner(row, scans.get(row.scan_file_id or 0)) for row in rows)


def _scans(
    session: Session, rows: Sequence[Qualification] | Sequence[Practitioner]
) -> dict[int, FileRow]:
    return find_files(session, {row.scan_file_id for row in rows if row.scan_file_id})


def seen_qualification(row: Qualification, scan: FileRow | None = None) -> QualificationRow:
    """A version of a certificate as a row; public pages leave the scan out."""
    return CERTIFICATE.of(row, scan_file_id=scan.id if scan else None, **_scan(scan))


def seen_practitioner(row: Practitioner, scan: FileRow | None) -> PractitionerRow:
    """A version of a person as a row; only the last four of the number."""
    return PRACTITIONER.of(row, id_number_masked=last_four(row.id_number), **_scan(scan))


def _scan(scan: FileRow | None) -> dict[str, str]:
    return {
        "scan_public_id": scan.public_id if scan else "",
        "scan_name": scan.name if scan else "",
    }


_IN_FORCE = select(InstitutionFacts).where(
    InstitutionFacts.institution_id.in_(bindparam("ids")),
    InstitutionFacts.state == VersionState.IN_FORCE,
)


def institution(session: Session, key: int | str) -> InstitutionRow:
    """The institution with this integer or public id; raises `NotFound`."""
    row = find_row(session, Institution, key)
    return institution_rows(session, [row])[row.id]


def my_institution(session: Session, organisation_id: int | None) -> InstitutionRow | None:
    """The institution of an organisation, None until its dossier was begun."""
    if organisation_id is None:
        return None
    row = current.institution_of(session, organisation_id)
    return None if row is None else institution_rows(session, [row])[row.id]


def institution_rows(session: Session, rows: Iterable[Institution]) -> dict[int, InstitutionRow]:
    """The rows of these institutions; two queries however many there are."""
    found = list(rows)
    organisations = accounts.organisations(session, [row.organisation_id for row in found])
    facts = _facts_in_force(session, [row.id for row in found])
    return {
        row.id: _institution_row(row, organisations[row.organisation_id], facts.get(row.id))
        for row in found
    }


def _facts_in_force(session: Session, ids: list[int]) -> dict[int, InstitutionFacts]:
    found = session.scalars(_IN_FORCE, {"ids": ids})
    return {row.institution_id: row for row in found}


def _institution_row(
    row: Institution, organisation: OrganisationRow, facts: InstitutionFacts | None
) -> InstitutionRow:
    named = facts or organisation
    return INSTITUTION.of(
        row, name=named.name, credit_code=named.credit_code, region_code=named.region_code
    )
