"""The words of competitions: refusals, events, labels."""

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.clocks.rules import TimeLeft
from marketplace.clocks.wording import left_text
from marketplace.competitions.rules import CompetitionState
from marketplace.web.wording import label

_S = CompetitionState

REFUSALS: dict[str, LazyString] = {
    "competition.illegal_step": _(
        "The competition has moved on since you opened the page. Look at it again."
    ),
    "competition.not_your_department": _("Only the department that commissions may do this."),
    "competition.not_a_draft": _(
        "The notice can only be changed as a draft. An approver sends it back first."
    ),
    "competition.not_proposed": _("Nothing is proposed for publication at the moment."),
    "competition.own_proposal": _(
        "You wrote or proposed this notice yourself. Another person has to publish it."
    ),
    "competition.does_not_open": _(
        "A bid cannot be opened: what is stored is not what was sealed, so none is opened. Tell "
        "the operator, who can put it back from a backup; otherwise an approver cancels the "
        "competition."
    ),
    "competition.not_cancellable": _(
        "A competition can be cancelled until its bids are opened, or while an award awaits "
        "objections."
    ),
    "competition.not_open": _("Sign-up is over, or the competition is not open."),
    "competition.not_closed": _("Sign-up has to close first; it does so by itself at its time."),
    "competition.no_opening_requested": _("Nobody has asked for the opening."),
    "competition.needs_second_officer": _(
        "You asked for the opening yourself. Another person of the department has to confirm it."
    ),
    "competition.not_opened": _("This is done after the opening and before the evaluation ends."),
    "competition.not_evaluated": _(
        "The bids are not evaluated, or the award is published already."
    ),
    "competition.own_evaluation": _(
        "You evaluated the bids yourself. Another person has to publish the award."
    ),
    "competition.not_failed": _("Only a failed competition can be run again."),
    "competition.no_rerun_left": _(
        "This work was put out again already. After that only a reasoned public exception is left."
    ),
    "competition.no_bid": _("You have no bid in this competition."),
    "competition.nothing_to_justify": _("No price of yours has to be explained here."),
    "competition.already_justified": _("You have explained your price already."),
    "competition.justification_over": _("The time to explain your price is over."),
    "competition.weights_number": _(
        "A comprehensive score needs the price and at least one more criterion, %(most)s at most."
    ),
    "competition.weight_missing": _("Every criterion needs a name and a weight of at least 1."),
    "competition.weight_twice": _("Two criteria have the same name."),
    "competition.weights_total": _("The weights make %(total)s together; they have to make 100."),
    "competition.weights_price": _("Exactly one criterion is the price."),
    "competition.marks_missing": _(
        "Some marks are missing. Mark every bid for every criterion first."
    ),
    "competition.mark_out_of_range": _("A mark lies between 0 and 100."),
    "competition.signup_too_short": _(
        "Sign-up lasts at least %(days)s working days: choose a time after the end of %(last)s."
    ),
    "competition.ceiling_missing": _("Enter the estimated amount; it has to be above zero."),
    "competition.closing_past": _("Sign-up cannot close in the past."),
    "competition.merit_on_rerun_only": _(
        "Merit with two entrants is possible only for a comprehensive score that is run again."
    ),
    "competition.item_for_enterprises": _(
        "This item is chosen by enterprises; a department does not commission it."
    ),
    "competition.line_for_other_item": _("This budget line is kept for another item."),
    "competition.not_listed": _("Your institution is not admitted for this item."),
    "competition.award_stands": _(
        "The days of objection are over and the award holds, so it can no longer be cancelled."
    ),
    "competition.tied_to_department": _(
        "Your institution is tied to this department or one of its bodies, so it cannot take part."
    ),
    "competition.price_missing": _("Enter your price; it has to be above zero."),
    "competition.above_ceiling": _("Your price is above the estimated amount of the notice."),
    "competition.days_above_limit": _(
        "Enter the days you promise: at least 1, at most the limit of the item, %(limit)s."
    ),
    "competition.proposal_needed": _(
        "A comprehensive score needs a proposal to be marked. Choose your file."
    ),
    "competition.already_answered": _("This question is answered already."),
    "competition.nothing_to_judge": _("This bidder has not explained its price."),
    "competition.already_excluded": _("This bid is excluded already."),
    "competition.justification_open": _(
        "%(name)s may explain its very low price until %(day)s. Evaluate after that."
    ),
    "competition.justification_unjudged": _(
        "%(name)s has explained its very low price. Accept or refuse the explanation first."
    ),
    "competition.nobody_next": _(
        "Nobody in the order may be chosen now. End the competition without an award."
    ),
    "competition.no_award_to_hold": _("There is no award that could be objected to."),
    "competition.objections_over": _("The days of objection are over."),
    "competition.not_awarded": _("This competition is not awarded, or its contract is in force."),
    "competition.contract_above_award": _("The contract cannot be above the award."),
}


