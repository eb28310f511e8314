"""The words of messages about vetting cases: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "vetting_case.opened": (
        _("Application %(number)s received"),
        _(
            "The application for “%(item)s” was received; its completeness is "
            "checked by %(due_on)s."
        ),
    ),
    "vetting_case.taken": (
        _("Application %(number)s is being examined"),
        _("An examiner has taken the application for “%(item)s”."),
    ),
    "vetting_case.assigned": (
        _("Case %(number)s was given to you"),
        _("Please examine the application for “%(item)s”."),
    ),
    "vetting_case.returned": (
        _("Application %(number)s: please correct %(points)s points"),
        _(
            "Everything that is missing for “%(item)s” is named. Please correct it "
            "by %(answer_by)s; after that the application lapses."
        ),
    ),
    "vetting_case.resubmitted": (
        _("Case %(number)s was corrected"),
        _("The applicant has answered for “%(item)s”; the check goes on until %(due_on)s."),
    ),
    "vetting_case.proposed": (
        _("Case %(number)s waits for your decision"),
        _("An examiner has proposed to decide “%(item)s”: %(outcome)s. Another person decides."),
    ),
    "vetting_case.sent_back": (
        _("Case %(number)s was sent back to you"),
        _("The approver asks for another look at “%(item)s”; the reason stands in the case."),
    ),
    "vetting_case.decided": (
        _("Application %(number)s is decided: %(outcome)s"),
        _("The decision on “%(item)s” with its reasons stands in the case."),
    ),
    "vetting_case.withdrawn": (
        _("Case %(number)s was withdrawn"),
        _("The applicant has withdrawn the application for “%(item)s”."),
    ),
    "vetting_case.ended_by_removal": (
        _("Application %(number)s ended"),
        _("A removal of “%(item)s” was decided, so the application for it ended."),
    ),
    "vetting_case.lapsed": (
        _("Application %(number)s has lapsed"),
        _(
            "No correction for “%(item)s” came by %(answer_by)s. A new application "
            "is possible at any time."
        ),
    ),
    "vetting_case.overdue": (
        _("Case %(number)s is overdue"),
        _("“%(item)s” was due on %(due_on)s. Please clear it at once."),
    ),
    "vetting_case.due_moved": (
        _("Case %(number)s: the due date has moved"),
        _("After a change of the working calendar “%(item)s” is due on %(due_on)s."),
    ),
}
