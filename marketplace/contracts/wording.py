"""The words of contracts."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.contracts.rules import VersionState

REFUSALS: dict[str, LazyString] = {
    "contract.illegal_step": _(
        "The contract has moved on since you opened the page. Look at it again."
    ),
    "contract.amount_needed": _("Enter the amount of the contract."),
    "contract.above_award": _(
        "The contract may not exceed the award of %(award)s yuan. Enter at most that."
    ),
    "contract.amount_is_bound": _(
        "%(bound)s yuan are bound in the department's budget, and an amendment leaves that as "
        "it is. What is not owed in the end goes back to the line."
    ),
    "contract.scope_was_published": _(
        "The contract of an award says what is to be done as the notice published it."
    ),
    "contract.limit_too_long": _(
        "Agree on at least %(fewest)s and at most %(limit)s: no less than the work has used, no "
        "more than the item or the bid allows, and not more days once the work is late."
    ),
    "contract.parts_differ": _(
        "The parts paid before the acceptance are more than the contract's %(amount)s yuan. Mend "
        "one of them."
    ),
    "contract.paid_after_acceptance": _(
        "A department pays when the work is accepted, not before. Leave the earlier parts empty."
    ),
    "contract.pay_days_needed": _("Enter 1 to %(most)s working days."),
    "contract.signed_too_early": _(
        "It cannot be signed before %(day)s: that is when the work was taken on, or the contract "
        "that it amends was signed."
    ),
    "contract.signed_later": _("The contract cannot be signed on a day still to come."),
    "contract.difference_needs_reason": _(
        "Amount or days differ from what was said before. Say why; the other side reads it."
    ),
    "contract.line_left_out": _(
        "“%(line)s” is left out. Put it back, or say why it is not needed; the other side reads it."
    ),
    "contract.put_forward_already": _(
        "Your side has put a text forward; the other side has its turn. To change it, take it back "
        "first."
    ),
    "contract.lapsed_on": _(
        "The last day for the amendment was %(day)s; it has lapsed. Put it forward anew."
    ),
    "contract.nothing_to_confirm": _("No text waits for a confirmation."),
    "contract.others_turn": _("Your side has confirmed it; the other side has its turn."),
    "contract.nothing_put_forward": _("No text was put forward."),
    "contract.only_who_put_it_forward": _("Only the side that put the text forward takes it back."),
    "contract.parties_changed": _(
        "The work has another client than the text names. Put it forward anew."
    ),
    "contract.text_changed": _(
        "The text has changed since you opened the page. Read it again before you confirm it."
    ),
}

LABELS: dict[str, LazyString] = {
    "contract_state.draft": _("A change is asked for"),
    "contract_state.put_forward": _("Put forward"),
    "contract_state.half_confirmed": _("One side has confirmed"),
    "contract_state.in_force": _("Contract in force"),
    "contract_state.superseded": _("Replaced by an amendment"),
    "contract_state.ended": _("Contract ended"),
    "contract_state.dropped": _("Text dropped"),
    "contract_state.lapsed": _("Text lapsed"),
    "contract_source.pick": _("the pick"),
    "contract_source.quotation": _("the quotation"),
    "contract_source.award": _("the award"),
    "contract_source.contract": _("the contract in force"),
    "contract_part.signing": _("When both have confirmed"),
    "contract_part.delivery": _("When the work is delivered"),
    "contract_part.acceptance": _("When the work is accepted"),
    "waiting.contract": _("Amendment"),
    "contract.confirm": _("Confirm the amendment or ask for a change"),
    "contract.change": _("Put the amendment forward anew"),
}

_TONES: dict[VersionState, str] = {
    VersionState.DRAFT: "waiting",
    VersionState.PUT_FORWARD: "waiting",
    VersionState.HALF_CONFIRMED: "waiting",
    VersionState.IN_FORCE: "good",
    VersionState.SUPERSEDED: "ended",
    VersionState.ENDED: "ended",
    VersionState.DROPPED: "ended",
    VersionState.LAPSED: "ended",
}


def state_tone(state: VersionState) -> str:
    """The tone of the state's tag."""
    return _TONES[state]
