"""The dossier as it is stated now or was frozen; what it still lacks; its task list."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules.items import Requirements
from marketplace.infra.files import find_file
from marketplace.institutions.facts import CONTACT, FACTS
from marketplace.institutions.models.dossier import (
    Institution,
    InstitutionFacts,
    Undertaking,
)
from marketplace.institutions.models.market import Listing
from marketplace.institutions.queries import current, market
from marketplace.institutions.queries.market import listings_of
from marketplace.institutions.queries.rows import (
    Dossier,
    InstitutionRow,
    ListingPage,
    ListingRow,
    PaperRow,
    TermsRow,
    UndertakingRow,
)
from marketplace.institutions.queries.seen import (
    FACTS_ROW,
    TERMS,
    UNDERTAKING,
    affiliations_of,
    institution,
    institution_rows,
    seen_practitioners,
    seen_qualifications,
    terms_in_force,
    terms_stated,
)
from marketplace.institutions.rules.dossier import (
    CURRENT_UNDERTAKING,
    AffiliationKind,
    Content,
    EvidenceKind,
    Missing,
    Section,
    find_missing,
)
from marketplace.institutions.rules.market import APPLYING, EDITABLE, LISTED
from marketplace.kernel.errors import NotFound
from marketplace.kernel.workdays import Limit


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
        item.longest_limit,
        on,
    )
    kinds = {kind.code: kind for kind in catalogue.qualification_kinds(session)}
    return tuple(replace(one, details={**one.details, "kinds": kinds}) for one in found)


def missing_in_general(session: Session, institution_id: int, on: date) -> tuple[Missing, ...]:
    """What the dossier lacks whatever the item: no qualifications, no terms are asked for."""
    institution = session.get_one(Institution, institution_id)
    content = replace(_content(session, institution, None), promised_days=1)
    return find_missing(content, Requirements(), {}, Limit(1), on)


def signed_undertaking(session: Session, institution_id: int) -> Undertaking | None:
    """The signature under the present text of the undertaking."""
    return session.scalars(
        select(Undertaking).where(
            Undertaking.institution_id == institution_id,
            Undertaking.text_version == CURRENT_UNDERTAKING.version,
        )
    ).one_or_none()


def undertaking(session: Session, institution_id: int) -> UndertakingRow | None:
    """`signed_undertaking` as pages show it."""
    signed = signed_undertaking(session, institution_id)
    return UNDERTAKING.of(signed) if signed else None


def letter(session: Session, file_id: int | None) -> PaperRow | None:
    """The letter of authorisation that an institution or a submission points to."""
    if file_id is None:
        return None
    row = find_file(session, file_id)
    return PaperRow(row.id, row.public_id, row.name, row.uploaded_at)


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
    """What is stated of the facts that every institution must state."""
    return {fact.name: getattr(facts, fact.name, None) for fact in FACTS if fact.needed}


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
    signed = next(iter(parts[EvidenceKind.UNDERTAKING]), None)
    return Dossier(
        institution=institution_rows(session, [owner])[owner.id],
        facts=FACTS_ROW.of(facts) if facts else None,
        affiliations=affiliations_of(session, facts.id) if facts else (),
        qualifications=seen_qualifications(session, parts[EvidenceKind.QUALIFICATION]),
        practitioners=seen_practitioners(session, parts[EvidenceKind.PRACTITIONER]),
        undertaking=UNDERTAKING.of(signed) if signed else None,
        authorisation=letter(session, next(iter(parts[EvidenceKind.AUTHORISATION]), None)),
        terms=tuple(TERMS.of(row) for row in parts[EvidenceKind.TERMS]),
    )


def _present(session: Session, owner: Institution) -> dict[EvidenceKind, list[Any]]:
    listings = current.listings_of_institution(session, owner.id)
    terms = current.current_terms_of(session, [row.id for row in listings])
    return {
        EvidenceKind.FACTS: _one(current.current_facts(session, owner.id)),
        EvidenceKind.QUALIFICATION: list(current.current_qualifications(session, owner.id)),
        EvidenceKind.PRACTITIONER: list(current.current_practitioners(session, owner.id)),
        EvidenceKind.TERMS: [terms[row.id] for row in listings if row.id in terms],
        EvidenceKind.UNDERTAKING: _one(signed_undertaking(session, owner.id)),
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


@dataclass(frozen=True)
class Offer:
    """A listing with its stated terms and what its application lacks."""

    row: ListingRow
    terms: TermsRow | None
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class AskedNeeds:
    """What an item the institution applies for asks in certificates."""

    item_code: str
    requirements: Requirements


class TaskKind(StrEnum):
    """The pages of the task list, in their order."""

    BASIC = "basic"
    CONTACT = "contact"
    OWNERS = "owners"
    TIES = "ties"
    QUALIFICATIONS = "qualifications"
    PRACTITIONERS = "practitioners"
    UNDERTAKING = "undertaking"
    AUTHORISATION = "authorisation"


class TaskState(StrEnum):
    """How far a task is."""

    DONE = "done"
    TODO = "todo"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Task:
    """One task and what it still lacks."""

    kind: TaskKind
    state: TaskState
    missing: tuple[Missing, ...] = ()


_SECTIONS = {
    TaskKind.OWNERS: Section.OWNERS,
    TaskKind.TIES: Section.TIES,
    TaskKind.QUALIFICATIONS: Section.QUALIFICATIONS,
    TaskKind.PRACTITIONERS: Section.PRACTITIONERS,
    TaskKind.UNDERTAKING: Section.UNDERTAKING,
    TaskKind.AUTHORISATION: Section.AUTHORISATION,
}

# What these must hold depends on the items that are chosen.
_BY_ITEM = frozenset({TaskKind.QUALIFICATIONS, TaskKind.PRACTITIONERS})


def task_list(session: Session, institution_id: int, on: date) -> tuple[Task, ...]:
    """The tasks of the dossier with their states on the day.

    Certificates and practitioners cannot start while no item is chosen and none was entered:
    which ones are needed depends on the item. The letter stands here only while it is needed.
    """
    lacking = _lacking(session, institution_id, on)
    chosen = session.scalar(
        select(Listing.id).where(Listing.institution_id == institution_id).limit(1)
    )
    entered = {
        TaskKind.QUALIFICATIONS: bool(current.current_qualifications(session, institution_id)),
        TaskKind.PRACTITIONERS: bool(current.current_practitioners(session, institution_id)),
    }
    tasks = []
    for kind in TaskKind:
        if kind is TaskKind.AUTHORISATION and not _letter_needed(session, institution_id):
            continue
        blocked = kind in _BY_ITEM and chosen is None and not entered[kind]
        tasks.append(_task(kind, lacking, blocked=blocked))
    return tuple(tasks)


def listing_page(session: Session, key: int | str, on: date) -> ListingPage:
    """One listing as its institution sees it on the day; raises `NotFound`."""
    row = market.listing(session, key)
    opened = market.open_submissions(session, row.institution_id)
    return ListingPage(
        institution=institution(session, row.institution_id),
        row=row,
        stated=terms_stated(session, row.id),
        in_force=terms_in_force(session, row.id),
        missing=missing(session, row.id, on) if row.state in APPLYING else (),
        submissions=tuple(one for one in opened if one.listing_id == row.id),
        history=accounts.history(session, "listing", row.id),
    )


def listing_overview(session: Session, institution_id: int, on: date) -> tuple[Offer, ...]:
    """The listings of an institution, each with its terms and what is missing on the day.

    The terms are those in force while the listing is in the market, else those stated now.
    """
    offers, rows = [], listings_of(session, institution_id)
    in_force = current.terms_in_force_of(session, [row.id for row in rows])
    stated = current.current_terms_of(session, [row.id for row in rows])
    for row in rows:
        terms = (in_force if row.state in LISTED else stated).get(row.id)
        lacking = missing(session, row.id, on) if row.state in EDITABLE else ()
        offers.append(Offer(row, TERMS.of(terms) if terms else None, lacking))
    return tuple(offers)


def asked_needs(session: Session, institution_id: int) -> tuple[AskedNeeds, ...]:
    """What the items under way ask in certificates; items that ask nothing are left out."""
    return tuple(
        AskedNeeds(row.item_code, needs)
        for row in listings_of(session, institution_id)
        if row.under_way and not (needs := catalogue.item(session, row.item_code).requirements).none
    )


def _lacking(session: Session, institution_id: int, on: date) -> tuple[Missing, ...]:
    """What is missing in general and for every application that is being prepared."""
    found = list(missing_in_general(session, institution_id, on))
    for listing in current.listings_of_institution(session, institution_id):
        if listing.state in EDITABLE:
            found += missing(session, listing.id, on)
    return tuple(found)


def _letter_needed(session: Session, institution_id: int) -> bool:
    row = institution(session, institution_id)
    return authorisation_needed(session, row)


def _task(kind: TaskKind, lacking: tuple[Missing, ...], *, blocked: bool) -> Task:
    if kind in _SECTIONS:
        own = tuple(one for one in lacking if one.section is _SECTIONS[kind])
    else:
        of_contact = kind is TaskKind.CONTACT
        own = tuple(
            one
            for one in lacking
            if one.section is Section.PROFILE and is_contact(one) is of_contact
        )
    own = _distinct(own)
    if blocked:
        return Task(kind, TaskState.BLOCKED)
    return Task(kind, TaskState.TODO if own else TaskState.DONE, own)


def is_contact(missing: Missing) -> bool:
    """Whether a missing fact is stated on the second page of the profile."""
    return missing.details.get("fact") in {f"fact.{fact.name}" for fact in CONTACT}


def _distinct(found: tuple[Missing, ...]) -> tuple[Missing, ...]:
    seen: dict[str, Missing] = {}
    for one in found:
        details = sorted((k, str(v)) for k, v in one.details.items() if k != "kinds")
        seen.setdefault(f"{one.code} {details}", one)
    return tuple(seen.values())
