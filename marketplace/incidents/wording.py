"""The words of incidents during the work."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.incidents.rules import IncidentState

REFUSALS: dict[str, LazyString] = {
    "incident.illegal_step": _("This incident is settled already. Look at it again."),
    "incident.not_under_way": _(
        "Incidents are noted while the work is under way: from the contract until the acceptance."
    ),
    "incident.too_many": _(
        "%(most)s incidents that your side noted wait for an answer already. Note the next one "
        "when one of them is answered or its days are over."
    ),
    "incident.since_too_early": _(
        "The day lies before the work was taken on, on %(day)s. Enter that day or a later one."
    ),
    "incident.since_later": _("The day lies in the future. Enter today or an earlier day."),
    "incident.other_side_answers": _("Your side noted it; the other side answers."),
    "incident.asked_before": _(
        "Whoever commissioned the work before you did not answer in time. That stays in the record."
    ),
    "incident.only_writer": _("Only the side that noted it can withdraw it."),
    "incident.answered": _("This incident is answered already."),
    "incident.withdrawn": _("This incident was withdrawn; there is nothing to answer."),
    "incident.unanswered": _(
        "The days for an answer are over: what was not answered in time stays in the record."
    ),
}

LABELS: dict[str, LazyString] = {
    "incident_state.noted": _("Waits for an answer"),
    "incident_state.answered": _("Answered"),
    "incident_state.unanswered": _("Not answered in time"),
    "incident_state.withdrawn": _("Withdrawn"),
    "incident_kind.late_documents": _("documents came late"),
    "incident_kind.site_closed": _("the site was closed"),
    "incident_kind.staff_changed": _("staff changed"),
    "incident_kind.other": _("something else"),
    "waiting.incident": _("Incident during the work"),
    "incident.answer": _("Answer the incident"),
}

TONES: dict[IncidentState, str] = {
    IncidentState.NOTED: "waiting",
    IncidentState.ANSWERED: "good",
    IncidentState.UNANSWERED: "bad",
    IncidentState.WITHDRAWN: "ended",
}


def state_tone(state: IncidentState) -> str:
    """The tone of the state's tag."""
    return TONES[state]
