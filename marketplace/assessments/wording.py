"""The words of assessments: refusals, events, labels, tones, what a part rests on."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.assessments.rules import CycleState, RemovalState

REFUSALS: Mapping[str, LazyString] = {
    "assessment.illegal_step": _("The assessment has moved on. Open it again."),
    "removal.illegal_step": _("The case has moved on. Open it again."),
    "assessment.not_competent": _("Another association is competent for this."),
    "assessment.year_in_future": _("This year has not begun."),
    "assessment.opened_already": _("The assessment of this year is open already. See the list."),
    "assessment.nothing_to_assess": _("In this year you are competent for no admitted listing."),
    "assessment.year_not_over": _("The facts are frozen when the year is over, after %(day)s."),
    "assessment.not_now": _("This step is not the next one of the assessment."),
    "assessment.being_taken_in": _(
        "The listings of this year are still being taken in. Once that is done, inspections can be"
        " written down."
    ),
    "assessment.facts_frozen": _("The facts of this year are frozen."),
    "assessment.points_of_ten": _("Enter points from 0 to 10 with at most one decimal."),
    "assessment.not_yours": _("Only the institution concerned does this."),
    "assessment.no_objections_now": _("Objections are taken while a grade is preliminary."),
    "assessment.objection_open": _("You have an objection open already. Wait for the answer."),
    "assessment.no_open_objection": _("There is no objection that waits for a decision."),
    "assessment.objections_running": _("Objections are taken until %(day)s."),
    "assessment.objections_open": _("%(count)s objections wait for a decision."),
    "assessment.nobody_judges": _(
        "A grade D opens a removal case, and nobody is competent to judge it for: %(listings)s. Ask"
        " the operator to name a competent association for the item there, or another supervising"
        " office for what the association offers itself. Then make the grades final."
    ),
    "assessment.own_grades": _("You published these grades. Another person does this."),
    "assessment.approvers_only": _("Approvers do this. Ask one of your association."),
    "assessment.correction_needed": _("Name the fact and its correct value."),
    "assessment.correction_wrong": _("This value cannot be right for this fact."),
    "removal.outcome_needed": _("Choose what you propose."),
    "removal.not_in_market": _("The listing is not in the market."),
    "removal.open_already": _("A removal case is open for this listing already."),
    "removal.told_already": _("The institution was told already."),
    "removal.interim_already": _("An interim measure was taken already."),
    "removal.decided_already": _("The case is decided."),
    "removal.not_being_heard": _("The time to reply is not running."),
    "removal.hear_first": _("The institution is told and heard first."),
    "removal.proposed_already": _("A decision is proposed already. Another person decides."),
    "removal.not_proposed": _("Nobody has proposed a decision yet."),
    "removal.own_proposal": _("You proposed this. Another person decides."),
    "removal.differs_from_proposal": _(
        "This is not what was proposed. Send it back if you see it otherwise."
    ),
    "rectification.not_removed": _("This item is not removed from the market."),
    "rectification.evidence_needed": _("Upload what shows that this is done."),
    "rectification.not_done": _("Some points of the plan are not done yet."),
    "rectification.closed": _("The plan lies with the association, or is over."),
}


LABELS: Mapping[str, LazyString] = {
    "cycle_state.planned": _("Listings being taken in"),
    "cycle_state.open": _("Open"),
    "cycle_state.freezing": _("Facts being frozen"),
    "cycle_state.cut_off": _("Facts frozen"),
    "cycle_state.scoring": _("Scores being reckoned"),
    "cycle_state.scored": _("Scored"),
    "cycle_state.preliminary": _("Preliminary grades"),
    "cycle_state.objections": _("Objections being decided"),
    "cycle_state.finishing": _("Grades being written"),
    "cycle_state.final": _("Final"),
    "removal_state.opened": _("Opened"),
    "removal_state.notified": _("Institution being heard"),
    "removal_state.heard": _("Heard"),
    "removal_state.proposed": _("Decision proposed"),
    "removal_state.decided": _("Decided"),
    "removal_state.published": _("Published"),
    "removal_proposal.remove": _("Remove the listing"),
    "removal_proposal.dismiss": _("Dismiss the case"),
    "removal_outcome.remove": _("Removed from the market"),
    "removal_outcome.dismiss": _("Case dismissed"),
    "assessment_objection.upheld": _("Upheld"),
    "assessment_objection.dismissed": _("Dismissed"),
    "veto.forgery": _("Forged certificate or result"),
    "veto.blacklist": _("On the blacklist"),
    "score_part.on_time": _("Delivered on time"),
    "score_part.first_pass": _("First pass"),
    "score_part.client_rating": _("Client ratings"),
    "score_part.conduct": _("Conduct"),
    "score_part.credentials": _("Credentials"),
    "score_part.inspection": _("Inspection"),
    "score_fact.on_time": _("Commissions within the limit"),
    "score_fact.first_pass": _("Commissions without a return"),
    "score_fact.upheld": _("Complaints upheld"),
    "score_fact.partly": _("Complaints partly upheld"),
    "score_fact.days_valid": _("Days with every certificate valid"),
    "score_fact.inspection": _("Points of the inspection"),
    "plan_step.cause": _("What led to the removal is put right"),
    "plan_step.harm": _("Clients who suffered are made good or have agreed"),
    "plan_step.prevention": _("It is made sure that it does not happen again"),
    "removal.notify": _("Tell the institution of the removal case"),
    "removal.reply": _("Reply in the removal case"),
    "removal.propose": _("Propose a decision in the removal case"),
    "removal.decide": _("Decide the removal case"),
    "assessment.objection": _("Decide an objection to a grade"),
}

_TONES: Mapping[str, str] = {
    CycleState.PLANNED: "active",
    CycleState.OPEN: "active",
    CycleState.FREEZING: "active",
    CycleState.CUT_OFF: "active",
    CycleState.SCORING: "active",
    CycleState.SCORED: "active",
    CycleState.PRELIMINARY: "waiting",
    CycleState.OBJECTIONS: "waiting",
    CycleState.FINISHING: "active",
    CycleState.FINAL: "good",
    RemovalState.OPENED: "neutral",
    RemovalState.NOTIFIED: "waiting",
    RemovalState.HEARD: "active",
    RemovalState.PROPOSED: "active",
    RemovalState.DECIDED: "ended",
    RemovalState.PUBLISHED: "ended",
}
_GRADE_TONES = {"A": "good", "B": "good", "C": "waiting", "D": "bad"}


def assessment_tone(state: str) -> str:
    """The tone of the state tag of a cycle or a removal case."""
    return _TONES[state]


def grade_tone(grade: str) -> str:
    """The tone of a grade's tag."""
    return _GRADE_TONES.get(grade, "neutral")
