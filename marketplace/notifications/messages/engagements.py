"""The words of messages about engagements: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "engagement.requested": (
        _("New request %(number)s"),
        _("An enterprise picked your institution for “%(item)s”. Please answer by %(answer_by)s."),
    ),
    "engagement.taken_on": (
        _("Engagement %(number)s is taken on"),
        _(
            "“%(item)s” goes ahead. The signed contract has to be recorded by %(contract_by)s; "
            "after that the engagement lapses."
        ),
    ),
    "engagement.declined": (
        _("Request %(number)s was declined"),
        _("The institution declined “%(item)s”; its reasons stand in the record."),
    ),
    "engagement.lapsed": (
        _("Engagement %(number)s has lapsed"),
        _("For “%(item)s” nothing was done by %(due_on)s. The item is free again."),
    ),
    "engagement.cancelled": (
        _("Engagement %(number)s was cancelled"),
        _("“%(item)s” was cancelled before a contract; the reasons stand in the record."),
    ),
    "engagement.contracted": (
        _("The contract of %(number)s is recorded"),
        _("The client recorded the contract for “%(item)s”, signed on %(signed_on)s."),
    ),
    "engagement.started": (
        _("The clock of %(number)s runs"),
        _("The materials for “%(item)s” are complete. Please deliver by %(due_on)s."),
    ),
    "engagement.paused": (
        _("The clock of %(number)s stands"),
        _("The work on “%(item)s” was paused; reasons and evidence stand in the record."),
    ),
    "engagement.resumed": (
        _("The clock of %(number)s runs again"),
        _("The pause of “%(item)s” has ended. The new due day is %(due_on)s."),
    ),
    "engagement.delivered": (
        _("Version %(version)s of %(number)s was delivered"),
        _("Please accept the version for “%(item)s” or return it by %(answer_by)s."),
    ),
    "engagement.returned": (
        _("Version %(version)s of %(number)s was returned"),
        _("The client's reasons stand in the record. “%(item)s” is due on %(due_on)s."),
    ),
    "engagement.accepted": (
        _("Your work for %(number)s was accepted"),
        _("The client accepted version %(version)s for “%(item)s”."),
    ),
    "engagement.terminated": (
        _("Engagement %(number)s was terminated"),
        _("The work on “%(item)s” has ended; the reasons stand in the record."),
    ),
    "engagement.closed": (
        _("Engagement %(number)s is closed"),
        _("Nothing is owed for “%(item)s” any more."),
    ),
    "engagement.paid": (
        _("A payment for %(number)s was approved"),
        _("The department pays for “%(item)s” out of its budget."),
    ),
    "engagement.due_soon": (
        _("Engagement %(number)s: due soon"),
        _("Something for “%(item)s” has to be done by %(due_on)s. The record says what."),
    ),
    "engagement.overdue": (
        _("Engagement %(number)s is overdue"),
        _("“%(item)s” was due on %(due_on)s. Everybody sees the red light."),
    ),
    "engagement.due_moved": (
        _("Engagement %(number)s: the due day has moved"),
        _("The calendar changed. For “%(item)s” the day was %(due_was)s and is now %(due_on)s."),
    ),
}
