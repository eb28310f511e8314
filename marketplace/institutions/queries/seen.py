"""From stored versions to frozen rows: here personal numbers lose all but their last four."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.infra.files import FileRow, find_files
from marketplace.infra.finding import find_row
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
    QualificationRow,
    TermsRow,
    UndertakingRow,
)
from marketplace.institutions.rules.dossier import (
    AffiliationKind,
    HolderKind,
    InstitutionType,
    PriceBasis,
    TieKind,
    VersionState,
)
from marketplace.kernel.personal import last_four


def seen_affiliation(row: Affiliation) -> AffiliationRow:
    """An owner or a tie as a row; only the last four of a number."""
    return AffiliationRow(
        id=row.id,
        line=row.line,
        kind=AffiliationKind(row.kind),
        name=row.name,
        holder=HolderKind(row.holder) if row.holder else None,
        credit_code=row.credit_code,
        id_number_masked=last_four(row.id_number) if row.id_number else "",
        share_basis_points=row.share_basis_points,
        tie=TieKind(row.tie) if row.tie else None,
        note=row.note,
    )


def seen_facts(row: InstitutionFacts) -> FactsRow:
    """A version of the profile as a row."""
    return FactsRow(
        id=row.id,
        public_id=row.public_id,
        number=row.number,
        state=VersionState(row.state),
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        name=row.name,
        credit_code=row.credit_code,
        type=InstitutionType(row.type) if row.type else None,
        region_code=row.region_code,
        address=row.address,
        legal_representative=row.legal_representative,
        contact_name=row.contact_name,
        contact_mobile=row.contact_mobile or "",
        office_phone=row.office_phone,
        established=row.established,
        capital_fen=row.capital_fen,
        profile=row.profile,
        has_ties=row.has_ties,
    )


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
    return QualificationRow(
        id=row.id,
        public_id=row.public_id,
        institution_id=row.institution_id,
        line=row.line,
        number=row.number,
        state=VersionState(row.state),
        replaces_id=row.replaces_id,
        kind=row.kind,
        level=row.level,
        specialty=row.specialty,
        certificate_number=row.certificate_number,
        issuer=row.issuer,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        scan_file_id=scan.id if scan else None,
        scan_public_id=scan.public_id if scan else "",
        scan_name=scan.name if scan else "",
        expired_at=row.expired_at,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
    )


def seen_practitioner(row: Practitioner, scan: FileRow | None) -> PractitionerRow:
    """A version of a person as a row; only the last four of the number."""
    return PractitionerRow(
        id=row.id,
        public_id=row.public_id,
        institution_id=row.institution_id,
        line=row.line,
        number=row.number,
        state=VersionState(row.state),
        name=row.name,
        id_number_masked=last_four(row.id_number),
        title=row.title,
        certificate_kind=row.certificate_kind,
        certificate_number=row.certificate_number,
        certificate_valid_to=row.certificate_valid_to,
        scan_file_id=row.scan_file_id,
        scan_public_id=scan.public_id if scan else "",
        scan_name=scan.name if scan else "",
        left_on=row.left_on,
    )


def seen_terms(row: ListingTerms) -> TermsRow:
    """A version of the terms as a row."""
    return TermsRow(
        id=row.id,
        public_id=row.public_id,
        listing_id=row.listing_id,
        number=row.number,
        state=VersionState(row.state),
        item_version_id=row.item_version_id,
        promised_days=row.promised_days,
        price_basis=PriceBasis(row.price_basis),
        amount_fen=row.amount_fen,
        unit=row.unit,
        rate_basis_points=row.rate_basis_points,
        price_note=row.price_note,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
    )


def seen_undertaking(row: Undertaking) -> UndertakingRow:
    """A signature under the undertaking as a row."""
    return UndertakingRow(
        id=row.id,
        text_version=row.text_version,
        text=row.text,
        signed_name=row.signed_name,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
    )


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
    return InstitutionRow(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        name=facts.name if facts else organisation.name,
        credit_code=facts.credit_code if facts else organisation.credit_code,
        region_code=facts.region_code if facts else organisation.region_code,
        started_at=row.started_at,
        first_admitted_at=row.first_admitted_at,
        authorisation_file_id=row.authorisation_file_id,
    )
