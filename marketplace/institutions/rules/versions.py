"""Dated versions: a fact is drafted, submitted, in force, and then no longer; never overwritten."""

from collections.abc import Mapping
from enum import StrEnum

from marketplace.kernel.steps import step


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
