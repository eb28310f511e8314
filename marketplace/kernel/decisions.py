"""A policy's answer: allowed, or the one reason why not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.kernel.errors import Refused


@dataclass(frozen=True)
class Decision:
    """Allowed when `reason` is empty; otherwise `reason` is a refusal code.

    The service calls `require()`, the template shows the button or the reason: one value for both.
    """

    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        """True when nothing stands in the way."""
        return not self.reason

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `Refused` with the reason unless allowed."""
        if self.reason:
            refusal = Refused(self.reason)
            refusal.details = dict(self.details)
            raise refusal


ALLOWED = Decision()


def first_refusal(*decisions: Decision) -> Decision:
    """The first of these that refuses; allowed where none does."""
    return next((one for one in decisions if not one.allowed), ALLOWED)
