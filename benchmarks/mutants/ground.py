"""A copy of the tree in which faults may be made, and the tests run in it."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.source import tracked_files

ROOT = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
# On SQLite, in this process, without the demo world.
LEFT_OUT = "not postgres and not world and not real_time and not browser"
# Environment variables that tell the plugin where to read what to run, and to write what passed.
CHOICE = "MUTANTS_CHOICE"
REPORT = "MUTANTS_REPORT"
# What Git leaves out and the tests need.
_MADE = ("marketplace/translations/**/*.mo",)


@dataclass
class Ground:
    """One copy; only one run at a time takes place in it."""

    root: Path
    # Every writing gets a time of its own, so that no compiled file is taken for it.
    _times: int = field(default=0, init=False)

    @classmethod
    def laid(cls, folder: Path) -> "Ground":
        """Copy what the work tree holds now into a folder."""
        made = (each for pattern in _MADE for each in ROOT.glob(pattern) if each.is_file())
        for path in {*tracked_files(), *made}:
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
        vendor = ROOT / "static" / "vendor"
        if vendor.exists():
            (folder / "static" / "vendor").symlink_to(vendor.resolve())
        return cls(folder)

    def write(self, path: str, source: bytes) -> None:
        """Put a source in place of the one that is there."""
        target = self.root / path
        target.write_bytes(source)
        self._times += 1
        later = target.stat().st_mtime + 10 * self._times
        os.utime(target, (later, later))

    def options(self, *arguments: str) -> list[str]:
        """What every run of tests is told."""
        scratch = self.root.parent / f"{self.root.name}-tests"
        plugins = ("no:cacheprovider", "no:playwright", "benchmarks.mutants.plugin")
        return [
            *(f"-p{name}" for name in plugins),
            *("-q", f"--basetemp={scratch}", "-m", LEFT_OUT, *arguments),
        ]

    def pytest(
        self, *arguments: str, environ: dict[str, str], seconds: float | None = None
    ) -> tuple[int | None, str]:
        """Run tests; the exit code, None where the time was over, and what was said."""
        with subprocess.Popen(
            (sys.executable, "-m", "pytest", *self.options(*arguments)),
            cwd=self.root,
            env=os.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return None, ""
        return process.returncode, said
