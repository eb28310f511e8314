"""The words of complaints: refusals, events, labels, tones."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.complaints.rules import ComplaintState, ObjectionState, Outcome

REFUSALS: Mapping[str, LazyString] = {
    "complaint.illegal_step": _("The complaint has moved on. Open it again."),
    "objection.illegal_step": _("The objection has moved on. Open it again."),
    "complaint.outcome_needed": _("Choose one of the outcomes."),
    "complaint.contact_needed": _("Please give your name and say how we can answer you."),
    "complaint.about_yourself": _("You act for the organisation this complaint would be about."),
    "complaint.no_handler": _(
        "Nobody deals with complaints for this region yet. Tell the operator."
    ),
    "complaint.not_competent": _("Another organisation deals with this complaint."),
    "complaint.not_new": _("This complaint was taken up or refused already."),
    "complaint.not_about_you": _("Only the organisation the complaint is about answers here."),
    "complaint.not_being_heard": _("The time to answer is not running."),
    "complaint.other_side_first": _(
        "The other side is being heard. A decision can be proposed once it has answered or its "
        "time is over."
    ),
    "complaint.not_investigated": _("This complaint is not being investigated."),
    "complaint.proposed_already": _("A decision is proposed already. Another person decides."),
    "complaint.not_a_decider": _("Approvers decide. Ask one of your organisation."),
    "complaint.not_proposed": _("Nobody has proposed a decision yet."),
    "complaint.own_proposal": _("You proposed this. Another person decides."),
    "complaint.differs_from_proposal": _(
        "This is not what was proposed. Send it back if you see it otherwise."
    ),
    "complaint.supervisor_only": _("Only the supervisor reviews an answer."),
    "complaint.not_decided": _("There is no answer that could be reviewed."),
    "complaint.review_over": _(
        "The time for a review is over, so the answer stands. A lawsuit remains possible."
    ),
    "complaint.reviewed_already": _(
        "The supervising office has reviewed this answer. Administrative reconsideration and a "
        "lawsuit remain."
    ),
    "complaint.office_answered": _(
        "The supervising office gave this answer itself. Administrative reconsideration and a "
        "lawsuit remain."
    ),
    "complaint.own_decision": _("You had a part in this answer. Another person reviews it."),
    "objection.entrants_only": _("Only institutions that took part in the competition object."),
    "objection.no_award": _("There is no published award to object to."),
    "objection.too_late": _("The time to object ended on %(day)s."),
    "objection.open_already": _("You have an objection open already. Wait for the answer."),
    "objection.decided_already": _("This objection is decided already."),
}


LABELS: Mapping[str, LazyString] = {
    "complaint_state.filed": _("Filed"),
    "complaint_state.accepted": _("Other side being heard"),
    "complaint_state.refused": _("Not taken up"),
    "complaint_state.investigating": _("Being investigated"),
    "complaint_state.upheld": _("Upheld"),
    "complaint_state.partly_upheld": _("Partly upheld"),
    "complaint_state.dismissed": _("Dismissed"),
    "complaint_state.reviewed": _("Reviewed"),
    "complaint_state.closed": _("Closed"),
    "objection_state.filed": _("Being looked at"),
    "objection_state.upheld": _("Upheld"),
    "objection_state.dismissed": _("Dismissed"),
    "complaint_outcome.upheld": _("Upheld"),
    "complaint_outcome.partly_upheld": _("Partly upheld"),
    "complaint_outcome.dismissed": _("Dismissed"),
    "complaint_about.engagement": _("Work of a commission"),
    "complaint_about.listing": _("An institution for one item"),
    "complaint_about.institution": _("An institution"),
    "complaint_about.competition": _("A competition"),
    "filer.party": _("A party to the commission"),
    "filer.entrant": _("An entrant of the competition"),
    "filer.public": _("The public"),
    "complaint.acknowledge": _("Take the complaint up"),
    "complaint.answer": _("Answer the complaint"),
    "complaint.decide": _("Decide the complaint"),
    "objection.decide": _("Decide the objection to an award"),
}

_TONES: Mapping[str, str] = {
    ComplaintState.FILED: "neutral",
    ComplaintState.ACCEPTED: "waiting",
    ComplaintState.INVESTIGATING: "active",
    ComplaintState.REFUSED: "ended",
    ComplaintState.UPHELD: "bad",
    ComplaintState.PARTLY_UPHELD: "bad",
    ComplaintState.DISMISSED: "good",
    ComplaintState.REVIEWED: "active",
    ComplaintState.CLOSED: "ended",
    ObjectionState.FILED: "active",
}


def complaint_tone(state: str) -> str:
    """The tone of the state tag of a complaint or an objection."""
    return _TONES[state]


def outcome_text(outcome: Outcome | None) -> str:
    """What was decided; empty where nothing is yet."""
    return "" if outcome is None else str(LABELS[f"complaint_outcome.{outcome}"])
