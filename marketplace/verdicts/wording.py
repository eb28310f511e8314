"""The words of verdicts."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from marketplace.verdicts.rules import VerdictState

REFUSALS: dict[str, LazyString] = {
    "verdict.illegal_step": _("This verdict has been replaced already."),
    "verdict.only_platform": _("Verdicts come through the approval platform only."),
}

LABELS: dict[str, LazyString] = {
    "verdict_state.pending": _("The approving department has not decided yet"),
    "verdict_state.accepted": _("Accepted by the approving department"),
    "verdict_state.returned": _("Returned by the approving department"),
    "verdict_state.corrected": _("Verdict corrected"),
}

TONES: dict[VerdictState, str] = {
    VerdictState.PENDING: "waiting",
    VerdictState.ACCEPTED: "good",
    VerdictState.RETURNED: "bad",
    VerdictState.CORRECTED: "ended",
}


def state_tone(state: VerdictState) -> str:
    """The tone of the state's tag."""
    return TONES[state]
