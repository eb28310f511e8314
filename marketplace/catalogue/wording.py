"""The catalogue's words: refusals, events, labels, and how limits and requirements are said."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.queries import KindRow, find_item
from marketplace.catalogue.rule_titles import ONE_OF, RULE_GROUPS, RULE_TITLES, UNITS
from marketplace.catalogue.rules import Need
from marketplace.kernel.workdays import Limit
from marketplace.web.context import reading_session
from marketplace.web.words import local_name

REFUSALS: dict[str, LazyString] = {
    "catalogue.operator_only": _("Only the operator's system administrators may change this."),
    "catalogue.unknown_rule": _("There is no rule of this name."),
    "catalogue.rule_in_the_past": _(
        "A rule can only change from today on. What held in the past stays as it was."
    ),
    "catalogue.rule_dated_twice": _(
        "This rule already has a value from that day on. Choose another day."
    ),
    "catalogue.rule_shape": _(
        "The value must have the same form as the present one: a number of at least zero, a list "
        "of numbers, or a table with the same names."
    ),
    "catalogue.synonym_term": _("Enter a term of 1 to 40 characters."),
    "catalogue.synonym_meanings": _(
        "Enter 1 to 12 meanings of up to 40 characters each, none of them the term itself."
    ),
    "catalogue.calendar_year": _("Choose this year or a later one: past days are not recounted."),
    "catalogue.calendar_notice": _("Enter the number of the notice that announced the holidays."),
    "catalogue.calendar_header": _(
        "The first line of the file must name the columns date and is_workday."
    ),
    "catalogue.calendar_line": _(
        "Line %(line)s cannot be read. Write the date as 2027-01-01 and 1 for a working day or 0 "
        "for a day off."
    ),
    "catalogue.calendar_other_year": _("Line %(line)s names a day of another year."),
    "catalogue.calendar_day_twice": _("Line %(line)s names a day that stands above already."),
    "catalogue.calendar_incomplete": _(
        "%(day)s is a public holiday by regulation, but the file does not list it as a day off. "
        "Check that the file is complete."
    ),
    "catalogue.calendar_unchanged": _("This file changes nothing: the year is as it says already."),
    "catalogue.item_limit": _("The limit must be at least one day."),
    "catalogue.item_value": _("This value is not possible for an item. Check it."),
    "catalogue.item_requirements": _(
        "The requirements name a qualification, level or specialty that is not in the catalogue."
    ),
    "catalogue.item_unchanged": _("Nothing was changed, so there is no new version."),
}


LABELS: dict[str, LazyString] = {
    "limit_unit.workdays": _("Working days"),
    "limit_unit.days": _("Calendar days"),
    "limit_basis.law": _("Law or regulation"),
    "limit_basis.ministry_rule": _("Ministerial rule"),
    "limit_basis.other_region_example": _("Comparable list of another region"),
    "limit_basis.assumption": _("Platform default, to be settled by the competent department"),
    "open_to.enterprise": _("Enterprises choose an institution themselves"),
    "open_to.department": _("Departments commission it by competition"),
    "open_to.either": _("Enterprises choose, or departments commission by competition"),
    "applies_to.all_projects": _("All projects"),
    "applies_to.special": _("Projects with special conditions"),
    "year_status.announced": _("Announced"),
    "year_status.statutory": _("Statutory holidays only"),
    "year_status.unknown": _("Weekends only"),
    "region_level.province": _("Province"),
    "region_level.prefecture": _("Prefecture"),
    "region_level.district": _("District"),
    "region_level.county": _("County"),
    "region_level.county_city": _("County-level city"),
    "region_level.autonomous_county": _("Autonomous county"),
    "region_level.stat_zone": _("Development zone"),
    "region_level.admin_committee": _("Administrative committee"),
    "weekday.1": _("Monday"),
    "weekday.2": _("Tuesday"),
    "weekday.3": _("Wednesday"),
    "weekday.4": _("Thursday"),
    "weekday.5": _("Friday"),
    "weekday.6": _("Saturday"),
    "weekday.7": _("Sunday"),
    "item_list.substitute": _("Substitute list"),
    "item_list.official": _("Official list"),
}

# The shipped calendars name their occasions in English.
_HOLIDAYS: dict[str, LazyString] = {
    "New Year's Day": _("New Year's Day"),
    "New Year": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
    "National Day": _("National Day"),
}


def holiday_name(name: str) -> str:
    """An occasion's name in the language of the page; a name we do not know stays as it is."""
    return str(_HOLIDAYS.get(name, name))


def limit_text(limit: Limit) -> str:
    """A limit in words: `15 working days`."""
    return rule_value(limit.value, limit.unit.value)


def need_text(need: Need, kind: KindRow | None, lang: str) -> str:
    """A needed qualification in words: its name, specialty and lowest level."""
    if kind is None:
        return need.kind
    text = kind.called(lang)
    if need.specialty:
        specialty = kind.specialty_name(need.specialty, lang)
        text = str(gettext("%(kind)s (%(specialty)s)", kind=text, specialty=specialty))
    if need.level_at_least:
        level = kind.level_name(need.level_at_least, lang)
        if kind.levels and kind.levels[0].name != need.level_at_least:
            level = str(gettext("%(level)s or higher", level=level))
        text = str(gettext("%(qualification)s, %(level)s", qualification=text, level=level))
    return text


def rule_title(key: str) -> str:
    """What a rule of the rulebook is about; the key itself when it has no words."""
    return str(RULE_TITLES.get(key, key))


def rule_group(key: str) -> str:
    """The subject a rule belongs to: the part of the key before the point."""
    group = key.partition(".")[0]
    return str(RULE_GROUPS.get(group, group))


def rule_value(value: object, unit: str) -> str:
    """A rule's value with its unit, as a page says it."""
    if unit == "ratio" and isinstance(value, int | float):
        return f"{value * 100:g}%"
    if value == 1 and unit in ONE_OF:
        return str(ONE_OF[unit])
    words = str(UNITS[unit]) if unit in UNITS else f"%(count)s {unit}"
    return words % {"count": _listed(value)}


def _listed(value: object) -> str:
    comma = str(gettext(", "))
    if isinstance(value, dict):
        return comma.join(f"{_part(name)} {part}" for name, part in value.items())
    if isinstance(value, list):
        return comma.join(str(part) for part in value)
    return str(value)


def _part(name: str) -> str:
    return str(RULE_TITLES.get(f"part.{name}", name))


def item_name(code: str) -> str:
    """The name of the item of a code in the language of the page; empty where there is none."""
    row = find_item(reading_session(), code) if code else None
    return "" if row is None else local_name(row)
