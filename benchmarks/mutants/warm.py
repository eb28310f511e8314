"""A process that has loaded the product and its tests once, and is split for every fault.

    python -m benchmarks.mutants.warm

reads one question a line, makes the fault in a copy of itself and answers with pytest's exit code.
Only what lies inside a function can be changed so: the function gets other code. Everything else,
tables and defaults, is answered with "cold" and must be asked of a fresh process.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from benchmarks.mutants.ground import CHOICE

COLD, OVER = "cold", "over"


@contextmanager
def silence() -> Iterator[None]:
    """Nothing that tests say comes between the answers, nor from a test's own processes."""
    kept = os.dup(1), os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
    try:
        yield
    finally:
        sys.stdout.flush()
        for number, was in zip((1, 2), kept, strict=True):
            os.dup2(was, number)
            os.close(was)


def put_in(path: Path, line: int, changed: bytes) -> bool:
    """Give the function around a line the code it has in the changed source; False for others."""
    old = _around(compile(path.read_bytes(), str(path), "exec"), line)
    new = _around(compile(changed, str(path), "exec"), line)
    if old is None or new is None or old == new or old.co_freevars != new.co_freevars:
        return False
    gc.unfreeze()
    found = [
        each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__code__ == old
    ]
    for each in found:
        each.__code__ = new
    return bool(found)


def _around(module: CodeType, line: int) -> CodeType | None:
    """The outermost function of a module, or of a class in it, that a line lies in."""
    for code in (each for each in module.co_consts if isinstance(each, CodeType)):
        lines = {number for *_, number in _lines(code) if number}
        if not lines or not min(lines) <= line <= max(lines):
            continue
        # The body of a class makes no new locals for speed as a function does.
        return code if code.co_flags & 1 else _around(code, line)
    return None


def _lines(code: CodeType) -> Iterator[tuple[int, int, int | None]]:
    yield from code.co_lines()
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _lines(inner)


def answer(asked: dict[str, Any]) -> int | str:
    """Split off a process for one fault and wait for it."""
    child = os.fork()
    if child == 0:
        os.setsid()
        code = 99
        try:
            path = Path(asked["path"]).resolve()
            if put_in(path, asked["line"], asked["changed"].encode()):
                os.environ[CHOICE] = asked["choice"]
                with silence():
                    code = int(pytest.main(asked["arguments"]))
        finally:
            os._exit(code)
    return _waited(child, asked["seconds"])


def _waited(child: int, seconds: float) -> int | str:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return COLD if code == 99 else code
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return OVER


class Warm:
    """Asks such a process."""

    def __init__(self, root: Path, arguments: list[str]) -> None:
        self.process = subprocess.Popen(
            (sys.executable, "-m", "benchmarks.mutants.warm", *arguments),
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **asked: Any) -> int | str:
        """Exit code, or "cold" where only a fresh process can tell, or "over"."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        return json.loads(said) if said else COLD

    def end(self) -> None:
        """Let it go."""
        self.process.communicate()


def main() -> None:
    """Load everything, then answer until nobody asks any more."""
    with silence():
        pytest.main(["--collect-only", *sys.argv[1:]])
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
