"""What each rule of the rulebook is about, in words; used by the public rulebook page."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

RULE_GROUPS: dict[str, LazyString] = {
    "vetting": _("Vetting of institutions"),
    "qualification": _("Qualifications"),
    "engagement": _("Engagements"),
    "rating": _("Client ratings"),
    "clock": _("Clocks and lights"),
    "approval": _("Approval of projects"),
    "competition": _("Competitions"),
    "payment": _("Payments out of budgets"),
    "complaint": _("Complaints"),
    "assessment": _("Annual assessment"),
    "removal": _("Removal and re-admission"),
    "account": _("Accounts and sign-in"),
    "upload": _("Files"),
    "retention": _("Keeping of records"),
}

RULE_TITLES: dict[str, LazyString] = {
    "vetting.completeness_days": _("Time to check that an application is complete"),
    "vetting.substance_days": _("Time to examine an application"),
    "vetting.correction_lapse_days": _("Time to answer a returned application before it lapses"),
    "vetting.corrections_allowed": _("How often an application may be returned for correction"),
    "qualification.expiry_warning_days": _("Warnings before a qualification expires"),
    "engagement.answer_days": _("Time for an institution to answer a request"),
    "engagement.contract_reminder_days": _("Reminder when no contract has been signed"),
    "engagement.contract_lapse_days": _("Lapse when no contract has been signed"),
    "engagement.acceptance_days": _("Time for the client to answer a delivery"),
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
    "account.lockout_minutes": _("How long a locked account stays locked"),
    "account.idle_minutes": _("Sign-out after being idle"),
    "account.absolute_hours": _("Longest time signed in"),
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