LABELS: dict[str, LazyString] = {
    "competition_state.draft": _("Draft of a notice"),
    "competition_state.proposed": _("Proposed for publication"),
    "competition_state.published": _("Open for bids"),
    "competition_state.closed": _("Sign-up closed"),
    "competition_state.opening_requested": _("Opening requested"),
    "competition_state.opened": _("Bids opened"),
    "competition_state.evaluated": _("Bids evaluated"),
    "competition_state.award_published": _("Award published"),
    "competition_state.awarded": _("Awarded"),
    "competition_state.concluded": _("Contract concluded"),
    "competition_state.failed": _("Failed"),
    "competition_state.cancelled": _("Cancelled"),
    "competition_method.lowest_price": _("Lowest price"),
    "competition_method.comprehensive": _("Comprehensive score"),
    "competition_phase.open": _("Open for bids"),
    "competition_phase.evaluating": _("Opening and evaluation"),
    "competition_phase.award": _("Award"),
    "competition_phase.ended": _("Ended without an award"),
    "competition_failure.too_few_entrants": _("Too few institutions entered."),
    "competition_failure.too_few_independent": _(
        "Too few entrants were left that are independent and admitted."
    ),
    "competition_failure.no_valid_bid": _("No bid was valid."),
    "competition_failure.nobody_next": _("The winner declined, and nobody was next in order."),
    "competition_failure.project_ended": _(
        "The project is not active any more, and the work was not begun."
    ),
    "competition_failure.department_silent": _(
        "The department let the contract of the award lie again after it had been found at fault."
    ),
    "competition_failure.ruled": _(
        "The contract of the award was overdue; the supervising office ruled that the competition "
        "fails."
    ),
    "competition_failure.decided": _("The department ended it without an award."),
    "bid_cause.tied": _("Tied to the department"),
    "bid_cause.prepared": _("Did the work that this item examines, or is tied to who did"),
    "bid_cause.related": _("Same owner or legal representative as another entrant"),
    "bid_cause.not_admitted": _("Not admitted for the item any more"),
    "bid_cause.price_unexplained": _("Very low price without an explanation"),
    "bid_cause.price_not_accepted": _("Explanation of the very low price not accepted"),
    "bid_cause.not_conforming": _("Does not answer the notice"),
    "bid_cause.declined": _("Declined the award"),
    "bid_cause.project_ended": _("The project is not active any more"),
    "bid_cause.department_silent": _("The department let the contract lie twice"),
    "bid_cause.ruled": _("Ended by a ruling of the supervising office"),
    "bid_cause.objection_upheld": _("Set aside after an objection"),
    "award_state.published": _("Open to objections"),
    "award_state.awarded": _("Holds"),
    "award_state.concluded": _("Contract concluded"),
    "award_state.declined": _("Winner declined"),
    "award_state.set_aside": _("Set aside"),
    "award_state.cancelled": _("Cancelled"),
    "competition.publish": _("Publish the notice or send it back"),
    "competition.answer": _("Answer questions before sign-up closes"),
    "competition.open": _("Open the bids"),
    "competition.evaluate": _("Evaluate the bids"),
    "competition.award": _("Publish the award"),
}

_TONES: dict[CompetitionState, str] = {
    _S.DRAFT: "neutral",
    _S.PROPOSED: "waiting",
    _S.PUBLISHED: "active",
    _S.CLOSED: "active",
    _S.OPENING_REQUESTED: "active",
    _S.OPENED: "active",
    _S.EVALUATED: "active",
    _S.AWARD_PUBLISHED: "waiting",
    _S.AWARDED: "good",
    _S.CONCLUDED: "good",
    _S.FAILED: "bad",
    _S.CANCELLED: "ended",
}


def state_text(state: CompetitionState) -> str:
    """The state in words."""
    return label(f"competition_state.{state}")


def state_tone(state: CompetitionState) -> str:
    """The tone of the state's tag."""
    return _TONES[state]


def sign_up_text(left: TimeLeft) -> str:
    """How long one can still sign up, in words."""
    return (
        str(gettext("closes today"))
        if left.today
        else left_text(left.days, today=False, begins=left.begins)
    )
