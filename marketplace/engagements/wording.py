"""The words of engagements: refusals, labels of states, and whole sentences."""

from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.wording import limit_text
from marketplace.engagements.rules import OPEN, Side, State
from marketplace.web.context import reading_session
from marketplace.web.wording import label
from marketplace.web.words import local_name

if TYPE_CHECKING:
    from marketplace.engagements.queries.lists import EngagementRow

REFUSALS: dict[str, LazyString] = {
    "engagement.not_an_enterprise": _(
        "Only an enterprise picks an institution; a department chooses by competition."
    ),
    "engagement.only_client": _("Only the client may do this."),
    "engagement.only_provider": _("Only the institution may do this."),
    "engagement.only_parties": _("Only the client and the institution may do this."),
    "engagement.only_platform": _("The platform does this by itself when its time has come."),
    "engagement.ended": _("This engagement has ended."),
    "engagement.lapsed_on": _("The last day for this was %(day)s. It is closed and not done."),
    "engagement.answered": _("This request has been answered already."),
    "engagement.contract_stands": _(
        "There is a contract already. Until the acceptance the engagement can be terminated, with "
        "reasons."
    ),
    "engagement.decline_instead": _("Decline the request instead; nothing has been agreed yet."),
    "engagement.award_stands": _(
        "Your department has published this award and is bound by it. Only the institution may "
        "step back."
    ),
    "engagement.not_taken_on": _("The institution has not taken the request on yet."),
    "engagement.no_contract": _("Both sides confirm the contract first."),
    "engagement.clock_runs": _("The clock has started already."),
    "engagement.not_started": _("The work has not started yet."),
    "engagement.clock_stands": _("The clock stands. End the pause first."),
    "engagement.not_paused": _("The clock does not stand at the moment."),
    "engagement.paused_by_client": _("The client paused the work, so only the client ends it."),
    "engagement.with_client": _("A version was delivered; the client is looking at it."),
    "engagement.nothing_delivered": _("Nothing has been delivered that waits for your answer."),
    "engagement.work_accepted": _("The work has been accepted already."),
    "engagement.cancel_instead": _("There is no contract yet. Cancel the engagement instead."),
    "engagement.compete_again": _(
        "A department finds another institution by a new competition, after ending this one."
    ),
    "engagement.other_item": _("The institution was chosen for another item."),
    "engagement.own_institution": _("An organisation cannot commission itself."),
    "engagement.item_for_departments": _("This item is commissioned by departments only."),
    "engagement.variant_needed": _("Choose the class of the item: the limit depends on it."),
    "engagement.days_needed": _(
        "This service has no limit of its own. Say how many days are agreed."
    ),
    "engagement.limit_too_long": _(
        "Agree on at least one day and at most what the item allows: %(limit)s."
    ),
    "engagement.point_needed": _("Say which points of the contract are not met."),
    "engagement.papers_missing": _(
        "The contract says that the client hands this over first: %(paper)s. Tick it once it is "
        "there, or agree on an amendment."
    ),
    "engagement.evidence_needed": _("Attach the evidence for the pause."),
    "engagement.deliverable_needed": _("Attach at least one file."),
    "engagement.illegal_step": _(
        "The engagement has moved on since you opened the page. Look at it again."
    ),
    "handover.illegal_step": _("What becomes of this work is settled already."),
    "handover.settled": _("What becomes of this work is settled already."),
    "handover.only_enterprises": _(
        "Only the enterprise that commissioned the work and the one that has the project now may "
        "say this."
    ),
    "handover.work_over": _("This work has ended or was accepted; there is nothing to pass."),
    "handover.agreed_already": _("Your enterprise has agreed already; the other one answers."),
    "handover.not_referred": _(
        "The two enterprises still have time to settle it between themselves."
    ),
    "handover.nobody_there": _(
        "The enterprise that has the project now is not registered here, so nothing can pass to it."
    ),
    "moving.already_chosen": _("You have chosen already how this work goes on."),
    "moving.not_under_way": _("This work has ended or was accepted; there is nothing to choose."),
}

# What is to be done, for whoever's turn it is, by the code of what is waited for.
ACTS: dict[str, LazyString] = {
    "answer": _("Answer the request"),
    "contract": _("Put the contract forward or confirm it"),
    "materials": _("Confirm the materials"),
    "work": _("Deliver the work"),
    "rework": _("Mend the work and deliver it again"),
    "resume": _("End the pause"),
    "acceptance": _("Accept the work or return it"),
    "rating": _("Rate the service"),
}

