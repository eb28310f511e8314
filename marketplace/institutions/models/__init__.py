"""Tables of institutions: the dossier in dated versions, and the institution in the market."""

from marketplace.institutions.models.dossier import (
    Affiliation,
    Institution,
    InstitutionFacts,
    Practitioner,
    Qualification,
    Undertaking,
)
from marketplace.institutions.models.market import (
    DossierSubmission,
    Listing,
    ListingTerms,
    SubmittedEvidence,
    SuspensionGround,
)
from marketplace.institutions.models.versioned import FrozenVersionChanged

__all__ = [
    "Affiliation",
    "DossierSubmission",
    "FrozenVersionChanged",
    "Institution",
    "InstitutionFacts",
    "Listing",
    "ListingTerms",
    "Practitioner",
    "Qualification",
    "SubmittedEvidence",
    "SuspensionGround",
    "Undertaking",
]
