"""What events are about: the tables of their subjects, and finding one by its public id."""

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from marketplace.infra.database import Base

# Subjects whose table has another name.
_TABLES = {"user": "user_account"}


def _table(subject_kind: str) -> Table | None:
    table = Base.metadata.tables.get(_TABLES.get(subject_kind, subject_kind))
    return table if table is not None and "public_id" in table.c else None


def public_id(session: Session, subject_kind: str, subject_id: int) -> str:
    """The public id of a subject; empty where it has none."""
    table = _table(subject_kind)
    if table is None:
        return ""
    query = select(table.c.public_id).where(table.c.id == subject_id)
    return session.scalar(query) or ""


def subject_key(session: Session, subject_kind: str, text: str) -> int | None:
    """The key of a subject named by its number or its public id; None when there is none."""
    if text.isdecimal() and len(text) <= 9:
        return int(text)
    table = _table(subject_kind)
    if table is None:
        return None
    key: int | None = session.scalar(select(table.c.id).where(table.c.public_id == text.lower()))
    return key
