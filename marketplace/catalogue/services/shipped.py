"""Reading the files the catalogue is shipped in, and asking what is there already."""

import csv
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.infra.unit_of_work import UnitOfWork

DATA = Path(__file__).resolve().parent.parent / "data"

Key = TypeVar("Key")


def digest() -> str:
    """What the shipped files hold, in 32 characters."""
    found = hashlib.sha256()
    for path in sorted(DATA.iterdir()):
        found.update(path.read_bytes())
    return found.hexdigest()[:32]


@cache
def words() -> dict[str, Any]:
    """The English for the shipped Chinese."""
    found: dict[str, Any] = read_yaml("english.yaml")
    return found


def read_yaml(name: str) -> Any:
    """A shipped YAML file."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (DATA / name).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=loader)  # noqa: S506 - the loader is a safe one


def read_csv(name: str) -> list[dict[str, str]]:
    """A shipped CSV file, one mapping per line."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(uow: UnitOfWork, column: InstrumentedAttribute[Key]) -> set[Key]:
    """The values of a column that are there already."""
    return set(uow.session.scalars(select(column)))


def add_all(uow: UnitOfWork, rows: Iterable[Any]) -> int:
    """Add the rows and return how many they are."""
    found = list(rows)
    uow.session.add_all(found)
    uow.session.flush()
    return len(found)
