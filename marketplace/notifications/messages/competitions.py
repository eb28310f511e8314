"""The words of messages about competitions: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "competition.proposed": (
        _("Competition %(number)s waits for your decision"),
        _("An officer has proposed the notice “%(title)s”. Another person publishes it."),
    ),
    "competition.sent_back": (
        _("Competition %(number)s was sent back"),
        _("The approver asks for changes of “%(title)s”; the reason stands in the competition."),
    ),
    "competition.published": (
        _("Competition %(number)s is public"),
        _("“%(title)s” is open for bids; budget and item are reserved."),
    ),
    "competition.question_asked": (
        _("Competition %(number)s: a question"),
        _("Somebody asks about “%(title)s”. Please answer before sign-up closes."),
    ),
    "competition.question_answered": (
        _("Competition %(number)s: a question was answered"),
        _("The department has answered a question about “%(title)s”; the answer is public."),
    ),
    "competition.closed": (
        _("Competition %(number)s: sign-up is closed"),
        _("Sign-up for “%(title)s” is over. Two people of the department open the bids."),
    ),
    "competition.opening_requested": (
        _("Competition %(number)s: please confirm the opening"),
        _("A colleague asks for the opening of “%(title)s”. Another person confirms it."),
    ),
    "competition.opened": (
        _("Competition %(number)s: the bids are open"),
        _(
            "The bids for “%(title)s” were opened. If your price is marked as very low, please "
            "explain it in time."
        ),
    ),
    "competition.price_justified": (
        _("Competition %(number)s: a very low price was explained"),
        _("A bidder has explained its price for “%(title)s”. Please judge the explanation."),
    ),
    "competition.evaluated": (
        _("Competition %(number)s waits for your decision"),
        _("The bids for “%(title)s” are in order. Another person publishes the award."),
    ),
    "competition.award_published": (
        _("Competition %(number)s: the award is published"),
        _("The award of “%(title)s” is public; entrants may object until %(objection_until)s."),
    ),
    "competition.award_held": (
        _("Competition %(number)s: an objection"),
        _("An objection holds the award of “%(title)s” until it is decided."),
    ),
    "competition.award_released": (
        _("Competition %(number)s: the objection is decided"),
        _("The objection to the award of “%(title)s” is decided; see the competition."),
    ),
    "competition.award_set_aside": (
        _("Competition %(number)s: the award was set aside"),
        _("The award of “%(title)s” does not hold any more; the reason stands on its page."),
    ),
    "competition.awarded": (
        _("Competition %(number)s: the award holds"),
        _("“%(title)s” is awarded. The engagement begins with the contract."),
    ),
    "competition.winner_declined": (
        _("Competition %(number)s: the winner declined"),
        _("The next in order of “%(title)s” follows, or the competition fails."),
    ),
    "competition.failed": (
        _("Competition %(number)s failed"),
        _("“%(title)s” ended without an award; the reason stands on its public page."),
    ),
    "competition.cancelled": (
        _("Competition %(number)s was cancelled"),
        _("The department called “%(title)s” off; the reason stands on its public page."),
    ),
    "competition.concluded": (
        _("Competition %(number)s is concluded"),
        _("The contract for “%(title)s” is recorded and its money committed."),
    ),
}
