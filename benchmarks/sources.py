"""The source that is counted: of the tree this file stands in, or of a revision of it."""

from __future__ import annotations

import ast
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("marketplace", "admin", "search")


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the repository and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of Python."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """How long the file is."""
        return self.text.count("\n")

    @property
    def feature(self) -> str:
        """The folder under marketplace, or the package itself."""
        parts = Path(self.path).parts
        return parts[1] if parts[0] == "marketplace" and len(parts) > 2 else parts[0]


def sources(root: Path, *folders: str, suffixes: tuple[str, ...] = (".py",)) -> tuple[Source, ...]:
    """Every file with one of these suffixes under the folders, in order of their paths."""
    found = sorted(
        path
        for folder in folders
        for path in (root / folder).rglob("*")
        if path.suffix in suffixes and path.is_file()
    )
    return tuple(
        Source(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in found
    )


@contextmanager
def tree_of(revision: str) -> Iterator[Path]:
    """The files of a revision in a temporary folder."""
    archive = ["git", "archive", "--format=tar", revision]
    packed = subprocess.run(archive, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="revision-") as folder:
        subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
        yield Path(folder)


@dataclass(frozen=True, order=True)
class Place:
    """Something found: where it begins, how many lines it takes, what it is."""

    path: str
    line: int
    lines: int
    what: str

    def __str__(self) -> str:
        """How it is listed."""
        return f"{self.path}:{self.line} {self.what}"


def place(source: Source, node: ast.stmt | ast.expr, what: str) -> Place:
    """Where a node of the source stands."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    return Place(source.path, node.lineno, lines, what)


def last_name(node: ast.AST) -> str:
    """The name of a variable, or the last one of `a.b.c`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
