"""What goes wrong in silence: money as fractions, states as plain text, modules out of sight."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from benchmarks.sources import Place, Source, last_name, place

_MONEY = {"fen", "yuan", "money"}
_PARTS = {100, 10_000, 1_000_000}
_DIVIDED = re.compile(r"\bfen\b[^{}\n]*?//?\s*10{2,}\b")
_AS_FLOAT = re.compile(r"\bfen\b[^{}\n/]*/\s*10{2,}\b")
_Function = ast.FunctionDef | ast.AsyncFunctionDef

# ------------------------------------------------------------------ money


def money_formatters(files: Iterable[Source], templates: Iterable[Source] = ()) -> list[Place]:
    """Functions and template lines that turn fen into text: they divide by a hundred (or ten
    thousand, or a million), speak of fen, yuan or money, and make text.
    """
    found = [
        place(source, function, name)
        for source in files
        for name, function in _functions(source.tree)
        if _writes_money(name, function)
    ]
    return found + _lines_with(_DIVIDED, templates, "fen divided in a template")


def float_money(files: Iterable[Source], templates: Iterable[Source] = ()) -> list[Place]:
    """Money through a binary fraction: fen divided with `/`, or `float()` of an amount. A Decimal
    that is divided stays exact and does not count.
    """
    found = [
        place(source, node, ast.unparse(node))
        for source in files
        for node in ast.walk(source.tree)
        if _is_float_of_money(node)
    ]
    return found + _lines_with(_AS_FLOAT, templates, "fen divided in a template")


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, _Function]]:
    for node in ast.iter_child_nodes(tree):
        inner = within
        if isinstance(node, _Function | ast.ClassDef):
            inner = f"{within}.{node.name}".lstrip(".")
            if not isinstance(node, ast.ClassDef):
                yield inner, node
        yield from _functions(node, inner)


def _writes_money(name: str, function: _Function) -> bool:
    returns_text = function.returns is not None and ast.unparse(function.returns).startswith("str")
    texts = (node for node in ast.walk(function) if isinstance(node, ast.JoinedStr))
    within = (function,) if returns_text else texts
    divided = [each for part in within for each in map(_divided, ast.walk(part)) if each]
    speaks = _speaks_of_money(*re.findall(r"[A-Z]?[a-z]+", name))
    return any(speaks or _mentions_money(each) for each in divided)


def _divided(node: ast.AST) -> ast.expr | None:
    """What this node divides by a hundred, if it does."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv):
        return node.left if _is_part(node.right) else None
    if isinstance(node, ast.Call) and last_name(node.func) == "divmod" and _is_part(node.args[1]):
        return node.args[0]
    return None


def _is_part(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in _PARTS


def _is_float_of_money(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_part(node.right):
        exact = "Decimal" in {last_name(each) for each in ast.walk(node.left)}
        return not exact and _mentions_money(node.left)
    return (
        isinstance(node, ast.Call)
        and last_name(node.func) == "float"
        and any(_mentions_money(each, {"amount", "price"}) for each in node.args)
    )


def _mentions_money(node: ast.expr, also: Iterable[str] = ()) -> bool:
    names = (part for each in ast.walk(node) for part in last_name(each).split("_"))
    return _speaks_of_money(*names, also=also)


def _speaks_of_money(*words: str, also: Iterable[str] = ()) -> bool:
    return not {word.casefold() for word in words}.isdisjoint(_MONEY | set(also))


def _lines_with(pattern: re.Pattern[str], templates: Iterable[Source], what: str) -> list[Place]:
    return [
        Place(source.path, number, 1, what)
        for source in templates
        for number, line in enumerate(source.text.splitlines(), 1)
        if pattern.search(line)
    ]


# ------------------------------------------------------------------ states


def text_states(files: Iterable[Source]) -> list[Place]:
    """Mapped columns called `state`, `stage` or `outcome` (also with a word before, as in
    `proposed_outcome`) that are plain text, and such a `kind` where its table names the
    enumeration: in a CHECK, a default, or a class of the same module.
    """
    return [
        place(source, node, f"{table.name}.{last_name(node.target)}")
        for source in files
        if source.path.startswith("marketplace/")
        for table in ast.walk(source.tree)
        if isinstance(table, ast.ClassDef)
        for node in table.body
        if isinstance(node, ast.AnnAssign) and _is_text(node) and _is_state(source, table, node)
    ]


def _is_text(node: ast.AnnAssign) -> bool:
    """A column of text, not one of an enumeration's words."""
    if not re.fullmatch(r"Mapped\[str( \| None)?\]", ast.unparse(node.annotation)):
        return False
    return node.value is not None and "String(" in ast.unparse(node.value)


def _is_state(source: Source, table: ast.ClassDef, node: ast.AnnAssign) -> bool:
    name = last_name(node.target)
    if name.rpartition("_")[2] in {"state", "stage", "outcome"}:
        return True
    if name != "kind":
        return False
    in_check = re.search(r"'kind', [A-Z]\w*", ast.unparse(table))
    in_default = node.value is not None and re.search(
        r"default=[A-Z]\w+\.[A-Z]", ast.unparse(node.value)
    )
    here = any(
        isinstance(each, ast.ClassDef)
        and each.name.endswith("Kind")
        and "StrEnum" in map(last_name, each.bases)
        for each in source.tree.body
    )
    return bool(in_check or in_default or here)


# ------------------------------------------------------------------ the parts of a feature


def other_modules(
    files: Iterable[Source], features: Iterable[str], parts: Iterable[str]
) -> list[str]:
    """Modules and packages of a feature that are called otherwise than the table of file names:
    the import contracts do not see them.
    """
    wanted, known = set(features), set(parts) | {"__init__"}
    found = set()
    for source in files:
        path = PurePath(source.path)
        if source.path.startswith("marketplace/") and source.feature in wanted:
            part = PurePath(path.parts[2]).stem
            if part not in known:
                found.add("/".join(path.parts[:3]))
    return sorted(found)
