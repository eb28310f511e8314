"""The words of quotation rounds."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.quotations.rules import RequestState, RoundState

REFUSALS: dict[str, LazyString] = {
    "quoting.illegal_step": _(
        "The round of quotations has moved on since you opened the page. Look at it again."
    ),
    "quoting.nobody_asked": _("Choose at least one institution to ask."),
    "quoting.too_many_asked": _("At most %(most)s institutions are asked in one round."),
    "quoting.answer_by_too_early": _(
        "Choose a day after today, so that the institutions have at least one whole day."
    ),
    "quoting.answer_by_too_late": _("Choose a day no later than %(latest)s."),
    "quoting.price_needed": _("Enter a price above zero."),
    "quoting.days_needed": _("Enter the number of days the work will take."),
    "quoting.days_above_limit": _("The item allows at most %(limit)s. Promise no more."),
    "quoting.already_open": _(
        "Institutions are being asked about this item of the project already. Wait for the answers "
        "or withdraw that round first."
    ),
    "quoting.not_open": _("The round of quotations is closed."),
    "quoting.not_the_client": _("Only the enterprise that asked may do this."),
    "quoting.not_asked": _("Only an institution that was asked may do this."),
    "quoting.nothing_answered": _("Nobody has answered yet."),
    "quoting.ended": _("This round of quotations has ended."),
    "quoting.still_open": _(
        "The quotations are shown when the round is closed, so that no price is played off against "
        "another."
    ),
    "quoting.too_many_questions": _(
        "Your institution has asked %(most)s questions in this round. Ask the enterprise directly, "
        "or quote with a condition."
    ),
    "quoting.already_answered": _("This question is answered already."),
    "quoting.already_declined": _("Your institution has declined to quote."),
    "quoting.not_the_answer": _(
        "This quotation does not count any more. Look at the comparison again."
    ),
}

LABELS: dict[str, LazyString] = {
    "quotation_round.open": _("Waiting for quotations"),
    "quotation_round.closed": _("Ready to compare"),
    "quotation_round.unanswered": _("Nobody quoted"),
    "quotation_round.picked": _("Picked"),
    "quotation_round.withdrawn": _("Round withdrawn"),
    "quotation_request.asked": _("Not answered yet"),
    "quotation_request.answered": _("Quoted"),
    "quotation_request.declined": _("Does not quote"),
    "quotation_request.expired": _("No answer"),
}

_ROUND_TONES: dict[str, str] = {
    RoundState.OPEN: "waiting",
    RoundState.CLOSED: "active",
    "unanswered": "bad",
    RoundState.PICKED: "good",
    RoundState.WITHDRAWN: "ended",
}

_REQUEST_TONES: dict[RequestState, str] = {
    RequestState.ASKED: "waiting",
    RequestState.ANSWERED: "good",
    RequestState.DECLINED: "ended",
    RequestState.EXPIRED: "ended",
}


def round_tone(shown: str) -> str:
    """The tone of a round's tag, by what the page calls its state."""
    return _ROUND_TONES[shown]


def request_tone(state: RequestState) -> str:
    """The tone of the tag of one institution's part."""
    return _REQUEST_TONES[state]
