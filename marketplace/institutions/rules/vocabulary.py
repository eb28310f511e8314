"""The closed lists of words in an institution's dossier."""

from enum import StrEnum


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
