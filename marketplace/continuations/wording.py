"""The words of what becomes of work whose project is not active."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

REFUSALS: dict[str, LazyString] = {
    "continuation.illegal_step": _("What becomes of this work is settled already."),
    "continuation.settled": _("What becomes of this work is settled already."),
    "continuation.active_again": _(
        "The project is active again: nothing is asked any more, and the usual acts are open."
    ),
    "continuation.work_over": _("This work has ended or was accepted; there is nothing to say."),
    "continuation.over": _(
        "The last day for an answer was %(day)s. The platform now does what the rules have for "
        "work whose client did not answer; after that the usual acts are open again."
    ),
    "continuation.no_clock_runs": _("There is no clock to stop: no work is in progress."),
    "continuation.may_not_start": _(
        "The project is not active. Work under contract may start only once the client has "
        "answered that it goes on."
    ),
}

LABELS: dict[str, LazyString] = {
    "waiting.continuation": _("Work whose project is not active"),
    "continuation.answer": _("Say what becomes of the work: its project is not active"),
    "continuation_state.asked": _("The client says what becomes of the work"),
    "continuation_state.blocked": _("The work may not start without an answer"),
    "continuation_state.answered": _("The client has answered"),
    "continuation_state.settled": _("Settled without an answer"),
    "continuation_state.fell_away": _("Nothing to say any more"),
    "continuation_answer.keep": _("The work goes on"),
    "continuation_answer.pause": _("The work is paused"),
    "continuation_answer.terminate": _("The work is ended"),
    "continuation_outcome.paused": _("The work is paused."),
    "continuation_outcome.cancelled": _("The engagement is cancelled."),
    "continuation_outcome.blocked": _("The work may not start without an answer."),
    "continuation_outcome.goes_on": _("It stays as it is."),
}
