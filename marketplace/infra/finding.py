"""One row by its key: the integer of the table or the public id that the outside sees."""

from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from marketplace.kernel.errors import NotFound
from marketplace.kernel.identifiers import is_public_id


class Keyed(Protocol):
    """What is asked of a model."""

    id: Any


Model = TypeVar("Model", bound=Keyed)


def find_row(
    session: Session, model: type[Model], key: int | str, *, locked: bool = False
) -> Model:
    """The row with this integer or public id; raises `NotFound`, also for what can be no such id.

    `locked`: read it anew and lock it until the transaction ends. On PostgreSQL others may
    meanwhile point to the row (FOR NO KEY UPDATE): keys never change, and a check of a foreign key
    that waited for a lock would make acts wait in a circle.
    """
    if isinstance(key, str) and not is_public_id(key):
        raise NotFound
    query = _by(model, "public_id" if isinstance(key, str) else "id", locked=locked)
    row: Model | None = session.scalars(query, {"key": key}).one_or_none()
    if row is None:
        raise NotFound
    return row


@cache
def _by(model: type[Model], column: str, *, locked: bool) -> Select[Model]:
    # Built once: building a statement takes as long as running it.
    query = select(model).where(getattr(model, column) == bindparam("key"))
    if not locked:
        return query
    query = query.with_for_update(key_share=True)
    return query.execution_options(populate_existing=True)
