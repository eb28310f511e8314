"""What is said in several places: events, and rows copied by hand."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.sources import Place, Source, last_name, place

FEWEST_COPIED = 4


# ------------------------------------------------------------------ events


@dataclass(frozen=True)
class Naming:
    """An event and the files outside its definition that name it."""

    event: str
    by_class: frozenset[str]
    by_kind: frozenset[str]

    @property
    def files(self) -> frozenset[str]:
        """By either name."""
        return self.by_class | self.by_kind


def event_namings(files: Iterable[Source]) -> list[Naming]:
    """For every subclass of `Event` with a KIND, the files that name it outside the one that
    defines it: by its class (imports and second lists count) or by its KIND as a whole text
    (`"engagement.overdue"` in a table of words names it as much). Tests do not count.
    """
    known = list(files)
    events = _events(known)
    words = {each.path: _identifiers(each) for each in known}
    texts = {each.path: _texts(each) for each in known}
    return [
        Naming(
            name,
            frozenset(p for p, found in words.items() if name in found and p != home),
            frozenset(p for p, found in texts.items() if kind in found and p != home),
        )
        for name, (home, kind) in sorted(events.items())
    ]


def _events(files: Iterable[Source]) -> dict[str, tuple[str, str]]:
    """Where each event is defined, and its kind."""
    bases: dict[str, set[str]] = {}
    defined: dict[str, tuple[str, str]] = {}
    for source in files:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                bases.setdefault(node.name, set()).update(last_name(b) for b in node.bases)
                if kind := _kind(node):
                    defined[node.name] = (source.path, kind)
    return {name: found for name, found in defined.items() if _descends(name, bases)}


def _descends(name: str, bases: dict[str, set[str]], seen: frozenset[str] = frozenset()) -> bool:
    if name in seen:
        return False
    over = bases.get(name, set())
    return "Event" in over or any(_descends(each, bases, seen | {name}) for each in over)


def _kind(node: ast.ClassDef) -> str:
    for each in node.body:
        if isinstance(each, ast.AnnAssign | ast.Assign) and isinstance(each.value, ast.Constant):
            targets = [each.target] if isinstance(each, ast.AnnAssign) else each.targets
            if any(last_name(target) == "KIND" for target in targets):
                return str(each.value.value)
    return ""


def _identifiers(source: Source) -> set[str]:
    found = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            found.add(last_name(node))
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
    return found


def _texts(source: Source) -> set[str]:
    return {
        node.value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


# ------------------------------------------------------------------ rows


def row_copies(files: Iterable[Source]) -> list[Place]:
    """Calls of a class with at least four keywords `x=row.x`, where the variable is called `row`:
    a row written by hand that `row_of` would read. A field left out of one is lost in silence.
    """
    return [place for place, owner in _copies(files) if owner == "row"]


def other_copies(files: Iterable[Source]) -> list[Place]:
    """The same from a variable of another name: some are rows under another name, some are acts
    that take over what they were given, which is right.
    """
    return [place for place, owner in _copies(files) if owner != "row"]


def _copies(files: Iterable[Source]) -> Iterator[tuple[Place, str]]:
    for source in files:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            called = last_name(node.func)
            owners = Counter(filter(None, map(_copied_from, node.keywords)))
            if not owners or not called.lstrip("_")[:1].isupper():
                continue
            owner, count = owners.most_common(1)[0]
            if count >= FEWEST_COPIED:
                yield place(source, node, f"{called}: {count} from {owner}"), owner


def _copied_from(keyword: ast.keyword) -> str:
    value = keyword.value
    same = isinstance(value, ast.Attribute) and value.attr == keyword.arg
    return ast.unparse(value.value) if same else ""  # type: ignore[attr-defined]


def copies_by_strings(files: Iterable[Source]) -> list[Place]:
    """`{name: getattr(row, name) for name in …}`: a copy whose list of names no tool can check. A
    record that reads its own fields (`self`) copies nothing.
    """
    return [
        place(source, node, ast.unparse(node.value))
        for source in files
        for node in ast.walk(source.tree)
        if isinstance(node, ast.DictComp) and _read_by_name(node)
    ]


def _read_by_name(node: ast.DictComp) -> bool:
    asked = node.value
    return (
        isinstance(asked, ast.Call)
        and last_name(asked.func) == "getattr"
        and ast.unparse(asked.args[0]) != "self"
        and ast.unparse(asked.args[1]) in {ast.unparse(each.target) for each in node.generators}
    )
