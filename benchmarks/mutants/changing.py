"""Small faults in a source: every place where one can be made, and the text it would have."""

import ast
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass

Made = Iterator[tuple[str, str]]

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_JOINED: dict[type[ast.boolop], type[ast.boolop]] = {ast.And: ast.Or, ast.Or: ast.And}
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_LONGEST = 100


@dataclass(frozen=True)
class Change:
    """One fault: the bytes from `start` to `end` of a file become `new`.

    `scope` is the function it lies in; outside of functions `names` are what the statement
    defines. `key` finds it again however the file moves: the line as it reads, and the change.
    """

    path: str
    line: int
    statement: int
    scope: str
    names: tuple[str, ...]
    start: int
    end: int
    new: str
    key: tuple[str, str]

    def applied(self, source: bytes) -> bytes:
        """The source with this fault in it."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def changes_in(path: str, source: bytes) -> list[Change]:
    """Every fault that can be made in a source."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return finder.found


def normalised(line: str) -> str:
    """A line without the white space that formatting gave it."""
    return " ".join(line.split())


def scopes_of(source: bytes) -> dict[int, str]:
    """The innermost function of every line that lies in one."""
    found: dict[int, str] = {}
    # Breadth first: inner functions come later and win.
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _Function):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            found |= dict.fromkeys(lines, node.name)
    return found


class _Finder(ast.NodeVisitor):
    """Walks a tree and notes the faults; leaves out what only describes: annotations and such."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.found: list[Change] = []
        self.scope, self.statement = "", 1
        self.names: tuple[str, ...] = ()
        self.nested = False

    def visit(self, node: ast.AST) -> None:
        """Note what can be changed here, then look inside."""
        if isinstance(node, ast.JoinedStr):
            return  # its parts have no exact places
        if isinstance(node, ast.stmt):
            self.statement = node.lineno
        if isinstance(node, ast.stmt | ast.expr):
            for make in _MAKERS.get(type(node), ()):
                for kind, new in make(node):
                    self.note(node, kind, new)
        if self.nested and isinstance(node, ast.Return):
            self.note(node, "dropped", "pass")
        super().visit(node)

    def note(self, node: ast.stmt | ast.expr, kind: str, new: str) -> None:
        """Keep a fault with its place."""
        start = self.starts[node.lineno - 1] + node.col_offset
        end = self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
        old = normalised(self.source[start:end].decode())
        said = f"{kind}: {_short(old)} -> {_short(new)}"
        line = normalised(self.lines[node.lineno - 1].decode())
        self.found.append(
            Change(
                self.path, node.lineno, self.statement, self.scope, self.names,
                start, end, new, (line, said),
            )
        )  # fmt: skip

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Defaults and body, not decorators and annotations."""
        was = self.scope, self.nested
        self.scope, self.nested = node.name, False
        for each in (*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body):
            self.visit(each)
        self.scope, self.nested = was

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The body alone."""
        was = self.names
        self.names = (node.name,)
        for each in node.body:
            self.visit(each)
        self.names = was

    def visit_Assign(self, node: ast.Assign) -> None:
        """The value, under the names it gets."""
        self._value(node.targets, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """The same without the annotation."""
        if node.value is not None:
            self._value([node.target], node.value)

    def _value(self, targets: list[ast.expr], value: ast.expr) -> None:
        was = self.names
        if not self.scope:
            self.names = (*was, *(each.id for each in targets if isinstance(each, ast.Name)))
        self.visit(value)
        self.names = was

    def visit_If(self, node: ast.AST) -> None:
        """What stands under a condition can be dropped without a trace."""
        was, self.nested = self.nested, True
        self.generic_visit(node)
        self.nested = was

    visit_For = visit_While = visit_With = visit_Try = visit_If  # noqa: N815


def _short(text: str) -> str:
    text = normalised(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _compared(node: ast.Compare) -> Made:
    for index, operator in enumerate(node.ops):
        other = copy(node)
        other.ops = [*node.ops]
        other.ops[index] = _COMPARED[type(operator)]()
        yield "comparison", f"({ast.unparse(other)})"


def _joined(node: ast.BoolOp) -> Made:
    yield "and/or", f"({ast.unparse(ast.BoolOp(_JOINED[type(node.op)](), node.values))})"


def _reckoned(node: ast.BinOp) -> Made:
    swapped = _RECKONED.get(type(node.op))
    if swapped is not None and not _is_text(node.left) and not _is_text(node.right):
        yield "arithmetic", f"({ast.unparse(ast.BinOp(node.left, swapped(), node.right))})"


def _is_text(node: ast.expr) -> bool:
    written = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return written or isinstance(node, ast.JoinedStr)


def _grown(node: ast.AugAssign) -> Made:
    yield "dropped", "pass"
    swapped = _RECKONED.get(type(node.op))
    if swapped is not None:
        yield "arithmetic", ast.unparse(ast.AugAssign(node.target, swapped(), node.value))


def _not(node: ast.UnaryOp) -> Made:
    if isinstance(node.op, ast.Not):
        yield "not removed", f"({ast.unparse(node.operand)})"


def _number(node: ast.Constant) -> Made:
    if type(node.value) is int:
        for other in (node.value + 1, node.value - 1):
            yield "constant", f"({other})" if other < 0 else str(other)


def _returned(node: ast.Return) -> Made:
    value = node.value
    if value is None or (isinstance(value, ast.Constant) and value.value is None):
        return
    truth = isinstance(value, ast.Compare | ast.BoolOp) or _is_truth(value)
    yield "returned", f"return not ({ast.unparse(value)})" if truth else "return None"


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, bool)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _stated(node: ast.Expr) -> Made:
    if isinstance(node.value, ast.Call):
        yield "dropped", "pass"


def _raised(_node: ast.Raise) -> Made:
    yield "dropped", "pass"


def _stored(node: ast.Assign) -> Made:
    # What only gives a name to something would be missed at once.
    if all(isinstance(each, ast.Attribute | ast.Subscript) for each in _parts(node.targets)):
        yield "dropped", "pass"


def _parts(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    for each in targets:
        yield from _parts(each.elts) if isinstance(each, ast.Tuple) else (each,)


def _called(node: ast.Call) -> Made:
    for gone in node.keywords:
        if gone.arg is not None:
            kept = [each for each in node.keywords if each is not gone]
            yield f"without {gone.arg}", ast.unparse(ast.Call(node.func, node.args, kept))


_MAKERS: dict[type[ast.AST], tuple[Callable[..., Made], ...]] = {
    ast.Compare: (_compared,),
    ast.BoolOp: (_joined,),
    ast.BinOp: (_reckoned,),
    ast.AugAssign: (_grown,),
    ast.UnaryOp: (_not,),
    ast.Constant: (_number,),
    ast.Return: (_returned,),
    ast.Expr: (_stated,),
    ast.Raise: (_raised,),
    ast.Assign: (_stored,),
    ast.Call: (_called,),
}
