"""A client that a stranger's tool makes from the description lists, pages, creates and reads."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from marketplace.settings import ROOT
from tests.contract.conftest import Programs
from tests.postgres import need
from tests.projects import new_code

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

APART = ROOT / "build" / "client" / "bin"
_USE = Path(__file__).with_name("made_client.py")


def run(command: list[str | Path], folder: Path, **environ: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": f"{APART}{os.pathsep}{os.environ['PATH']}", "LANG": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def test_a_client_made_from_the_description_works(programs: Programs, tmp_path: Path) -> None:
    maker = APART / "openapi-python-client"
    need(maker.name, maker.exists())
    address = programs.market.product.url
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n")
    generate: list[str | Path] = [maker, "generate", "--url", f"{address}/api/v1/openapi.json"]
    generate += ["--meta", "none", "--output-path", tmp_path / "made", "--config", config]
    run([*generate, "--fail-on-warning"], tmp_path)

    said = run(
        [APART / "python", _USE],
        tmp_path,
        PYTHONPATH=str(tmp_path),
        MARKET=address,
        TOKEN=programs.tokens["enterprise"],
        CODE=new_code(),
    )

    found = json.loads(said)
    assert found["items"] >= 15
    assert found["institutions"] == 2
    assert found["projects"] >= 2
    assert (found["engagements"], found["created"]) == (1, 1)
