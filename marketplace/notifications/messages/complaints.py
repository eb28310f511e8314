"""The words of messages about complaints and objections."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "complaint.filed": (
        _("Complaint %(number)s was filed"),
        _("Please take it up, or refuse it with reasons, by %(due_on)s."),
    ),
    "complaint.accepted": (
        _("Complaint %(number)s was taken up"),
        _("The side complained about answers by %(answer_by)s; after that it is decided."),
    ),
    "complaint.refused": (
        _("Complaint %(number)s was not taken up"),
        _("The reasons stand on its page. The supervisor can review them."),
    ),
    "complaint.heard": (
        _("Complaint %(number)s can be decided"),
        _("The other side was heard, or let its time pass. Please propose a decision."),
    ),
    "complaint.proposed": (
        _("Complaint %(number)s waits for a decision"),
        _("A decision is proposed. Another person decides."),
    ),
    "complaint.sent_back": (
        _("Complaint %(number)s was sent back"),
        _("The proposal was not followed; the reason stands on its page."),
    ),
    "complaint.decided": (
        _("Complaint %(number)s is decided"),
        _("The decision with its reasons stands on its page."),
    ),
    "complaint.reviewed": (
        _("Complaint %(number)s was reviewed"),
        _("The supervisor looked at it once more; what holds now stands on its page."),
    ),
    "complaint.overdue": (
        _("Complaint %(number)s is overdue"),
        _("It was due on %(due_on)s. Please clear it at once."),
    ),
    "objection.filed": (
        _("Objection %(number)s holds an award"),
        _("Please decide it by %(due_on)s; the award waits for that."),
    ),
    "objection.proposed": (
        _("Objection %(number)s waits for a decision"),
        _("A decision is proposed. Another person decides."),
    ),
    "objection.sent_back": (
        _("Objection %(number)s was sent back"),
        _("The proposal was not followed; the reason stands on its page."),
    ),
    "objection.decided": (
        _("Objection %(number)s is decided"),
        _("The decision with its reasons stands on its page."),
    ),
    "objection.overdue": (
        _("Objection %(number)s is overdue"),
        _("It was due on %(due_on)s. Please clear it at once."),
    ),
}
