"""What is shipped with the product: the files, and what they say of an item in its columns."""

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from marketplace.catalogue.rules.items import OpenTo

DATA = Path(__file__).resolve().parent.parent / "data"


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


@cache
def work_lists() -> dict[str, dict[str, list[list[str]]]]:
    """By code of the item: `papers_owed` and `checks`, each line as `[Chinese, English]`."""
    found: dict[str, dict[str, list[list[str]]]] = read_yaml("work_lists.yaml")
    return found


def shipped_payer(row: dict[str, Any]) -> dict[str, Any]:
    """Who may commission the item, and the rule that says so."""
    basis = row["payer_basis"] if row["open_to"] == OpenTo.DEPARTMENT else row["enterprise_basis"]
    english = words()["payer_bases"][basis]
    return {"open_to": row["open_to"], "payer_basis": basis, "payer_basis_en": english}
