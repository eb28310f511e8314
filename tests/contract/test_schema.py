"""schemathesis finds nothing, as each kind of client, on both databases.

Seed and number of examples are fixed; bin/test --long runs more of them.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.settings import ROOT
from tests.contract.conftest import Programs

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

SEED = 20261123
EXAMPLES = int(os.environ.get("MARKETPLACE_CONTRACT_EXAMPLES", "25"))
CLIENTS = ("no token", "enterprise", "institution", "department")
_CONFIGURATION = """
seed = {seed}
workers = 1
color = false
request-timeout = 60.0
hooks = "tests.contract.hooks"
[generation]
mode = "all"
max-examples = {examples}
no-shrink = true
database = "none"
[phases]
examples.enabled = true
coverage.enabled = true
fuzzing.enabled = true
stateful.enabled = true
stateful.max-steps = 4


"""
_TOKEN = """
[auth.openapi]
token = {{ bearer = "{token}" }}
"""


@pytest.mark.parametrize("client", CLIENTS)
def test_the_product_keeps_to_its_description(
    programs: Programs, client: str, tmp_path: Path
) -> None:
    token = programs.tokens[client]
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        _CONFIGURATION.format(seed=SEED, examples=EXAMPLES)
        + (_TOKEN.format(token=token) if token else "")
    )
    # Run from here, so that the hooks are found and no file is left in the tree.
    command = [sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "run"]
    command.append(f"{programs.market.product.url}/api/v1/openapi.json")
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout[-12000:]}{done.stderr[-3000:]}"
