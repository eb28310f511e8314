"""The Shanghai day of an instant, as a statement sees it."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class local_day(FunctionElement[str]):  # noqa: N801 - it is written as a function of the database
    """The Shanghai day in which an instant lies, as the text 2026-11-23; of nothing, nothing.

    Days compare as such texts, and the payloads of events hold theirs like that.
    """

    type = String()
    inherit_cache = True
    name = "local_day"


@compiles(local_day, "sqlite")
def _of_sqlite(element: local_day, compiler: SQLCompiler, **how: Any) -> str:
    # Instants are kept in UTC; Shanghai has had no summer time since before the first of them.
    return f"date({compiler.process(element.clauses, **how)}, '+8 hours')"


@compiles(local_day, "postgresql")
def _of_postgresql(element: local_day, compiler: SQLCompiler, **how: Any) -> str:
    instant = compiler.process(element.clauses, **how)
    return f"to_char({instant} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
