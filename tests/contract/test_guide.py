"""The integrator's guide does what it says: its blocks run in order, with the output shown."""

import doctest
import io
import re
from contextlib import redirect_stdout

import pytest

from marketplace.settings import ROOT
from tests.contract.conftest import Programs

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDE = ROOT / "docs" / "integrators.md"


def test_the_guide_runs_as_it_is_written(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKET", programs.market.product.url)
    monkeypatch.setenv("TOKEN", programs.tokens["enterprise"])
    blocks = _BLOCK.findall(GUIDE.read_text("utf-8"))
    names: dict[str, object] = {}
    said, run = "", 0
    for language, text in blocks:
        if language == "python":
            run += 1
            with redirect_stdout(io.StringIO()) as output:
                exec(compile(text, f"{GUIDE.name}, block {run}", "exec"), names)  # noqa: S102
            said = output.getvalue()
        elif language == "text":
            assert doctest.OutputChecker().check_output(text, said, doctest.ELLIPSIS), said

    assert run >= 8
