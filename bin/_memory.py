"""Temporary files in memory, for what makes many databases and keeps none."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM = 6 * 1024**3


@contextmanager
def files_in_memory() -> Iterator[None]:
    """Let temporary files be kept in memory where there is room: thousands of databases are made
    and synced, and no test depends on a disk. A machine that is short of memory uses its disk.
    """
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM or free_memory() < ROOM:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="test-", dir=MEMORY) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as somebody else and passes through
        os.environ["TMPDIR"] = folder
        yield


def free_memory() -> int:
    """The bytes of memory that programs may still take."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    known = dict(line.split(":", 1) for line in lines)
    return int(known["MemAvailable"].split()[0]) * 1024
