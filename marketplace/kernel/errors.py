"""The two ways an act ends without a change: it is refused, or its subject does not exist."""


class Refused(Exception):
    """A rule says no.

    `code` is stable and worded in the feature's `wording` module; `field` names the form field
    the user can mend, where there is one; `details` fill the placeholders of the wording.
    """

    def __init__(self, code: str, field: str = "", **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details

    def __str__(self) -> str:
        return f"{self.code} {self.details}" if self.details else self.code


class NotFound(Exception):
    """The record does not exist, or the actor may not know that it does."""
