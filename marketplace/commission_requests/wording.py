"""The words of requests to departments."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.commission_requests.rules import RequestState

REFUSALS: dict[str, LazyString] = {
    "commission_request.illegal_step": _(
        "The request has moved on since you opened the page. Look at it again."
    ),
    "commission_request.pick_yourself": _(
        "Your enterprise may commission this item itself. Pick an institution or ask for "
        "quotations."
    ),
    "commission_request.asked_already": _(
        "A department has been asked for this item of the project already. Follow that request."
    ),
    "commission_request.nobody_to_ask": _(
        "The department in charge is not registered here, and neither is the operator who would "
        "hand the request on. Turn to the department directly."
    ),
    "commission_request.not_the_owner": _("Only the enterprise of the project may do this."),
    "commission_request.not_the_addressee": _(
        "Only an officer of the department asked may do this."
    ),
    "commission_request.taken_up_already": _("Your department has taken the request up already."),
    "commission_request.published_already": _(
        "The notice is published. What becomes of it is decided by the competition."
    ),
    "commission_request.ended": _("This request has ended."),
    "commission_request.addressed_already": _("The request lies with a department already."),
    "commission_request.not_of_region": _(
        "Choose a department that is responsible for the region of the project."
    ),
    "commission_request.only_followed": _("The platform itself does this."),
}

LABELS: dict[str, LazyString] = {
    "commission_request_state.asked": _("Waits for the department"),
    "commission_request_state.taken_up": _("Taken up by the department"),
    "commission_request_state.published": _("Notice published"),
    "commission_request_state.met": _("Contract recorded"),
    "commission_request_state.refused": _("Refused by the department"),
    "commission_request_state.withdrawn": _("Withdrawn by the enterprise"),
    "commission_request_state.overtaken": _("Not needed any more"),
    "commission_request.answer": _("Answer the enterprise's request"),
    "commission_request.notice": _("Publish the notice asked for"),
    "commission_request.address": _("Hand the request on to a department"),
    "overtaking.granted": _("The approval has been granted meanwhile."),
    "overtaking.not_asked": _("No approval item of the project calls for it any more."),
    "overtaking.project_ended": _("The project is not under way any more."),
    "overtaking.project_passed": _("The project belongs to another enterprise now."),
    "overtaking.commissioned": _("It has been commissioned another way."),
}

_TONES: dict[RequestState, str] = {
    RequestState.ASKED: "waiting",
    RequestState.TAKEN_UP: "active",
    RequestState.PUBLISHED: "active",
    RequestState.MET: "good",
    RequestState.REFUSED: "bad",
    RequestState.WITHDRAWN: "ended",
    RequestState.OVERTAKEN: "ended",
}


def state_tone(state: RequestState) -> str:
    """The tone of a request's tag."""
    return _TONES[state]
