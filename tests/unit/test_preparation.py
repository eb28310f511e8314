"""bin/prepare does each step once, and bin/test tells the truth about the whole."""

import importlib
import shutil
import subprocess
import sys
from types import ModuleType

import pytest

from bin import _prepare
from marketplace.infra.printing import PACKAGES
from marketplace.settings import ROOT
from tests.postgres import need


@pytest.fixture
def runner(monkeypatch) -> ModuleType:
    """The module behind bin/test, which finds its neighbours as a script does."""
    monkeypatch.setattr(sys, "path", [str(ROOT / "bin"), *sys.path])
    return importlib.import_module("bin._test")


def test_a_step_is_done_again_only_when_what_it_is_made_from_changed(tmp_path):
    path = tmp_path / "deep" / "stamp"
    stamp = _prepare.Stamp(path, "one")
    assert not stamp.holds()

    stamp.set()

    assert _prepare.Stamp(path, "one").holds()
    assert not _prepare.Stamp(path, "two").holds()


def test_a_changed_file_changes_the_fingerprint(tmp_path, monkeypatch):
    monkeypatch.setattr(_prepare, "ROOT", tmp_path)
    file = tmp_path / "a.lock"
    file.write_text("one")
    before = _prepare.fingerprint([file])
    file.write_text("two")

    assert _prepare.fingerprint([file]) != before


def test_only_the_listed_browser_files_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(_prepare, "NPM", tmp_path / "npm")
    monkeypatch.setattr(_prepare, "BUILD", tmp_path / "build")
    monkeypatch.setattr(_prepare, "VENDOR", tmp_path / "static" / "vendor")
    source = tmp_path / "npm" / "node_modules" / "thing" / "dist"
    source.mkdir(parents=True)
    (source / "thing.js").write_text("1")
    (source / "other.js").write_text("2")
    (tmp_path / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "static" / "vendor" / "old.js").write_text("0")

    _prepare.copy_files({"t.js": "thing/dist/thing.js"}, _prepare.VENDOR)

    assert [path.name for path in _prepare.VENDOR.iterdir()] == ["t.js"]


def test_a_step_that_fails_shows_the_words_of_what_failed():
    script = "import sys; print('to the one'); sys.exit('no such package: left-pad')"
    with pytest.raises(_prepare.Problem, match=r"failed \(1\)") as failed:
        _prepare.run(sys.executable, "-c", script)
    assert "to the one\nno such package: left-pad" in str(failed.value)
    with pytest.raises(_prepare.Problem, match="It said nothing"):
        _prepare.run("false")


def test_npm_says_why_it_cannot(tmp_path):
    need("npm", shutil.which("npm"))
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(_prepare.Problem, match="package-lock"):
        _prepare.run("npm", "ci", *_prepare.NPM_OPTIONS, cwd=tmp_path)


def test_who_is_not_root_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(_prepare.Problem, match="please install: apt-get install chromium"):
        _prepare.apt_install("chromium")


def test_the_site_is_prepared_without_what_pdfs_need_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(_prepare, "PDF_LIBRARIES", {"libnowhere0": "libnowhere.so.0"})
    _prepare.look_after_pdf_libraries()
    assert "please install: apt-get install libnowhere0; until then" in capsys.readouterr().out

    monkeypatch.setattr(_prepare, "PDF_LIBRARIES", {"libc6": "libc.so.6"})
    _prepare.look_after_pdf_libraries()
    assert capsys.readouterr().out == ""


def test_the_packages_for_pdfs_are_those_that_the_site_names():
    assert tuple(_prepare.PDF_LIBRARIES) == PACKAGES


def test_a_missing_program_fails_the_build_and_not_a_laptop(runner, monkeypatch, capsys):
    monkeypatch.setattr(runner, "missing_packages", lambda: ["chromium"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("CI", raising=False)
    runner.look_after_packages()
    assert "please install: apt-get install chromium" in capsys.readouterr().out

    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="chromium"):
        runner.look_after_packages()


def test_the_summary_ends_with_what_pytest_said_or_with_what_failed(runner, capsys):
    lint = runner.Outcome("lint", passed=True, seconds=1.0, output="")
    tests = runner.Outcome(
        "tests", passed=True, seconds=9.0, output="..\n=== 12 passed in 9s ===\n"
    )
    assert runner.summarise([lint, tests], tests) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "12 passed in 9s"

    lint.passed = False
    assert runner.summarise([lint, tests], tests) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "FAILED: lint"


def test_the_build_server_runs_everything_and_skips_nothing():
    script = (ROOT / ".ci" / "run").read_text()

    assert "CI=true exec bin/test\n" in script
    for name in ("prepare", "serve", "test", "translate"):
        subprocess.run(["sh", "-n", ROOT / "bin" / name], check=True)
