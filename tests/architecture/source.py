"""Reads the source that the architecture tests judge."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marketplace.settings import ROOT

PACKAGES = ("marketplace", "admin", "search")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root of the repository and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return _parsed(self.text)

    @property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.text.splitlines())

    @property
    def feature(self) -> str:
        """The folder under marketplace, or the package itself."""
        parts = Path(self.path).with_suffix("").parts
        return parts[1] if parts[0] == "marketplace" and len(parts) > 1 else parts[0]

    @property
    def part(self) -> str:
        """What the file is in its feature: `services`, `rules`, also when that is a folder."""
        parts = Path(self.path).with_suffix("").parts
        return parts[2] if parts[0] == "marketplace" and len(parts) > 2 else parts[-1]

    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        return (each for each in ast.walk(self.tree) if isinstance(each, Function))


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def python_files(*folders: str) -> tuple[Source, ...]:
    """Every Python file under these folders, empty ones left out."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    read = (Source(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in found)
    return tuple(source for source in read if source.text.strip())


def application() -> tuple[Source, ...]:
    """The three packages of the product."""
    return python_files(*PACKAGES)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def text_of(path: Path) -> str:
    """The text of a file, empty for a picture or another binary."""
    raw = path.read_bytes()
    return "" if b"\0" in raw else raw.decode("utf-8", errors="replace")
