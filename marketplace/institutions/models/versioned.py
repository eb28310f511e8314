"""What all dated versions have in common, and the constraints that keep them honest."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint, inspect
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from marketplace.infra.columns import among, only_where
from marketplace.infra.database import Public
from marketplace.institutions.rules import VersionState

# All that may still change in a version once it was submitted.
_LIFE = frozenset(
    {
        "state",
        "submitted_at",
        "in_force_from",
        "in_force_to",
        "case_id",
        "attention_at",
        "warned_days",
        "expired_at",
        "left_on",
    }
)


class FrozenVersionChanged(Exception):
    """Code tried to rewrite a version that was already submitted."""


class Versioned(Public):
    """A dated version: its number within its line, its state, and the case that approved it.

    `in_force_from`/`in_force_to` say when it was the truth on the platform. `case_id` is the
    vetting case that put it in force; vetting lies above, so there is no foreign key.
    """

    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default=VersionState.DRAFT)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    in_force_from: Mapped[datetime | None]
    in_force_to: Mapped[datetime | None]
    case_id: Mapped[int | None]


def version_constraints(table: str, line: str) -> tuple[SchemaItem, ...]:
    """At most one draft and one version in force per line; a state implies its facts."""
    return (
        UniqueConstraint(line, "number"),
        only_where(f"uq_{table}_one_draft", line, condition="state = 'draft'"),
        only_where(f"uq_{table}_one_in_force", line, condition="state = 'in_force'"),
        CheckConstraint(among("state", VersionState), name="state_known"),
        CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null", name="submitted_when"
        ),
        CheckConstraint(
            "state not in ('in_force', 'superseded')"
            " or (in_force_from is not null and case_id is not null)",
            name="in_force_by_case",
        ),
        CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)", name="superseded_when"
        ),
    )


def freeze_when_submitted(model: type[Any]) -> None:
    """Refuse to flush a change of content in a version that is no draft any more."""

    @sa_event.listens_for(model, "before_update")
    def _check(_mapper: object, _connection: object, row: Any) -> None:
        state = inspect(row)
        before = state.attrs.state.history.deleted or (row.state,)
        if before[0] == VersionState.DRAFT:
            return
        changed = {attr.key for attr in state.mapper.column_attrs if _has_changed(state, attr.key)}
        if changed - _LIFE:
            raise FrozenVersionChanged(f"{model.__tablename__}: {sorted(changed - _LIFE)}")


def _has_changed(state: Any, key: str) -> bool:
    return bool(state.attrs[key].history.has_changes())
