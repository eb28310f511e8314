"""Reads the source that the architecture tests judge."""

import ast
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
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
    """Every file that git keeps or would keep; where there is no git, read from the tree."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return files_kept(ROOT)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def files_kept(root: Path) -> tuple[Path, ...]:
    """Every file of a tree that its `.gitignore` does not name, as an unpacked archive has them."""
    lines = (root / ".gitignore").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    return tuple(_walked(root, "/", [".git", *patterns]))


def _walked(folder: Path, place: str, patterns: Sequence[str]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        where = f"{place}{path.name}"
        is_folder = path.is_dir() and not path.is_symlink()
        if any(_names(pattern, where, is_folder=is_folder) for pattern in patterns):
            continue
        if is_folder:
            yield from _walked(path, f"{where}/", patterns)
        elif path.is_file():
            yield path


def _names(pattern: str, where: str, *, is_folder: bool) -> bool:
    """Whether a line of `.gitignore` names it: from the root where it begins with a slash."""
    if pattern.endswith("/") and not is_folder:
        return False
    pattern = pattern.rstrip("/")
    named = where if pattern.startswith("/") else where.rpartition("/")[2]
    return fnmatchcase(named, pattern)


def text_of(path: Path) -> str:
    """The text of a file, empty for a picture or another binary."""
    raw = path.read_bytes()
    return "" if b"\0" in raw else raw.decode("utf-8", errors="replace")
