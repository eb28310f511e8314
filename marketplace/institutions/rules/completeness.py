"""What an application still lacks: named one by one, so that everything is mended at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from marketplace.catalogue.rules import (
    HeldQualification,
    Need,
    Requirements,
    meets,
    missing_requirements,
)


class Section(StrEnum):
    """The parts of a dossier, in the order of the task list."""

    PROFILE = "profile"
    OWNERS = "owners"
    TIES = "ties"
    QUALIFICATIONS = "qualifications"
    PRACTITIONERS = "practitioners"
    UNDERTAKING = "undertaking"
    AUTHORISATION = "authorisation"
    TERMS = "terms"


# The facts every institution must state, in the order of the form.
REQUIRED_FACTS = (
    "type",
    "region_code",
    "address",
    "legal_representative",
    "established",
    "capital_fen",
    "contact_name",
    "contact_mobile",
    "office_phone",
    "profile",
)


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a stable code, the section where it is mended, its details."""

    code: str
    section: Section
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Content:
    """A dossier as far as completeness cares.

    `facts` are the values of `REQUIRED_FACTS`; `has_ties` is None while unanswered;
    `promised_days` is None while no terms are stated; `unscanned` are the certificate numbers
    of qualifications without a scan, `unproved` counts practitioners without one.
    """

    facts: Mapping[str, object]
    owners: int
    has_ties: bool | None
    ties: int
    held: tuple[HeldQualification, ...]
    unscanned: tuple[str, ...]
    practitioners: int
    unproved: int
    undertaking_signed: bool
    authorisation_needed: bool
    authorised: bool
    promised_days: int | None


def practitioners_required(requirements: Requirements) -> bool:
    """A qualification rests on the people who carry it: without one no person need be named."""
    return not requirements.none


def find_missing(
    content: Content,
    requirements: Requirements,
    levels: Mapping[str, tuple[str, ...]],
    limit: int,
    on: date,
) -> tuple[Missing, ...]:
    """Everything an application for an item lacks on the day; empty when it can be submitted.

    `limit` is the item's limit in its own unit; a promise may not be longer.
    """
    return (
        *_profile(content),
        *_affiliations(content),
        *_qualifications(content, requirements, levels, on),
        *_people(content, requirements),
        *_papers(content),
        *_terms(content, limit),
    )


def _profile(content: Content) -> Iterator[Missing]:
    for name in REQUIRED_FACTS:
        if content.facts.get(name) in (None, ""):
            yield Missing("missing.fact", Section.PROFILE, {"fact": f"fact.{name}"})


def _affiliations(content: Content) -> Iterator[Missing]:
    if not content.owners:
        yield Missing("missing.owner", Section.OWNERS)
    if content.has_ties is None:
        yield Missing("missing.ties_answer", Section.TIES)
    elif content.has_ties and not content.ties:
        yield Missing("missing.tie", Section.TIES)


def _qualifications(
    content: Content,
    requirements: Requirements,
    levels: Mapping[str, tuple[str, ...]],
    on: date,
) -> Iterator[Missing]:
    lacking = missing_requirements(requirements, content.held, levels, on)
    for need in lacking.all_of:
        ended = _ended(need, content.held, levels, on)
        if ended is not None:
            details = {"need": need, "ended": ended}
            yield Missing("missing.qualification_expired", Section.QUALIFICATIONS, details)
        else:
            yield Missing("missing.qualification", Section.QUALIFICATIONS, {"need": need})
    if lacking.any_of:
        yield Missing(
            "missing.one_qualification", Section.QUALIFICATIONS, {"needs": lacking.any_of}
        )
    for number in content.unscanned:
        yield Missing("missing.scan", Section.QUALIFICATIONS, {"certificate": number})


def _ended(
    need: Need,
    held: tuple[HeldQualification, ...],
    levels: Mapping[str, tuple[str, ...]],
    on: date,
) -> date | None:
    """When the last certificate that would answer the need ran out, if there was one."""
    ends = [
        one.valid_to
        for one in held
        if one.valid_to is not None
        and one.valid_to < on
        and meets(need, replace(one, valid_from=on, valid_to=None), levels, on)
    ]
    return max(ends, default=None)


def _people(content: Content, requirements: Requirements) -> Iterator[Missing]:
    if practitioners_required(requirements) and not content.practitioners:
        yield Missing("missing.practitioner", Section.PRACTITIONERS)
    if content.unproved:
        details = {"count": content.unproved}
        yield Missing("missing.practitioner_scan", Section.PRACTITIONERS, details)


def _papers(content: Content) -> Iterator[Missing]:
    if not content.undertaking_signed:
        yield Missing("missing.undertaking", Section.UNDERTAKING)
    if content.authorisation_needed and not content.authorised:
        yield Missing("missing.authorisation", Section.AUTHORISATION)


def _terms(content: Content, limit: int) -> Iterator[Missing]:
    if content.promised_days is None:
        yield Missing("missing.terms", Section.TERMS)
    elif content.promised_days > limit:
        details = {"days": content.promised_days, "limit": limit}
        yield Missing("missing.terms_too_long", Section.TERMS, details)
