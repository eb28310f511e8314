"""The words of messages about rounds of quotations and the choice to keep or move."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "quotation_round.opened": (
        _("You are asked for a quotation (%(number)s)"),
        _("An enterprise asks what “%(item)s” would cost. Please answer by %(answer_by)s."),
    ),
    "quotation_round.answered": (
        _("A quotation arrived (%(number)s)"),
        _("An institution has quoted for “%(item)s”. You see it when the round is closed."),
    ),
    "quotation_round.declined": (
        _("An institution does not quote (%(number)s)"),
        _("One of the institutions you asked about “%(item)s” does not quote; it says why."),
    ),
    "quotation_round.closed": (
        _("The round of quotations %(number)s is closed"),
        _(
            "Quotations for “%(item)s”: %(answers)s. Compare them and pick one; if there is none, "
            "withdraw the round and ask others, or pick an institution directly."
        ),
    ),
    "quotation_round.picked": (
        _("Round %(number)s is decided"),
        _(
            "For “%(item)s” the enterprise has chosen another institution this time. Thank you for "
            "your quotation."
        ),
    ),
    "quotation_round.withdrawn": (
        _("Round %(number)s was withdrawn"),
        _("The enterprise asks no longer about “%(item)s”; its reason stands in the request."),
    ),
    "engagement.choice_asked": (
        _("Keep or move engagement %(number)s"),
        _(
            "The institution at work on “%(item)s” was removed from the market. Please choose "
            "whether it finishes this work or another institution takes over."
        ),
    ),
    "engagement.choice_made": (
        _("The client has chosen how engagement %(number)s goes on"),
        _("After the removal, the client's choice for “%(item)s” is: %(way)s."),
    ),
    "engagement.rated": (
        _("The client rated engagement %(number)s"),
        _("You can read the rating for “%(item)s” and reply to it once."),
    ),
    "engagement.rating_revised": (
        _("The client revised the rating of %(number)s"),
        _("The rating for “%(item)s” was changed; it stands on the page of the engagement."),
    ),
    "engagement.rating_answered": (
        _("The institution replied to your rating of %(number)s"),
        _("The reply about “%(item)s” stands beside your rating."),
    ),
}
