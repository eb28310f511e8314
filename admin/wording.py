"""Words of the back office: what it refuses, its groups, states and subjects."""

from flask_babel import lazy_gettext as _

REFUSALS = {
    "backoffice.item_moved": _(
        "Somebody else has put a version of this item in force meanwhile. Open the page again and "
        "enter your changes anew."
    ),
}

# What events are about.
SUBJECTS = {
    "api_token": _("Access token"),
    "approval_item": _("Approval item"),
    "approval_channel": _("Link with the approval platform"),
    "assessment": _("Assessment"),
    "assessment_cycle": _("Assessment cycle"),
    "budget_line": _("Budget line"),
    "calendar_year": _("Calendar year"),
    "competence": _("Competence"),
    "commission_request": _("Request to a department"),
    "competition": _("Competition"),
    "complaint": _("Complaint"),
    "credit_code": _("Credit code"),
    "data_keys": _("Keys of stored values"),
    "delivery": _("Delivery"),
    "engagement": _("Engagement"),
    "fault_report": _("Fault report"),
    "file": _("File"),
    "institution": _("Institution"),
    "invitation": _("Invitation"),
    "item": _("Service item"),
    "item_list": _("List of items"),
    "listing": _("Listing"),
    "membership": _("Membership"),
    "membership_request": _("Membership request"),
    "notice": _("Notice"),
    "notification": _("Notification"),
    "objection": _("Objection"),
    "organisation": _("Organisation"),
    "payment": _("Payment"),
    "project": _("Investment project"),
    "qualification_kind": _("Qualification kind"),
    "quotation_round": _("Quotation round"),
    "rectification": _("Rectification"),
    "registration": _("Registration"),
    "removal_case": _("Removal case"),
    "rulebook_entry": _("Rulebook entry"),
    "synonym": _("Search synonym"),
    "user": _("User"),
    "vetting_case": _("Vetting case"),
    "wanted_project": _("Wanted project"),
    "worker": _("Worker"),
}

LABELS = {
    "open_work.request": _("Request of an enterprise"),
    "open_work.competition": _("Competition"),
    "open_work.engagement": _("Engagement"),
    "open_work.claim": _("Item kept for a project"),
    "open_work.budget": _("Money reserved or committed"),
    "backoffice.group.policy": _("Rules of the market"),
    "backoffice.group.reference": _("Reference tables"),
    "backoffice.group.people": _("People and organisations"),
    "backoffice.group.running": _("Running the platform"),
    "backoffice.group.records": _("Records"),
    "backoffice.delivery.pending": _("On their way"),
    "backoffice.delivery.done": _("Delivered"),
    "backoffice.delivery.parked": _("Failed for good"),
    "backoffice.delivery.skipped": _("Given up"),
    "backoffice.session_end.signed_out": _("signed out"),
    "backoffice.session_end.proven": _("went on after the second factor"),
    "backoffice.session_end.by_owner": _("ended by its owner"),
    "backoffice.session_end.password": _("password changed"),
    "backoffice.session_end.security": _("ended by the security administrator"),
    "backoffice.session_end.membership": _("membership ended"),
    "backoffice.session_end.expired": _("idle or too old"),
    **{f"subject.{code}": words for code, words in SUBJECTS.items()},
}
