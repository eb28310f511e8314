"""From stored versions to frozen rows: here personal numbers lose all but their last four."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.infra.crypto import masked
from marketplace.infra.files import FileRecord
from marketplace.infra.finding import find_row
from marketplace.infra.lists import PagedList
from marketplace.infra.rows import LATER, row_of, through
from marketplace.institutions.models import dossier
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


def _scan(key: InstrumentedAttribute[Any], column: InstrumentedAttribute[str]) -> Any:
    """What is known of the scan that a row points to; empty without one."""
    return func.coalesce(through(key, column), "")


INSTITUTION = row_of(
    InstitutionRow, dossier.Institution, name=LATER, credit_code=LATER, region_code=LATER
)
AFFILIATION = row_of(
    AffiliationRow, dossier.Affiliation, id_number_masked=masked(dossier.Affiliation.id_number)
)
CERTIFICATE = row_of(
    QualificationRow,
    dossier.Qualification,
    scan_public_id=_scan(dossier.Qualification.scan_file_id, FileRecord.public_id),
    scan_name=_scan(dossier.Qualification.scan_file_id, FileRecord.name),
)
PRACTITIONER = row_of(
    PractitionerRow,
    dossier.Practitioner,
    id_number_masked=masked(dossier.Practitioner.id_number),
    scan_public_id=_scan(dossier.Practitioner.scan_file_id, FileRecord.public_id),
    scan_name=_scan(dossier.Practitioner.scan_file_id, FileRecord.name),
)
TERMS = row_of(TermsRow, ListingTerms)
UNDERTAKING = row_of(UndertakingRow, dossier.Undertaking)
FACTS_ROW = row_of(FactsRow, dossier.InstitutionFacts)
PUBLIC_FACTS = row_of(PublicFacts, dossier.InstitutionFacts)
# The people whom an institution states now.
PEOPLE = PagedList(
    PRACTITIONER,
    and_(
        dossier.Practitioner.institution_id == bindparam("own", type_=Integer),
        current.newest_of(dossier.Practitioner),
    ),
    {"": (dossier.Practitioner.id,)},
)


def seen_qualifications(
    session: Session, rows: Sequence[dossier.Qualification]
) -> tuple[QualificationRow, ...]:
    """Versions of certificates as rows, with their scans."""
    query = CERTIFICATE.query().where(dossier.Qualification.id.in_([row.id for row in rows]))
    return CERTIFICATE.all(session, query.order_by(dossier.Qualification.id))


def seen_practitioners(
    session: Session, rows: Sequence[dossier.Practitioner]
) -> tuple[PractitionerRow, ...]:
    """Versions of people as rows, with their scans."""
    query = PRACTITIONER.query().where(dossier.Practitioner.id.in_([row.id for row in rows]))
    return PRACTITIONER.all(session, query.order_by(dossier.Practitioner.id))


def practitioners(session: Session, ids: Collection[int]) -> dict[int, PractitionerRow]:
    """These versions of people, by their key."""
    query = PRACTITIONER.query().where(dossier.Practitioner.id.in_(ids))
    return {row.id: row for row in PRACTITIONER.all(session, query)}


def practitioners_in_force(session: Session, institution_id: int) -> tuple[PractitionerRow, ...]:
    """The people that the association has approved, in the order in which they were entered."""
    query = PRACTITIONER.query().where(
        dossier.Practitioner.institution_id == institution_id,
        dossier.Practitioner.state == VersionState.IN_FORCE,
    )
    return PRACTITIONER.all(session, query.order_by(dossier.Practitioner.id))


def public_certificate(row: dossier.Qualification) -> QualificationRow:
    """A version of a certificate for everybody: without its scan."""
    return CERTIFICATE.of(row, scan_file_id=None, scan_public_id="", scan_name="")


def affiliations_of(session: Session, facts_id: int) -> tuple[AffiliationRow, ...]:
    """The owners and ties of one version of the profile."""
    query = AFFILIATION.query().where(dossier.Affiliation.facts_id == facts_id)
    return AFFILIATION.all(session, query.order_by(dossier.Affiliation.id))


def qualification(session: Session, key: int | str) -> QualificationRow:
    """A certificate by integer or public id; raises `NotFound`."""
    return CERTIFICATE.one(session, CERTIFICATE.by(key))


def practitioner(session: Session, key: int | str) -> PractitionerRow:
    """A practitioner by integer or public id; raises `NotFound`."""
    return PRACTITIONER.one(session, PRACTITIONER.by(key))


def facts_versions(session: Session, institution_id: int) -> tuple[FactsRow, ...]:
    """All versions of the profile that were ever in force, newest first."""
    query = (
        select(dossier.InstitutionFacts)
        .where(
            dossier.InstitutionFacts.institution_id == institution_id,
            dossier.InstitutionFacts.in_force_from.is_not(None),
        )
        .order_by(dossier.InstitutionFacts.number.desc())
    )
    return tuple(FACTS_ROW.of(row) for row in session.scalars(query))


def facts_in_force(session: Session, institution_id: int) -> FactsRow | None:
    """The profile in force, None before the first admission."""
    row = current.facts_in_force(session, institution_id)
    return FACTS_ROW.of(row) if row else None


def facts_stated(session: Session, institution_id: int) -> FactsRow | None:
    """The profile as the institution states it now."""
    row = current.current_facts(session, institution_id)
    return FACTS_ROW.of(row) if row else None


def affiliations_stated(session: Session, institution_id: int) -> tuple[AffiliationRow, ...]:
    """The owners and ties as the institution states them now."""
    row = current.current_facts(session, institution_id)
    return affiliations_of(session, row.id) if row else ()


def qualifications_stated(session: Session, institution_id: int) -> tuple[QualificationRow, ...]:
    """The certificates as the institution states them now."""
    return seen_qualifications(session, current.current_qualifications(session, institution_id))


def terms_in_force(session: Session, listing_id: int) -> TermsRow | None:
    """The terms of a listing in force."""
    row = current.terms_in_force(session, listing_id)
    return TERMS.of(row) if row else None


def terms_stated(session: Session, listing_id: int) -> TermsRow | None:
    """The terms of a listing as the institution states them now."""
    row = current.current_terms(session, listing_id)
    return TERMS.of(row) if row else None


_IN_FORCE = select(dossier.InstitutionFacts).where(
    dossier.InstitutionFacts.institution_id.in_(bindparam("ids")),
    dossier.InstitutionFacts.state == VersionState.IN_FORCE,
)


def institution(session: Session, key: int | str) -> InstitutionRow:
    """The institution with this integer or public id; raises `NotFound`."""
    row = find_row(session, dossier.Institution, key)
    return institution_rows(session, [row])[row.id]


def my_institution(session: Session, organisation_id: int | None) -> InstitutionRow | None:
    """The institution of an organisation, None until its dossier was begun."""
    if organisation_id is None:
        return None
    row = current.institution_of(session, organisation_id)
    return None if row is None else institution_rows(session, [row])[row.id]


def institution_rows(
    session: Session, rows: Iterable[dossier.Institution]
) -> dict[int, InstitutionRow]:
    """The rows of these institutions; two queries however many there are."""
    found = list(rows)
    organisations = accounts.organisations(session, [row.organisation_id for row in found])
    facts = _facts_in_force(session, [row.id for row in found])
    return {
        row.id: _institution_row(row, organisations[row.organisation_id], facts.get(row.id))
        for row in found
    }


def _facts_in_force(session: Session, ids: list[int]) -> dict[int, dossier.InstitutionFacts]:
    found = session.scalars(_IN_FORCE, {"ids": ids})
    return {row.institution_id: row for row in found}


def _institution_row(
    row: dossier.Institution, organisation: OrganisationRow, facts: dossier.InstitutionFacts | None
) -> InstitutionRow:
    named = facts or organisation
    return INSTITUTION.of(
        row, name=named.name, credit_code=named.credit_code, region_code=named.region_code
    )
