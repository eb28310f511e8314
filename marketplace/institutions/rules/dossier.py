"""What a dossier consists of, its dated versions, the undertaking, what an application lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from marketplace.catalogue.rules import items as catalogue_rules
from marketplace.kernel.steps import step
from marketplace.kernel.workdays import Limit


class InstitutionType(StrEnum):
    """The legal form of the institution."""

    COMPANY = "company"
    PARTNERSHIP = "partnership"
    PUBLIC_INSTITUTION = "public_institution"
    SOCIAL_ORGANISATION = "social_organisation"
    OTHER = "other"


class AffiliationKind(StrEnum):
    """Who owns the institution, and which public bodies it is tied to."""

    OWNER = "owner"
    DEPARTMENT = "department"


class HolderKind(StrEnum):
    """An owner is a legal person, known by its credit code, or a natural one."""

    ORGANISATION = "organisation"
    PERSON = "person"


class TieKind(StrEnum):
    """How an institution is tied to an approval department or one of its bodies."""

    SUBORDINATE = "subordinate"
    FORMERLY_SUBORDINATE = "formerly_subordinate"
    FUNDED = "funded"
    SHARED_STAFF = "shared_staff"
    SHARED_PREMISES = "shared_premises"
    OTHER = "other"


class PriceBasis(StrEnum):
    """By what an institution charges for an item."""

    FIXED = "fixed"
    PER_UNIT = "per_unit"
    SHARE = "share"
    QUOTED = "quoted"


# An amount of money belongs to it, for the whole or for each unit.
PRICED = frozenset({PriceBasis.FIXED, PriceBasis.PER_UNIT})


class Priced(Protocol):
    """What says by how much is charged."""

    @property
    def price_basis(self) -> PriceBasis: ...
    @property
    def amount_fen(self) -> int | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def rate_millionths(self) -> int | None: ...


def price_for(terms: Priced, investment_fen: int) -> int | None:
    """What is asked for one commission, in fen: fixed, or the share of the project's investment.

    None where only a quotation says it: by the unit, or for each project.
    """
    if terms.price_basis is PriceBasis.SHARE and terms.rate_millionths is not None:
        return (investment_fen * terms.rate_millionths + 500_000) // 1_000_000
    return terms.amount_fen if terms.price_basis is PriceBasis.FIXED else None


class VersionState(StrEnum):
    """Where a version stands. `dropped` never came into force."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


V = VersionState


VERSION_STEPS: Mapping[VersionState, frozenset[VersionState]] = {
    V.DRAFT: frozenset({V.SUBMITTED, V.DROPPED}),
    V.SUBMITTED: frozenset({V.IN_FORCE, V.DROPPED}),
    V.IN_FORCE: frozenset({V.SUPERSEDED}),
    V.SUPERSEDED: frozenset(),
    V.DROPPED: frozenset(),
}


# What the institution says of itself at present; the newest of these is what it would submit.
CURRENT = frozenset({V.DRAFT, V.SUBMITTED, V.IN_FORCE})


class SubmissionKind(StrEnum):
    """What the institution asks the association to vet."""

    ADMISSION = "admission"
    CHANGE = "change"
    RENEWAL = "renewal"
    READMISSION = "readmission"


class SubmissionOutcome(StrEnum):
    """How a submission ended: approved, to be corrected, or without effect."""

    IN_FORCE = "in_force"
    RETURNED = "returned"
    DROPPED = "dropped"


class EvidenceKind(StrEnum):
    """The kinds of versions a submission freezes."""

    FACTS = "facts"
    QUALIFICATION = "qualification"
    PRACTITIONER = "practitioner"
    TERMS = "terms"
    UNDERTAKING = "undertaking"
    AUTHORISATION = "authorisation"


def move_version(current: VersionState, target: VersionState) -> VersionState:
    """Return `target` if a version may become that, else raise `version.illegal_step`."""
    return step(VERSION_STEPS, current, target, "version.illegal_step")


def takes_over(number: int, number_in_force: int | None) -> bool:
    """Whether an approved version comes into force: an older one never replaces a newer one."""
    return number_in_force is None or number > number_in_force


@dataclass(frozen=True)
class UndertakingText:
    """One version: its points in Chinese, which is binding, and in English, which explains."""

    version: str
    points: tuple[str, ...]
    points_en: tuple[str, ...]

    @property
    def text(self) -> str:
        """The binding text as it is stored with a signature."""
        return "\n".join(f"{number}. {point}" for number, point in enumerate(self.points, 1))


