"""A policy's answer: allowed, or the one reason why not; and what a policy asks of its actor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from marketplace.kernel.errors import Refused

# Why an act waits whose actor proved long ago who they are; `PROOF_FIELD` is where they do it.
PROOF_DUE = "request.proof_due"
PROOF_FIELD = "proof"


class Proof(StrEnum):
    """What a policy asks of the person who acts, beside its clauses."""

    SECOND_FACTOR = "second_factor"
    FRESH = "fresh"


@dataclass(frozen=True)
class Decision:
    """Allowed when `reason` is empty; otherwise `reason` is a refusal code.

    The service calls `require()`, the template shows the button or the reason: one value for both.
    With `proof_due` the act is allowed, but not before its actor has proved once more who they are:
    the page offers it, the service refuses it.
    """

    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    proof_due: bool = False

    @property
    def allowed(self) -> bool:
        """True when nothing stands in the way."""
        return not self.reason

    def __bool__(self) -> bool:
        return self.allowed

    def require(self, field: str = "") -> None:
        """Raise `Refused` with the reason unless allowed, and while a proof is due.

        `field` is where of a form the reason is mended, if there is one.
        """
        if self.reason:
            refusal = Refused(self.reason, field=field)
            refusal.details = dict(self.details)
            raise refusal
        if self.proof_due:
            raise Refused(PROOF_DUE, field=PROOF_FIELD)


ALLOWED = Decision()


def first_refusal(*decisions: Decision) -> Decision:
    """The first of these that refuses; allowed where none does, with the proof one of them asks."""
    waiting = next((one for one in decisions if one.proof_due), ALLOWED)
    return next((one for one in decisions if not one.allowed), waiting)


def proofs_of(may: Callable[..., Decision]) -> frozenset[Proof]:
    """What a policy asks of the person who acts: the flags that `asks_for` has set."""
    found: frozenset[Proof] = getattr(may, "proofs", frozenset())
    return found


def asks_for(may: Callable[..., Decision], proof: Proof) -> None:
    """Set the flag of a policy by which forms and tests know what it asks."""
    may.proofs = proofs_of(may) | {proof}  # type: ignore[attr-defined]
