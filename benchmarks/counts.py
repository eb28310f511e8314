"""How large the house is: lines, statements, imports, second lists of names, endpoints."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sources import PACKAGES, Source, sources

DATA = (".yaml", ".yml", ".csv", ".json", ".po")
TEMPLATES = (".html", ".txt", ".xml", ".jinja")
_IMPORTS = (ast.Import, ast.ImportFrom)

# Runs in the tree that is counted, so that it builds that tree's application.
_ASK = """
import json, re
from marketplace.app import create_app
rules = [rule.rule for rule in create_app().url_map.iter_rules()]
words = [re.findall(r"<any\\(([^)]*)\\)", rule) for rule in rules]
print(json.dumps([len(rules), sum(1 + sum(each.count(",") for each in some) for some in words)]))
"""


@dataclass(frozen=True)
class Size:
    """Lines and files of one kind."""

    lines: int
    files: int


@dataclass(frozen=True)
class Endpoints:
    """Routes, and routes where each word of an `<any(…)>` counts as one."""

    routes: int
    acts: int


def sizes(root: Path) -> dict[str, Size]:
    """Lines and files: Python of the three packages; templates; Python of the tests; data files of
    the three packages (YAML, CSV, JSON, po). Every line counts, empty ones and comments too.
    """
    kinds = {
        "python": sources(root, *PACKAGES),
        "templates": sources(root, "templates", suffixes=TEMPLATES),
        "tests": sources(root, "tests"),
        "data": sources(root, *PACKAGES, suffixes=DATA),
    }
    return {kind: Size(sum(s.lines for s in found), len(found)) for kind, found in kinds.items()}


def statements(files: Iterable[Source]) -> int:
    """Statements of the syntax tree, nested ones and docstrings too: how the code is laid out on
    lines changes nothing.
    """
    return sum(isinstance(node, ast.stmt) for each in files for node in ast.walk(each.tree))


def import_lines(source: Source) -> int:
    """Every line that an `import` or `from … import` stands on, also inside functions."""
    covered: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, _IMPORTS):
            covered.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(covered)


def import_share(files: Iterable[Source]) -> float:
    """The part of all lines that imports stand on."""
    known = list(files)
    return sum(map(import_lines, known)) / max(1, sum(each.lines for each in known))


def reexporting(files: Iterable[Source]) -> dict[str, int]:
    """`__init__.py` files of nothing but imports and `__all__` beyond the docstring, with all their
    lines: second lists of names that are defined elsewhere.
    """
    return {each.path: each.lines for each in files if _only_passes_on(each)}


def _only_passes_on(source: Source) -> bool:
    if Path(source.path).name != "__init__.py":
        return False
    body = source.tree.body[bool(ast.get_docstring(source.tree)) :]
    return bool(body) and all(isinstance(node, _IMPORTS) or _is_list(node) for node in body)


def _is_list(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
    )


def endpoints(root: Path) -> Endpoints:
    """The routes of the application as it is built outside the demo, the back office and the
    static files included. `acts` counts each word of an `<any("pay", "accept"):act>` as a route of
    its own, so that many acts behind one function do not look like fewer.
    """
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        asked = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _ASK],
            cwd=root,
            env=kept | {"MARKETPLACE_ENV": "test", "MARKETPLACE_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    routes, acts = json.loads(asked.stdout.splitlines()[-1])
    return Endpoints(routes, acts)
