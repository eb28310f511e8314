"""What can be started from a terminal says how it is used, and does nothing else then."""

import subprocess

import pytest

from marketplace.settings import ROOT

PROGRAMS = sorted(
    path.name for path in (ROOT / "bin").iterdir() if path.is_file() and not path.suffix
)


def test_the_programs_are_known():
    assert {"docs-shots", "prepare", "sbom", "scan", "serve", "test", "translate"} == set(PROGRAMS)


@pytest.mark.parametrize("word", ["--help", "-h"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_asked_says_how_it_is_used(name, word, tmp_path):
    done = subprocess.run(
        [ROOT / "bin" / name, word],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    first = done.stdout.splitlines()[0]
    assert f"bin/{name}" in done.stdout
    assert first[0].isupper()
    assert 1 < len(done.stdout.splitlines()) < 8
    assert "set -eu" not in done.stdout
    assert not done.stderr
    assert not list(tmp_path.iterdir())
