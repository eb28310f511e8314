"""Which versions count: what is said at present, what is in force, who stands behind."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from marketplace.accounts import queries as accounts
from marketplace.catalogue.rules.items import HeldQualification
from marketplace.institutions.models import dossier, market
from marketplace.institutions.rules.dossier import (
    CURRENT,
    AffiliationKind,
    EvidenceKind,
    VersionState,
)
from marketplace.institutions.rules.independence import Background, Person, Tie

# The model of each kind of evidence that is a dated version, and the column of its line.
VERSION_MODELS: dict[EvidenceKind, tuple[type[Any], InstrumentedAttribute[Any]]] = {
    EvidenceKind.FACTS: (dossier.InstitutionFacts, dossier.InstitutionFacts.institution_id),
    EvidenceKind.QUALIFICATION: (dossier.Qualification, dossier.Qualification.line),
    EvidenceKind.PRACTITIONER: (dossier.Practitioner, dossier.Practitioner.line),
    EvidenceKind.TERMS: (market.ListingTerms, market.ListingTerms.listing_id),
}


def current_facts(session: Session, institution_id: int) -> dossier.InstitutionFacts | None:
    """The profile as the institution states it now: the newest that was not dropped."""
    return session.scalars(
        select(dossier.InstitutionFacts)
        .where(
            dossier.InstitutionFacts.institution_id == institution_id,
            dossier.InstitutionFacts.state.in_(CURRENT),
        )
        .order_by(dossier.InstitutionFacts.number.desc())
        .limit(1)
    ).first()


def facts_in_force(session: Session, institution_id: int) -> dossier.InstitutionFacts | None:
    """The profile in force."""
    return session.scalars(
        select(dossier.InstitutionFacts).where(
            dossier.InstitutionFacts.institution_id == institution_id,
            dossier.InstitutionFacts.state == VersionState.IN_FORCE,
        )
    ).one_or_none()


def current_terms(session: Session, listing_id: int) -> market.ListingTerms | None:
    """The terms as the institution states them now."""
    return session.scalars(
        select(market.ListingTerms)
        .where(market.ListingTerms.listing_id == listing_id, market.ListingTerms.state.in_(CURRENT))
        .order_by(market.ListingTerms.number.desc())
        .limit(1)
    ).first()


def current_terms_of(
    session: Session, listing_ids: Sequence[int]
) -> dict[int, market.ListingTerms]:
    """`current_terms` of many listings in one go; those without terms are left out."""
    query = select(market.ListingTerms).where(
        market.ListingTerms.listing_id.in_(listing_ids), market.ListingTerms.state.in_(CURRENT)
    )
    return {
        row.listing_id: row for row in session.scalars(query.order_by(market.ListingTerms.number))
    }


def terms_in_force_of(
    session: Session, listing_ids: Sequence[int]
) -> dict[int, market.ListingTerms]:
    """`terms_in_force` of many listings in one go; those without terms are left out."""
    query = select(market.ListingTerms).where(
        market.ListingTerms.listing_id.in_(listing_ids),
        market.ListingTerms.state == VersionState.IN_FORCE,
    )
    return {row.listing_id: row for row in session.scalars(query)}


def terms_in_force(session: Session, listing_id: int) -> market.ListingTerms | None:
    """The terms in force."""
    return session.scalars(
        select(market.ListingTerms).where(
            market.ListingTerms.listing_id == listing_id,
            market.ListingTerms.state == VersionState.IN_FORCE,
        )
    ).one_or_none()


def last_number(session: Session, line: InstrumentedAttribute[Any], value: object) -> int:
    """The highest version number of a line, 0 when it has none."""
    model = line.class_
    return session.scalar(select(func.max(model.number)).where(line == value)) or 0


def newest_of(
    model: type[dossier.Qualification] | type[dossier.Practitioner],
) -> ColumnElement[bool]:
    """That a version is what is stated now: the newest of its line that was not dropped."""
    later = aliased(model)
    newer = select(later.id).where(
        later.line == model.line, later.number > model.number, later.state.in_(CURRENT)
    )
    return and_(model.state.in_(CURRENT), ~newer.exists())


def current_qualifications(
    session: Session, institution_id: int
) -> tuple[dossier.Qualification, ...]:
    """Certificates as stated now: the newest of each line, and beside it the one in force."""
    query = select(dossier.Qualification).where(
        dossier.Qualification.institution_id == institution_id,
        or_(newest_of(dossier.Qualification), dossier.Qualification.state == VersionState.IN_FORCE),
    )
    return tuple(session.scalars(query.order_by(dossier.Qualification.id)))


def current_practitioners(
    session: Session, institution_id: int
) -> tuple[dossier.Practitioner, ...]:
    """People as stated now: the newest of each line."""
    query = select(dossier.Practitioner).where(
        dossier.Practitioner.institution_id == institution_id, newest_of(dossier.Practitioner)
    )
    return tuple(session.scalars(query.order_by(dossier.Practitioner.id)))


def lines_in_force(rows: Sequence[dossier.Qualification]) -> frozenset[str]:
    """The lines among the rows that have a certificate in force."""
    return frozenset(row.line for row in rows if row.state == VersionState.IN_FORCE)


def qualifications_in_force(
    session: Session, institution_id: int, today: date
) -> tuple[dossier.Qualification, ...]:
    """The approved certificates: those in force, and one that runs until its renewal begins."""
    rows = session.scalars(
        select(dossier.Qualification)
        .where(
            dossier.Qualification.institution_id == institution_id,
            dossier.Qualification.state.in_((VersionState.IN_FORCE, VersionState.SUPERSEDED)),
        )
        .order_by(dossier.Qualification.id)
    ).all()
    to_begin = {
        row.line for row in rows if row.state == VersionState.IN_FORCE and row.valid_from > today
    }
    return tuple(
        row
        for row in rows
        if row.state == VersionState.IN_FORCE
        or (row.line in to_begin and (row.valid_to is None or row.valid_to >= today))
    )


def held(rows: Iterable[dossier.Qualification]) -> tuple[HeldQualification, ...]:
    """The certificates as the catalogue's rules see them; the key is the row's id."""
    return tuple(
        HeldQualification(
            row.kind, row.level, row.specialty, row.valid_from, row.valid_to, key=row.id
        )
        for row in rows
    )


def open_submission(session: Session, **facts: object) -> market.DossierSubmission | None:
    """The submission that is open now for these facts (listing_id, kind, institution_id, line)."""
    query = select(market.DossierSubmission).where(market.DossierSubmission.closed_at.is_(None))
    return session.scalars(query.filter_by(**facts)).one_or_none()


def lies_elsewhere(
    session: Session, kind: EvidenceKind, record_id: int, submission_id: int
) -> bool:
    """Whether another open submission holds the same version."""
    found = session.scalar(
        select(market.SubmittedEvidence.id)
        .join(market.DossierSubmission)
        .where(
            market.SubmittedEvidence.kind == kind,
            market.SubmittedEvidence.record_id == record_id,
            market.DossierSubmission.id != submission_id,
            market.DossierSubmission.closed_at.is_(None),
        )
        .limit(1)
    )
    return found is not None


def listings_of_institution(session: Session, institution_id: int) -> Sequence[market.Listing]:
    """The listings of an institution, oldest first."""
    return session.scalars(
        select(market.Listing)
        .where(market.Listing.institution_id == institution_id)
        .order_by(market.Listing.id)
    ).all()


def institution_of(session: Session, organisation_id: int) -> dossier.Institution | None:
    """The institution of an organisation, if it began a dossier."""
    return session.scalars(
        select(dossier.Institution).where(dossier.Institution.organisation_id == organisation_id)
    ).one_or_none()


def newer_than(
    session: Session, model: type[Any], line: InstrumentedAttribute[Any], row: Any
) -> Any | None:
    """A version of the same line that was stated after this one and not dropped."""
    return session.scalars(
        select(model)
        .where(
            line == getattr(row, line.key),
            model.number > row.number,
            model.state.in_(CURRENT),
        )
        .limit(1)
    ).first()


def in_force_of(
    session: Session, model: type[Any], line: InstrumentedAttribute[Any], value: object
) -> Any | None:
    """The version of a line that is in force."""
    return session.scalars(
        select(model).where(line == value, model.state == VersionState.IN_FORCE)
    ).one_or_none()


def backgrounds(session: Session, organisation_ids: Collection[int]) -> dict[int, Background]:
    """By organisation; an institution without facts in force has only its credit code."""
    codes = {
        key: row.credit_code
        for key, row in accounts.organisations(session, organisation_ids).items()
    }
    facts = session.execute(
        select(
            dossier.Institution.organisation_id,
            dossier.InstitutionFacts.id,
            dossier.InstitutionFacts.legal_representative,
        )
        .join(
            dossier.InstitutionFacts,
            dossier.InstitutionFacts.institution_id == dossier.Institution.id,
        )
        .where(
            dossier.Institution.organisation_id.in_(organisation_ids),
            dossier.InstitutionFacts.state == VersionState.IN_FORCE,
        )
    ).all()
    behind = _behind(session, [row[1] for row in facts])
    known = {
        key: _background(key, codes.get(key, ""), head, behind.get(facts_id, ()))
        for key, facts_id, head in facts
    }
    bare = {key: Background(key, code) for key, code in codes.items()}
    return bare | known


def _background(
    organisation_id: int, code: str, head: str, behind: Iterable[dossier.Affiliation]
) -> Background:
    owners = [one for one in behind if one.kind is AffiliationKind.OWNER]
    ties = [one for one in behind if one.kind is not AffiliationKind.OWNER]
    return Background(
        organisation_id=organisation_id,
        credit_code=code,
        ties=tuple(Tie(one.name, one.credit_code) for one in ties),
        owner_codes=frozenset(one.credit_code for one in owners if one.credit_code),
        owner_people=tuple(
            Person(one.name, one.id_number_hash or "") for one in owners if not one.credit_code
        ),
        legal_representative=head,
    )


def _behind(
    session: Session, facts_ids: Collection[int]
) -> dict[int, tuple[dossier.Affiliation, ...]]:
    found: dict[int, tuple[dossier.Affiliation, ...]] = {}
    query = (
        select(dossier.Affiliation)
        .where(dossier.Affiliation.facts_id.in_(facts_ids))
        .order_by(dossier.Affiliation.id)
    )
    for row in session.scalars(query):
        found[row.facts_id] = (*found.get(row.facts_id, ()), row)
    return found