LABELS: dict[str, LazyString] = {
    "engagement_state.requested": _("Requested"),
    "engagement_state.taken_on": _("Taken on"),
    "engagement_state.contracted": _("Under contract"),
    "engagement_state.in_progress": _("In progress"),
    "engagement_state.paused": _("Clock paused"),
    "engagement_state.delivered": _("Result delivered"),
    "engagement_state.returned": _("Returned for rework"),
    "engagement_state.accepted": _("Work accepted"),
    "engagement_state.closed": _("Engagement closed"),
    "engagement_state.declined": _("Declined"),
    "engagement_state.lapsed": _("Lapsed"),
    "engagement_state.cancelled": _("Cancelled"),
    "engagement_state.terminated": _("Terminated"),
    "handover_state.asked": _("Both enterprises are asked"),
    "handover_state.referred": _("The supervisor settles it"),
    "handover_state.passed": _("Passed to the other enterprise"),
    "handover_state.stays": _("Stays with whoever commissioned it"),
    "handover_state.dropped": _("Nothing to pass any more"),
    "engagement_origin.pick": _("Picked by the enterprise"),
    "engagement_origin.award": _("Awarded in a competition"),
    "payer.enterprise": _("The enterprise pays"),
    "payer.department": _("The department pays out of its budget; the enterprise pays nothing"),
    "side.client": _("The client"),
    "side.provider": _("The institution"),
    "waiting.engagement": _("Engagement"),
    "engagement.answer": _("The institution answers the request"),
    "engagement.contract": _("The contract is put forward or confirmed"),
    "engagement.materials": _("The client confirms that the materials are complete"),
    "engagement.work": _("The institution delivers"),
    "engagement.rework": _("The institution delivers"),
    "engagement.resume": _("The pause is ended"),
    "engagement.acceptance": _("The client accepts or returns the version"),
    "engagement.rating": _("The client rates the service"),
    "engagement.payment": _("The department pays"),
    "verdict.accepted": _("Accepted version"),
    "verdict.returned": _("Returned version"),
    "way.keep": _("Keep the institution for this work"),
    "way.move": _("Move the work to another institution"),
}

_TONES: dict[State, str] = {
    State.REQUESTED: "waiting",
    State.TAKEN_ON: "active",
    State.CONTRACTED: "active",
    State.IN_PROGRESS: "active",
    State.PAUSED: "waiting",
    State.DELIVERED: "waiting",
    State.RETURNED: "waiting",
    State.ACCEPTED: "good",
    State.CLOSED: "good",
    State.DECLINED: "bad",
    State.LAPSED: "bad",
    State.CANCELLED: "ended",
    State.TERMINATED: "bad",
}


def state_tone(state: State) -> str:
    """The tone of the state's tag."""
    return _TONES[state]


def _only_paid(row: "EngagementRow") -> bool:
    """Whether nothing is left but what has to be paid."""
    return row.state is State.ACCEPTED and row.rated_at is not None


def owes_text(row: "EngagementRow") -> str:
    """Whose turn it is and for what; empty when nobody owes anything."""
    if row.state not in OPEN:
        return ""
    if row.state is State.PAUSED:
        who = row.client_name if row.owes is Side.CLIENT else row.provider_name
        return str(gettext("%(who)s ends the pause", who=who))
    if _only_paid(row):
        return label("engagement.payment")
    return label(f"engagement.{row.awaited}")


def turn_text(row: "EngagementRow", own: int) -> str:
    """The turn of a row as an organisation reads it: its own act, or what the other side does."""
    if row.owes_organisation_id != own or _only_paid(row):
        return owes_text(row)
    return str(gettext("Your turn: %(act)s", act=ACTS[row.awaited]))


def item_text(row: "EngagementRow") -> str:
    """The item as it was when the engagement began, with the class that was chosen."""
    item = catalogue.item_version(reading_session(), row.item_version_id)
    variant = item.variant_of(row.variant)
    name = local_name(item)
    return f"{name} · {local_name(variant)}" if variant else name


def limit_words(row: "EngagementRow") -> str:
    """The limit, and what the institution promised beside it."""
    limit = limit_text(row.limit)
    if row.promise is None:
        return limit
    promised = limit_text(replace(row.limit, value=row.promise))
    return str(gettext("%(limit)s (the institution promises %(days)s)", limit=limit, days=promised))


def limit_note(row: "EngagementRow") -> str:
    """Which of the two the clock follows, where there is a promise beside the limit."""
    if row.promise is None:
        return str(gettext("The clock and its light follow this limit."))
    return str(gettext("The clock and its light follow the limit; the promise moves neither."))
