"""Pure rules of institutions: life cycles, completeness, expiry, the undertaking."""

from marketplace.institutions.rules.completeness import (
    REQUIRED_FACTS,
    Content,
    Missing,
    Section,
    find_missing,
    practitioners_required,
)
from marketplace.institutions.rules.expiry import due_warning, next_attention, next_change
from marketplace.institutions.rules.listing import (
    APPLYING,
    EDITABLE,
    ENDED,
    GROUNDS_ENDING_WITH_WITHDRAWAL,
    IN_VETTING,
    LISTED,
    STEPS,
    GroundKind,
    ListingState,
    move,
    state_by_grounds,
)
from marketplace.institutions.rules.removal import (
    Grade,
    RemovalCause,
    first_day_back,
    period_key,
)
from marketplace.institutions.rules.undertaking import (
    CURRENT_UNDERTAKING,
    UNDERTAKINGS,
    UndertakingText,
)
from marketplace.institutions.rules.versions import (
    CURRENT,
    VERSION_STEPS,
    EvidenceKind,
    SubmissionKind,
    VersionState,
    move_version,
    takes_over,
)
from marketplace.institutions.rules.vocabulary import (
    AffiliationKind,
    HolderKind,
    InstitutionType,
    PriceBasis,
    TieKind,
)

__all__ = [
    "APPLYING",
    "CURRENT",
    "CURRENT_UNDERTAKING",
    "EDITABLE",
    "ENDED",
    "GROUNDS_ENDING_WITH_WITHDRAWAL",
    "IN_VETTING",
    "LISTED",
    "REQUIRED_FACTS",
    "STEPS",
    "UNDERTAKINGS",
    "VERSION_STEPS",
    "AffiliationKind",
    "Content",
    "EvidenceKind",
    "Grade",
    "GroundKind",
    "HolderKind",
    "InstitutionType",
    "ListingState",
    "Missing",
    "PriceBasis",
    "RemovalCause",
    "Section",
    "SubmissionKind",
    "TieKind",
    "UndertakingText",
    "VersionState",
    "due_warning",
    "find_missing",
    "first_day_back",
    "move",
    "move_version",
    "next_attention",
    "next_change",
    "period_key",
    "practitioners_required",
    "state_by_grounds",
    "takes_over",
]
