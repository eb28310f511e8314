"""What lists of other features say of an engagement, without knowing its table."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement

from marketplace.engagements.models import Engagement
from marketplace.engagements.rules import ClientKind, State
from marketplace.infra.rows import through


@dataclass(frozen=True)
class Heading:
    """Expressions, each of one column of the engagement."""

    public_id: ColumnElement[str]
    number: ColumnElement[str]
    item_code: ColumnElement[str]
    region_code: ColumnElement[str]
    state: ColumnElement[State]
    client_id: ColumnElement[int]
    client_kind: ColumnElement[ClientKind]
    provider_id: ColumnElement[int]


def heading(key: Any) -> Heading:
    """The heading of the engagement that a column of another table points to."""
    columns: dict[str, Any] = {
        one.name: through(key, getattr(Engagement, one.name)) for one in fields(Heading)
    }
    return Heading(**columns)
