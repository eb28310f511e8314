"""Shanghai days of instants, reckoned by the database."""

from datetime import date
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class LocalDay(FunctionElement[date]):
    """The Shanghai day of an instant in a column, as `kernel.times.local_date` says it."""

    type = Date()
    inherit_cache = True


@compiles(LocalDay)
def _by_zone(element: LocalDay, compiler: SQLCompiler, **more: Any) -> str:
    instant = compiler.process(element.clauses, **more)
    return f"CAST(timezone('Asia/Shanghai', {instant}) AS DATE)"


@compiles(LocalDay, "sqlite")
def _by_hours(element: LocalDay, compiler: SQLCompiler, **more: Any) -> str:
    # Instants are kept in UTC there, and Shanghai knows no summer time.
    return f"date({compiler.process(element.clauses, **more)}, '+8 hours')"
