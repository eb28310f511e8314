"""Institutions as rows, by key or by organisation."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.queries import OrganisationRow
from marketplace.infra.finding import find_row
from marketplace.institutions.models import Institution, InstitutionFacts
from marketplace.institutions.queries import current
from marketplace.institutions.queries.rows import InstitutionRow
from marketplace.institutions.rules import VersionState

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
