"""The words of rulings."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.rulings.rules import RulingState

REFUSALS: dict[str, LazyString] = {
    "ruling.illegal_step": _("This matter is settled already. Look at it again."),
    "ruling.settled": _("This matter is settled already; there is nothing to say or to rule."),
    "ruling.heard_already": _(
        "Your side has made its statement. The supervising office rules next."
    ),
    "ruling.not_heard": _(
        "Both sides are heard first: rule when both have stated their side, or their days are over."
    ),
    "ruling.department_let_it_lie": _(
        "It was the department's turn. Its silence never counts as the winner's refusal: give a "
        "new term, find the department at fault, or let the competition fail."
    ),
    "ruling.department_silent": _(
        "The department let the contract lie again after it had been found at fault."
    ),
    "ruling.ruled": _("The supervising office ruled that the competition fails."),
}

LABELS: dict[str, LazyString] = {
    "ruling_state.asked": _("The supervising office is to rule"),
    "ruling_state.ruled": _("Ruled"),
    "ruling_state.dropped": _("Nothing to rule any more"),
    "award_outcome.new_term": _("new term for the contract"),
    "award_outcome.department_at_fault": _("the department is at fault; new term"),
    "award_outcome.winner_abandons": _("the winner abandons the award; the next in order follows"),
    "award_outcome.competition_fails": _("the competition fails"),
    "award_let_lie.client": _("It was the department's turn."),
    "award_let_lie.provider": _("It was the winner's turn."),
    "waiting.ruling": _("Overdue contract of an award"),
    "ruling.rule": _("Rule about the overdue contract"),
    "ruling.speak": _("State your side about the overdue contract"),
}

TONES: dict[RulingState, str] = {
    RulingState.ASKED: "waiting",
    RulingState.RULED: "good",
    RulingState.DROPPED: "ended",
}


def state_tone(state: RulingState) -> str:
    """The tone of the state's tag."""
    return TONES[state]
