"""What a desk is made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Job:
    """One thing to do: words, where, by when, and its light."""

    text: str
    address: str
    light: str = "none"
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A number with a link to what it counts."""

    value: int
    label: str
    address: str
    light: str = ""


@dataclass(frozen=True)
class Desk:
    """The home page of one membership."""

    jobs: tuple[Job, ...]
    figures: tuple[Figure, ...]
    cases: tuple[Any, ...] = ()
    listings: tuple[Any, ...] = ()
