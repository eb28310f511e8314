"""What is sent to the database while something is read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to any database meanwhile."""
    sent: list[str] = []
    with _noting(lambda text, _values: sent.append(text)):
        yield sent


@contextmanager
def statements_with_values() -> Iterator[list[tuple[str, Any]]]:
    """The same, each with its parameters."""
    sent: list[tuple[str, Any]] = []
    with _noting(lambda text, values: sent.append((text, values))):
        yield sent


@contextmanager
def _noting(note: Callable[[str, Any], None]) -> Iterator[None]:
    def hear(_connection: object, _cursor: object, text: str, values: Any, *_rest: object) -> None:
        note(text, values)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
