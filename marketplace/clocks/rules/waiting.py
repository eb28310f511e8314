"""One thing that waits for somebody: the line that every board of lights is made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self


@dataclass(frozen=True)
class Waiting:
    """Who owes what about which record, and by when.

    `kind` and `public_id` say which record; `what` is a labelled code of the step that waits
    (`engagement.answer`). `light` is green, yellow, red, paused or none. `owes_organisation_id` is
    None where the platform itself owes; `about_organisation_id` is the provider concerned, if any.
    """

    kind: str
    public_id: str
    number: str
    what: str
    owes_organisation_id: int | None
    light: str
    due_on: date | None
    region_code: str = ""
    item_code: str = ""
    about_organisation_id: int | None = None

    @classmethod
    def of(cls, row: Any, kind: str, what: str, owes_organisation_id: int | None) -> Self:
        """What waits in a record whose row has the fields of the same names."""
        return cls(
            kind,
            row.public_id,
            row.number,
            what,
            owes_organisation_id,
            row.light,
            row.due_on,
            row.region_code,
            row.item_code,
            row.about_organisation_id,
        )
