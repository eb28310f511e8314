"""What an application still lacks, read from the dossier as it stands."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import Requirements
from marketplace.institutions.models import (
    Institution,
    InstitutionFacts,
    Listing,
    Undertaking,
)
from marketplace.institutions.queries import current
from marketplace.institutions.queries.rows import InstitutionRow
from marketplace.institutions.rules import (
    CURRENT_UNDERTAKING,
    REQUIRED_FACTS,
    AffiliationKind,
    Content,
    Missing,
    find_missing,
)
from marketplace.kernel.errors import NotFound


def missing(session: Session, listing_id: int, on: date) -> tuple[Missing, ...]:
    """Everything the application for a listing lacks on the day; empty when it can be submitted.

    Qualifications come with the kinds they speak of (`details["kinds"]`), so that the edge can
    say them in words. Raises `NotFound`.
    """
    listing = session.get(Listing, listing_id)
    if listing is None:
        raise NotFound
    item = catalogue.item(session, listing.item_code, on)
    institution = session.get_one(Institution, listing.institution_id)
    found = find_missing(
        _content(session, institution, listing.id),
        item.requirements,
        catalogue.level_order(session),
        item.longest_limit.value,
        on,
    )
    kinds = {kind.code: kind for kind in catalogue.qualification_kinds(session)}
    return tuple(replace(one, details={**one.details, "kinds": kinds}) for one in found)


def missing_in_general(session: Session, institution_id: int, on: date) -> tuple[Missing, ...]:
    """What the dossier lacks whatever the item: no qualifications, no terms are asked for."""
    institution = session.get_one(Institution, institution_id)
    content = replace(_content(session, institution, None), promised_days=1)
    return find_missing(content, Requirements(), {}, 1, on)


def signed_undertaking(session: Session, institution_id: int) -> Undertaking | None:
    """The signature under the present text of the undertaking."""
    return session.scalars(
        select(Undertaking).where(
            Undertaking.institution_id == institution_id,
            Undertaking.text_version == CURRENT_UNDERTAKING.version,
        )
    ).one_or_none()


def authorisation_needed(session: Session, institution: Institution | InstitutionRow) -> bool:
    """The first application carries the letter, unless the organisation was confirmed otherwise."""
    if institution.first_admitted_at is not None:
        return False
    return not accounts.organisation(session, institution.organisation_id).authorised


def _content(session: Session, institution: Institution, listing_id: int | None) -> Content:
    facts = current.current_facts(session, institution.id)
    certificates = current.current_qualifications(session, institution.id)
    people = current.current_practitioners(session, institution.id)
    terms = current.current_terms(session, listing_id) if listing_id is not None else None
    kinds = [row.kind for row in facts.affiliations] if facts else []
    return Content(
        facts=_facts(facts),
        owners=kinds.count(AffiliationKind.OWNER),
        has_ties=facts.has_ties if facts else None,
        ties=kinds.count(AffiliationKind.DEPARTMENT),
        held=current.held(certificates),
        unscanned=tuple(row.certificate_number for row in certificates if row.scan_file_id is None),
        practitioners=len(people),
        unproved=sum(row.scan_file_id is None for row in people),
        undertaking_signed=signed_undertaking(session, institution.id) is not None,
        authorisation_needed=authorisation_needed(session, institution),
        authorised=institution.authorisation_file_id is not None,
        promised_days=terms.promised_days if terms else None,
    )


def _facts(facts: InstitutionFacts | None) -> dict[str, object]:
    if facts is None:
        return {}
    return {name: getattr(facts, name) for name in REQUIRED_FACTS}
