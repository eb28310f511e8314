"""The dossier as rows: as it is stated now, or exactly as a submission froze it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.infra.files import FileRow, find_file
from marketplace.infra.finding import find_row
from marketplace.institutions.models import (
    Affiliation,
    Institution,
    InstitutionFacts,
    Practitioner,
    Qualification,
    Undertaking,
)
from marketplace.institutions.queries import completeness, current
from marketplace.institutions.queries.owners import institution_rows
from marketplace.institutions.queries.rows import (
    AffiliationRow,
    Dossier,
    FactsRow,
    PaperRow,
    PractitionerRow,
    QualificationRow,
    TermsRow,
)
from marketplace.institutions.queries.seen import (
    seen_affiliation,
    seen_facts,
    seen_practitioners,
    seen_qualifications,
    seen_terms,
    seen_undertaking,
)
from marketplace.institutions.rules import (
    EvidenceKind,
)
from marketplace.kernel.errors import NotFound

FrozenEvidence = Iterable[tuple[EvidenceKind | str, int]]


def dossier(
    session: Session, institution_id: int, *, evidence: FrozenEvidence | None = None
) -> Dossier:
    """Everything the institution says of itself now; with `evidence` exactly those versions.

    Versions of another institution among the evidence are not found. Raises `NotFound`.
    """
    owner = session.get(Institution, institution_id)
    if owner is None:
        raise NotFound
    parts = _present(session, owner) if evidence is None else _frozen(session, owner, evidence)
    facts: InstitutionFacts | None = next(iter(parts[EvidenceKind.FACTS]), None)
    letter = next(iter(parts[EvidenceKind.AUTHORISATION]), None)
    signed = next(iter(parts[EvidenceKind.UNDERTAKING]), None)
    return Dossier(
        institution=institution_rows(session, [owner])[owner.id],
        facts=seen_facts(facts) if facts else None,
        affiliations=affiliations_of(session, facts.id) if facts else (),
        qualifications=seen_qualifications(session, parts[EvidenceKind.QUALIFICATION]),
        practitioners=seen_practitioners(session, parts[EvidenceKind.PRACTITIONER]),
        undertaking=seen_undertaking(signed) if signed else None,
        authorisation=_paper(find_file(session, letter)) if letter else None,
        terms=tuple(seen_terms(row) for row in parts[EvidenceKind.TERMS]),
    )


def _present(session: Session, owner: Institution) -> dict[EvidenceKind, list[Any]]:
    listings = current.listings_of_institution(session, owner.id)
    terms = current.current_terms_of(session, [row.id for row in listings])
    return {
        EvidenceKind.FACTS: _one(current.current_facts(session, owner.id)),
        EvidenceKind.QUALIFICATION: list(current.current_qualifications(session, owner.id)),
        EvidenceKind.PRACTITIONER: list(current.current_practitioners(session, owner.id)),
        EvidenceKind.TERMS: [terms[row.id] for row in listings if row.id in terms],
        EvidenceKind.UNDERTAKING: _one(completeness.signed_undertaking(session, owner.id)),
        EvidenceKind.AUTHORISATION: _one(owner.authorisation_file_id),
    }


def _one(row: object | None) -> list[Any]:
    return [] if row is None else [row]


def _frozen(
    session: Session, owner: Institution, evidence: FrozenEvidence
) -> dict[EvidenceKind, list[Any]]:
    parts: dict[EvidenceKind, list[Any]] = {kind: [] for kind in EvidenceKind}
    for named, record_id in evidence:
        kind = EvidenceKind(named)
        if kind is EvidenceKind.AUTHORISATION:
            parts[kind].append(record_id)
            continue
        model = Undertaking if kind is EvidenceKind.UNDERTAKING else None
        model = model or current.VERSION_MODELS[kind][0]
        row: Any = session.get(model, record_id)
        if row is not None and getattr(row, "institution_id", owner.id) == owner.id:
            parts[kind].append(row)
    return parts


def _paper(row: FileRow) -> PaperRow:
    return PaperRow(row.id, row.public_id, row.name, row.uploaded_at)


def affiliations_of(session: Session, facts_id: int) -> tuple[AffiliationRow, ...]:
    """The owners and ties of one version of the profile."""
    query = select(Affiliation).where(Affiliation.facts_id == facts_id).order_by(Affiliation.id)
    return tuple(seen_affiliation(row) for row in session.scalars(query))


def qualification(session: Session, key: int | str) -> QualificationRow:
    """A certificate by integer or public id; raises `NotFound`."""
    row = find_row(session, Qualification, key)
    return seen_qualifications(session, [row])[0]


def practitioner(session: Session, key: int | str) -> PractitionerRow:
    """A practitioner by integer or public id; raises `NotFound`."""
    row = find_row(session, Practitioner, key)
    return seen_practitioners(session, [row])[0]


def facts_versions(session: Session, institution_id: int) -> tuple[FactsRow, ...]:
    """All versions of the profile that were ever in force, newest first."""
    query = (
        select(InstitutionFacts)
        .where(
            InstitutionFacts.institution_id == institution_id,
            InstitutionFacts.in_force_from.is_not(None),
        )
        .order_by(InstitutionFacts.number.desc())
    )
    return tuple(seen_facts(row) for row in session.scalars(query))


def facts_in_force(session: Session, institution_id: int) -> FactsRow | None:
    """The profile in force, None before the first admission."""
    row = current.facts_in_force(session, institution_id)
    return seen_facts(row) if row else None


def terms_in_force(session: Session, listing_id: int) -> TermsRow | None:
    """The terms of a listing in force."""
    row = current.terms_in_force(session, listing_id)
    return seen_terms(row) if row else None
