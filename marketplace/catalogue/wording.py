"""The catalogue's words: refusals, labels, rules, and how limits and requirements are said."""

from typing import TYPE_CHECKING, Any, Protocol

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue.rules.items import Need
from marketplace.kernel.workdays import Limit
from marketplace.web.wording import label

if TYPE_CHECKING:
    from marketplace.catalogue.queries.rows import ItemRow, KindRow

RULE_GROUPS: dict[str, LazyString] = {
    "vetting": _("Vetting of institutions"),
    "qualification": _("Qualifications"),
    "engagement": _("Engagements"),
    "rating": _("Client ratings"),
    "clock": _("Clocks and lights"),
    "approval": _("Approval of projects"),
    "commission_request": _("Requests to departments"),
    "competition": _("Competitions"),
    "payment": _("Payments out of budgets"),
    "complaint": _("Complaints"),
    "assessment": _("Annual assessment"),
    "removal": _("Removal and re-admission"),
    "account": _("Accounts and sign-in"),
    "upload": _("Files"),
    "retention": _("Keeping of records"),
    "recusal": _("Recusal for ties"),
}


RULE_TITLES: dict[str, LazyString] = {
    "vetting.completeness_days": _("Time to check that an application is complete"),
    "vetting.substance_days": _("Time to examine an application"),
    "vetting.correction_lapse_days": _("Time to answer a returned application before it lapses"),
    "vetting.corrections_allowed": _("How often an application may be returned for correction"),
    "qualification.expiry_warning_days": _("Warnings before a qualification expires"),
    "recusal.past_membership_days": _("How long who has left an organisation is still tied to it"),
    "engagement.answer_days": _("Time for an institution to answer a request"),
    "engagement.contract_reminder_days": _("Reminder when no contract has been signed"),
    "engagement.contract_lapse_days": _("Lapse when no contract has been signed"),
    "engagement.materials_days": _("Time for the client to hand over what the contract says"),
    "engagement.verdict_return_days": _(
        "Time to mend accepted work that the approving department returned"
    ),
    "engagement.amendment_lapse_days": _("Lapse of an amendment that was not confirmed"),
    "engagement.acceptance_days": _("Time for the client to answer a delivery"),
    "engagement.award_ruling_days": _("Time to rule about the overdue contract of an award"),
    "engagement.project_ended_days": _(
        "Time to say what becomes of work whose project ended or changed hands"
    ),
    "engagement.incident_answer_days": _("Time to answer an incident during the work"),
    "engagement.incident_most_open": _(
        "Most incidents of one side that wait for an answer at once"
    ),
    "engagement.quotation_max_asked": _("Most institutions asked for a quotation at once"),
    "rating.days": _("Time to rate a service after acceptance"),
    "rating.revision_days": _("Time to revise a rating once"),
    "clock.yellow_days": _("When a light turns yellow before the due day"),
    "approval.before_construction_general": _(
        "Approval before construction starts, ordinary projects"
    ),
    "approval.before_construction_special": _(
        "Approval before construction starts, projects with special conditions"
    ),
    "competition.signup_days": _("Shortest time to sign up for a competition"),
    "competition.minimum_entrants": _("Fewest entrants of a competition"),
    "competition.minimum_entrants_merit_rerun": _(
        "Fewest entrants when a merit competition is run again"
    ),
    "competition.reruns_allowed": _("How often a competition may be run again"),
    "competition.objection_days": _("Time to object to an award"),
    "competition.low_price_below_mean": _("Low price to be justified: below the mean by"),
    "competition.low_price_below_next": _("Low price to be justified: below the next bid by"),
    "competition.low_price_justification_days": _("Time to justify a low price"),
    "competition.publish_days": _("Time to publish a proposed competition or send it back"),
    "competition.opening_days": _("Time to open the bids after sign-up closes"),
    "competition.evaluation_days": _("Time to evaluate the bids after the opening"),
    "competition.award_days": _("Time to publish the award after the evaluation"),
    "payment.approval_days": _("Time to approve or refuse a proposed payment"),
    "payment.after_acceptance_days": _("Time to pay for accepted work"),
    "commission_request.answer_days": _("Time for a department to answer an enterprise's request"),
    "commission_request.notice_days": _("Time for the notice after a request was taken up"),
    "complaint.acknowledge_days": _("Time to acknowledge a complaint"),
    "complaint.hearing_days": _("Time for the other side to be heard"),
    "complaint.decision_days": _("Time to decide a complaint"),
    "complaint.upheld_for_removal": _("Upheld complaints that open a removal case"),
    "assessment.weights": _("Weights of the annual score"),
    "assessment.minimum_engagements": _("Fewest engagements for a grade"),
    "assessment.rating_prior_weight": _("Weight of the item's mean in the rating"),
    "assessment.grades": _("Points needed for each grade"),
    "assessment.objection_days": _("Time to object to a preliminary grade"),
    "removal.reply_days": _("Time to reply in a removal case"),
    "removal.minimum_period_days": _("Shortest time before re-admission"),
    "removal.minimum_period_expired_certificate_days": _(
        "Shortest time before re-admission after an expired certificate"
    ),
    "account.lockout_failures": _("Failed sign-ins before an account is locked"),
    "account.lockout_everywhere_failures": _(
        "Failed sign-ins before an account is locked at every address"
    ),
    "account.address_slow_failures": _("Failed sign-ins before an address is slowed down"),
    "account.lockout_minutes": _("How long a locked account stays locked"),
    "account.idle_minutes": _("Sign-out after being idle"),
    "account.absolute_hours": _("Longest time signed in"),
    "account.fresh_proof_minutes": _("How long a password or code shown counts for weighty acts"),
    "upload.max_megabytes": _("Largest file"),
    "retention.personal_years": _("How long personal data is kept"),
    "part.on_time": _("on time"),
    "part.first_pass": _("accepted at first"),
    "part.client_rating": _("client rating"),
    "part.conduct": _("conduct"),
    "part.credentials": _("credentials"),
    "part.inspection": _("inspection"),
}


