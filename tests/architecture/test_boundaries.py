"""What only one part of the house may do."""

import ast
import tomllib
from collections.abc import Iterable, Iterator

import pytest

from marketplace.settings import ROOT
from tests.architecture.source import Source, application

# Who may end a transaction: the unit of work, and machinery whose rows are no business of anyone:
# each entry says why.
MAY_COMMIT = {
    "marketplace/infra/unit_of_work.py": "the one place where an act is made lasting",
    "marketplace/discovery/services.py": "which listings the index has yet to take over",
}
# Who may read the clock: the edges. Everybody below is handed the instant.
MAY_READ_CLOCK = {
    "marketplace/infra/clock.py": "the one clock that requests and the worker read",
    "marketplace/simulator/store.py": "stands for another system, which has a clock of its own",
    "marketplace/infra/blobs.py": "the age of a file on disk, which keeps the machine's time",
}
CLOCK_READS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
}


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Every imported module, `from a import b` counting as `a.b` as well as `a`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def borrowed_models(sources: Iterable[Source]) -> list[str]:
    """Imports of a feature's models from outside it; the back office may read them."""
    found = []
    for source in sources:
        for line, name in imports(source):
            parts = name.split(".")
            if parts[0] != "marketplace" or parts[2:3] != ["models"]:
                continue
            if parts[1] not in {source.feature, "infra"} and source.feature != "admin":
                found.append(f"{source.path}:{line} {'.'.join(parts[:3])}")
    return sorted(set(found))


def calls(source: Source) -> Iterator[tuple[int, str, str]]:
    """Line, last name of the object, method: `self.session.commit()` gives session, commit."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield node.lineno, name, node.func.attr


def commits(sources: Iterable[Source]) -> list[str]:
    """Transactions ended outside the list; the search library has none."""
    return [
        f"{each.path}:{line}"
        for each in sources
        if each.path not in MAY_COMMIT and each.feature != "search"
        for line, _owner, method in calls(each)
        if method == "commit"
    ]


def clock_reads(sources: Iterable[Source]) -> list[str]:
    """Looks at the wall clock outside the list."""
    return [
        f"{each.path}:{line} {owner}.{method}"
        for each in sources
        if each.path not in MAY_READ_CLOCK
        for line, owner, method in calls(each)
        if (owner, method) in CLOCK_READS or (owner, method) == ("time", "time")
    ]


def layer_names() -> set[str]:
    """Every module that the layers of pyproject.toml place."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    layers = next(c for c in tools["importlinter"]["contracts"] if c["id"] == "layers")["layers"]
    return {name.strip(" ()") for layer in layers for name in layer.replace("|", ":").split(":")}


def test_models_are_imported_only_inside_their_feature():
    assert borrowed_models(application()) == []


def test_only_the_unit_of_work_commits():
    assert commits(application()) == []


def test_only_the_edges_read_the_clock():
    assert clock_reads(application()) == []


@pytest.mark.parametrize("listed", [MAY_COMMIT, MAY_READ_CLOCK])
def test_exceptions_that_no_longer_exist_are_struck_out(listed):
    assert [path for path in listed if not (ROOT / path).exists()] == []


def test_every_part_of_the_marketplace_has_its_layer():
    parts = {
        f"marketplace.{path.stem}"
        for path in (ROOT / "marketplace").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    assert parts - layer_names() == set()


BAD = """
from datetime import date, datetime
from marketplace.accounts import models
from marketplace.accounts.models import User
from marketplace.vetting.models import Case

def act(uow):
    uow.session.commit()
    return datetime.now(), date.today()
"""


def test_each_trespass_is_found():
    source = Source("marketplace/vetting/services.py", BAD)

    assert borrowed_models([source]) == [
        "marketplace/vetting/services.py:3 marketplace.accounts.models",
        "marketplace/vetting/services.py:4 marketplace.accounts.models",
    ]
    assert commits([source]) == ["marketplace/vetting/services.py:8"]
    assert len(clock_reads([source])) == 2


def test_the_back_office_may_read_any_models():
    assert borrowed_models([Source("admin/tables.py", BAD)]) == []
