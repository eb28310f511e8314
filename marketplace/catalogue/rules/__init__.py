"""Pure rules of the catalogue: requirements, the region tree, the rulebook, calendar files."""

from marketplace.catalogue.rules.calendar_file import DayEntry, parse_calendar_year
from marketplace.catalogue.rules.regions import RegionRow, RegionTree
from marketplace.catalogue.rules.requirements import (
    HeldQualification,
    Missing,
    Need,
    Requirements,
    lapses_on,
    meets,
    missing_requirements,
    satisfying,
)
from marketplace.catalogue.rules.rulebook import Rulebook, RuleEntry, check_value

__all__ = [
    "DayEntry",
    "HeldQualification",
    "Missing",
    "Need",
    "RegionRow",
    "RegionTree",
    "Requirements",
    "RuleEntry",
    "Rulebook",
    "check_value",
    "lapses_on",
    "meets",
    "missing_requirements",
    "parse_calendar_year",
    "satisfying",
]
