"""The task list of a dossier: what is done, what is to do, what cannot start yet."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import Requirements
from marketplace.institutions.models import Listing
from marketplace.institutions.queries import current
from marketplace.institutions.queries.completeness import (
    authorisation_needed,
    missing,
    missing_in_general,
)
from marketplace.institutions.queries.market import listings_of
from marketplace.institutions.queries.owners import institution
from marketplace.institutions.queries.rows import ListingRow, TermsRow
from marketplace.institutions.queries.seen import seen_terms
from marketplace.institutions.rules import EDITABLE, LISTED, Missing, Section

# The profile is written on two pages; these facts stand on the second.
CONTACT_FACTS = frozenset(
    {"fact.contact_name", "fact.contact_mobile", "fact.office_phone", "fact.profile"}
)


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
        offers.append(Offer(row, seen_terms(terms) if terms else None, lacking))
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
            if one.section is Section.PROFILE
            and (one.details.get("fact") in CONTACT_FACTS) is of_contact
        )
    own = _distinct(own)
    if blocked:
        return Task(kind, TaskState.BLOCKED)
    return Task(kind, TaskState.TODO if own else TaskState.DONE, own)


def _distinct(found: tuple[Missing, ...]) -> tuple[Missing, ...]:
    seen: dict[str, Missing] = {}
    for one in found:
        details = sorted((k, str(v)) for k, v in one.details.items() if k != "kinds")
        seen.setdefault(f"{one.code} {details}", one)
    return tuple(seen.values())
