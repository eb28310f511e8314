"""What holds for verdicts: their life, which of several counts, what the counting one does."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.engagements.rules import ENDED, State
from marketplace.kernel import steps
from marketplace.kernel.characters import clean, narrow
from marketplace.kernel.personal import has_personal_number


class VerdictState(StrEnum):
    """How a verdict stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CORRECTED = "corrected"


# A corrected verdict is replaced by a row of its own, which names it.
STEPS: dict[VerdictState, frozenset[VerdictState]] = {
    VerdictState.PENDING: frozenset({VerdictState.ACCEPTED, VerdictState.RETURNED}),
    VerdictState.ACCEPTED: frozenset({VerdictState.CORRECTED}),
    VerdictState.RETURNED: frozenset({VerdictState.CORRECTED}),
    VerdictState.CORRECTED: frozenset(),
}
# Of these a version has at most one.
LIVE = frozenset(VerdictState) - {VerdictState.CORRECTED}

# After these a verdict is recorded and counted only.
OVER = ENDED

LEAST_SCORE, MOST_SCORE = 1, 5


class Outcome(StrEnum):
    """What the department decided."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Effect(StrEnum):
    """What a verdict does to the work."""

    NONE = "none"
    GIVES_BACK = "gives_back"
    ACCEPTS_AGAIN = "accepts_again"


def step(current: VerdictState, target: VerdictState) -> VerdictState:
    """Return `target` if the step is legal, else raise `Refused("verdict.illegal_step")`."""
    return steps.step(STEPS, current, target, "verdict.illegal_step")


@dataclass(frozen=True)
class Message:
    """A verdict as the platform tells it, about one version of the deliverable of a work.

    `sequence` says which of several about the same version is the newest, whatever order they come
    in; of two that have the same the greater `message_id` counts.
    """

    message_id: str
    sequence: int
    number: str
    version: int
    outcome: Outcome
    decided_at: datetime
    department_name: str
    department_code: str
    reasons: str = ""
    score: int | None = None
    comment: str = ""

    @property
    def place(self) -> tuple[int, str]:
        """Its place among the messages about the same version."""
        return (self.sequence, self.message_id)


def is_newest(place: tuple[int, str], others: Sequence[tuple[int, str]]) -> bool:
    """Whether a message counts, among those about the same version."""
    return all(place > other for other in others)


def effect(outcome: Outcome | None, state: State, *, given_back: bool) -> Effect:
    """What the verdict on the version accepted last does to work in this state.

    `given_back`: the work came back to the institution by a verdict, and nothing was delivered
    since. Work that is closed, or ended otherwise, stays as it is.
    """
    if outcome is Outcome.RETURNED and state is State.ACCEPTED:
        return Effect.GIVES_BACK
    if outcome is Outcome.ACCEPTED and given_back:
        return Effect.ACCEPTS_AGAIN
    return Effect.NONE


def times_returned(
    by_client: int, client_versions: Collection[int], verdicts: Collection[int], *, same: bool
) -> int:
    """How often work was returned: by its client so often, of these versions, and by verdicts.

    Where client and department are the `same` organisation, a version that both returned counts
    once.
    """
    twice = len(set(client_versions) & set(verdicts)) if same else 0
    return by_client + len(set(verdicts)) - twice


def kept(words: str) -> str:
    """What the department wrote as it is kept: both sides read it, so no personal number stays."""
    words = clean(words)
    return re.sub("[0-9]", "*", narrow(words)) if has_personal_number(words) else words