UNDERTAKINGS = (
    UndertakingText(
        version="2026-1",
        points=(
            "所提交的材料真实、准确、完整，与原件一致；资料变化后及时更新。",
            "按照公开承诺的时限和收费标准提供服务，不擅自延长时限，不额外收费。",
            "由行政审批部门委托并付费的事项，不向投资企业收取任何费用。",
            "独立、客观、公正开展服务，对出具的成果负责，不出具虚假或者失实的成果。",
            "如实报告与行政审批部门及其所属单位的关系，与服务对象有利害关系时主动回避。",
            "保守在服务中知悉的国家秘密、商业秘密和个人信息。",
            "接受行业协会和主管部门的监督检查、年度考核和服务评价；违反承诺的，接受暂停、清退等处理。",
        ),
        points_en=(
            (
                "The papers submitted are true, accurate and complete and agree with the originals;"
                " they are kept up to date."
            ),
            (
                "Services are rendered within the published days and at the published prices,"
                " without extension or extra charge of our own making."
            ),
            (
                "Where an approval department commissions and pays, investment enterprises are not"
                " charged anything."
            ),
            (
                "We work independently, objectively and fairly, answer for our results, and issue"
                " no false or misleading result."
            ),
            (
                "We report our ties to approval departments and their bodies truthfully, and step"
                " aside where we have an interest in the client."
            ),
            "We keep the state secrets, business secrets and personal data we learn of.",
            (
                "We accept inspection, annual assessment and client ratings by the association and"
                " the authorities, and suspension or removal where we break this undertaking."
            ),
        ),
    ),
)


CURRENT_UNDERTAKING = UNDERTAKINGS[-1]


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


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a stable code, the section where it is mended, its details."""

    code: str
    section: Section
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Content:
    """A dossier as far as completeness cares.

    `facts` are the values of the facts that must be stated; `has_ties` is None while unanswered;
    `promised_days` is None while no terms are stated; `unscanned` are the certificate numbers
    of qualifications without a scan, `unproved` counts practitioners without one.
    """

    facts: Mapping[str, object]
    owners: int
    has_ties: bool | None
    ties: int
    held: tuple[catalogue_rules.HeldQualification, ...]
    unscanned: tuple[str, ...]
    practitioners: int
    unproved: int
    undertaking_signed: bool
    authorisation_needed: bool
    authorised: bool
    promised_days: int | None


def practitioners_required(requirements: catalogue_rules.Requirements) -> bool:
    """A qualification rests on the people who carry it: without one no person need be named."""
    return not requirements.none


def find_missing(
    content: Content,
    requirements: catalogue_rules.Requirements,
    levels: Mapping[str, tuple[str, ...]],
    limit: Limit,
    on: date,
) -> tuple[Missing, ...]:
    """Everything an application for an item lacks on the day; empty when it can be submitted.

    `limit` is the item's limit; a promise, in the same unit, may not be longer.
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
    for name, value in content.facts.items():
        if value in (None, ""):
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
    requirements: catalogue_rules.Requirements,
    levels: Mapping[str, tuple[str, ...]],
    on: date,
) -> Iterator[Missing]:
    lacking = catalogue_rules.missing_requirements(requirements, content.held, levels, on)
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
    need: catalogue_rules.Need,
    held: tuple[catalogue_rules.HeldQualification, ...],
    levels: Mapping[str, tuple[str, ...]],
    on: date,
) -> date | None:
    """When the last certificate that would answer the need ran out, if there was one."""
    ends = [
        one.valid_to
        for one in held
        if one.valid_to is not None
        and one.valid_to < on
        and catalogue_rules.meets(need, replace(one, valid_from=on, valid_to=None), levels, on)
    ]
    return max(ends, default=None)


def _people(content: Content, requirements: catalogue_rules.Requirements) -> Iterator[Missing]:
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


def _terms(content: Content, limit: Limit) -> Iterator[Missing]:
    if content.promised_days is None:
        yield Missing("missing.terms", Section.TERMS)
    elif content.promised_days > limit.value:
        details = {"days": replace(limit, value=content.promised_days), "limit": limit}
        yield Missing("missing.terms_too_long", Section.TERMS, details)
