"""The parts of the catalogue that are read, kept and renewed as a whole."""

from enum import StrEnum


class Part(StrEnum):
    """A part of the catalogue with a change stamp of its own."""

    ITEMS = "items"
    REGIONS = "regions"
    KINDS = "kinds"
    RULEBOOK = "rulebook"
    CALENDAR = "calendar"
    SYNONYMS = "synonyms"
