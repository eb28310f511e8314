"""Readable numbers that people quote, like `SH-2026-000123`: one series a prefix and year."""

from typing import ClassVar

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.infra.database import Base


class NumberSeries(Base):
    """The last number given in a series; locked while the next one is taken."""

    BOOKKEEPING: ClassVar[bool] = True
    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, prefix: str, year: int) -> str:
    """The next number of the series, taken in the caller's transaction.

    None is skipped when that rolls back.
    """
    insert = postgres_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    first = insert(NumberSeries).values(prefix=prefix, year=year, last=0)
    session.execute(first.on_conflict_do_nothing())
    query = select(NumberSeries).where(NumberSeries.prefix == prefix, NumberSeries.year == year)
    series = session.scalars(query.with_for_update()).one()
    series.last += 1
    session.flush()
    return f"{prefix}-{year}-{series.last:06d}"