# How a value is said with its unit.
UNITS: dict[str, LazyString] = {
    "workdays": _("%(count)s working days"),
    "days": _("%(count)s calendar days"),
    "times": _("%(count)s times"),
    "institutions": _("%(count)s institutions"),
    "incidents": _("%(count)s incidents"),
    "entrants": _("%(count)s entrants"),
    "complaints in 12 months": _("%(count)s complaints within 12 months"),
    "points": _("Points: %(count)s"),
    "points at least": _("Points, at least: %(count)s"),
    "engagements": _("%(count)s engagements"),
    "ratings": _("%(count)s ratings"),
    "failures": _("%(count)s failures"),
    "minutes": _("%(count)s minutes"),
    "hours": _("%(count)s hours"),
    "MiB": _("%(count)s MB"),
    "years": _("%(count)s years"),
}

ONE_OF: dict[str, LazyString] = {
    "workdays": _("1 working day"),
    "days": _("1 calendar day"),
    "times": _("once"),
}

REFUSALS: dict[str, LazyString] = {
    "catalogue.payer_basis": _("Name the rule by which whoever may commission the item now pays."),
    "catalogue.payer_document": _(
        "Who may commission an item changes by a document. Enter its number."
    ),
    "catalogue.item_ended": _("This service has ended. Nobody can apply for or commission it."),
    "catalogue.no_code_left": _("There is no number left for another service. End one instead."),
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
        "The first line of the file must name the columns date and is_workday, or 日期 and"
        " 是否工作日."
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
    "catalogue.moved": _(
        "Somebody else has changed this meanwhile. Open the page again and enter your changes anew."
    ),
    "catalogue.unchanged": _("Nothing was changed, so there is no new version."),
    "catalogue.approval_code": _(
        "Write the code by which the approval platform names it: 1 to 8 capital letters, digits "
        "and hyphens."
    ),
    "catalogue.approval_code_taken": _("Another approval item has this code."),
    "catalogue.approval_name": _("Write the name."),
    "catalogue.approval_stage": _("Choose a stage from the list."),
    "catalogue.approval_departments": _("Choose the departments that decide it from the list."),
    "catalogue.approval_applies_to": _("Choose to which projects it applies."),
    "catalogue.approval_condition": _(
        "What applies to all projects has no condition. Choose some projects, or leave it empty."
    ),
    "catalogue.approval_ended": _(
        "An approval item that has ended is not linked anew. Change it first, which offers it "
        "again, or leave it out."
    ),
    "catalogue.approval_ended_already": _("This approval item has ended already."),
    "catalogue.version_in_the_past": _(
        "A change begins today or later. What held in the past stays as it was."
    ),
    "catalogue.version_before_last": _(
        "A change that begins on %(day)s is entered already. This one may begin on that day or "
        "later."
    ),
    "catalogue.kind_code": _(
        "Write the code with 2 to 40 small letters, digits and underscores, a letter first."
    ),
    "catalogue.kind_code_taken": _("Another kind of qualification has this code. Choose another."),
    "catalogue.kind_name": _("Write the name."),
    "catalogue.kind_name_taken": _(
        "Another kind of qualification has this name. Change that one, or choose another name."
    ),
    "catalogue.kind_ended": _("This kind of qualification has ended already."),
    "catalogue.kind_used": _(
        "This kind cannot end while an item asks for it or an institution holds it or has drafted "
        "it. Change the items first; certificates stay until they are replaced or dropped."
    ),
    "catalogue.term_needs_english": _("Write the name and the English name in every line."),
    "catalogue.term_too_long": _(
        "%(term)s is too long: write at most %(most)s characters, in English at most 100."
    ),
    "catalogue.term_twice": _("%(term)s stands there twice."),
    "catalogue.term_used": _(
        "%(term)s is held by an institution or asked for by an item, so it must stay as it is "
        "written. Its English name and its place may change."
    ),
    "catalogue.item_limit": _("The limit must be at least one day."),
    "catalogue.item_value": _("This value is not possible for an item. Check it."),
    "catalogue.lines": _(
        "Write at most %(most)s lines of at most %(longest)s characters each, and none twice."
    ),
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
    "open_to.nobody": _("Ended: nobody can commission it any more"),
    "item_kind.listed": _("Listed items"),
    "item_kind.market": _("Market services (examples of the platform)"),
    "applies_to.all_projects": _("All projects"),
    "applies_to.special": _("Some projects; which ones is not published"),
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


def most_text(item: "ItemRow") -> str:
    """The longest that the item may take, in words; of a service that it is agreed."""
    if item.of_market:
        return str(gettext("as agreed in the contract"))
    return limit_text(item.longest_limit)


class Timed(Protocol):
    """What has a limit: an item, or a round that asks about one."""

    @property
    def limit(self) -> Limit: ...


def days_text(count: object, timed: Timed) -> str:
    """So many days of the kind that the limit counts: `15 working days`."""
    return rule_value(count, timed.limit.unit.value)


# How refusals of any feature say these values.
SAID = {Limit: limit_text}


def need_text(need: Need, kind: "KindRow | None", lang: str) -> str:
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


class Applying(Protocol):
    """What is asked of an approval item: which projects it is for, and on what condition."""

    applies_to: Any
    condition: Any
    condition_en: Any


def applies_text(approval: Applying, lang: str) -> str:
    """To which projects an approval item applies: the condition, where there is one."""
    condition = (lang == "en" and approval.condition_en) or approval.condition
    if not condition:
        return label(f"applies_to.{approval.applies_to}")
    return str(gettext("Only these projects: %(condition)s", condition=condition))


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
