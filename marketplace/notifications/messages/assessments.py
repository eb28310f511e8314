"""The words of messages about assessments and removals."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "assessment_cycle.preliminary_published": (
        _("The preliminary grades of %(year)s are public"),
        _(
            "Look at your points and how they were reckoned. You can object until "
            "%(objection_until)s."
        ),
    ),
    "assessment_cycle.objections_ended": (
        _("The grades of %(year)s can become final"),
        _(
            "The time for objections is over. Decide those that are open, then make the grades "
            "final."
        ),
    ),
    "assessment.objection_filed": (
        _("An objection to a grade of %(year)s"),
        _("The institution objects to its grade for “%(item)s”. Another person decides about it."),
    ),
    "assessment.objection_decided": (
        _("Your objection to a grade of %(year)s is decided"),
        _("The decision for “%(item)s” stands on the score sheet with its reasons."),
    ),
    "assessment.final": (
        _("Your grade of %(year)s is final"),
        _("The points and the grade for “%(item)s” stand on the score sheet."),
    ),
    "assessment.rectification_noticed": (
        _("Please rectify: grade C of %(year)s"),
        _("Put right what cost you points for “%(item)s”; the score sheet shows it."),
    ),
    "removal_case.opened": (
        _("Removal case %(number)s was opened"),
        _("It is about “%(item)s”. Tell the institution next."),
    ),
    "removal_case.notified": (
        _("Removal case %(number)s: please reply"),
        _("It is looked at whether “%(item)s” is removed from the market. Reply by %(reply_by)s."),
    ),
    "removal_case.interim_taken": (
        _("Removal case %(number)s: interim measure"),
        _("“%(item)s” is suspended until the decision."),
    ),
    "removal_case.heard": (
        _("Removal case %(number)s: a decision can be proposed"),
        _("The institution was heard about “%(item)s”, or let its time pass."),
    ),
    "removal_case.proposed": (
        _("Removal case %(number)s waits for a decision"),
        _("A decision about “%(item)s” is proposed. Another person decides."),
    ),
    "removal_case.sent_back": (
        _("Removal case %(number)s was sent back"),
        _("The proposal about “%(item)s” was not followed; the reason stands in the case."),
    ),
    "removal_case.decided": (
        _("Removal case %(number)s is decided"),
        _("The decision about “%(item)s” stands in the case with its reasons."),
    ),
}
