"""The application as gunicorn loads it: once, before it forks the web processes.

Loading it once makes starts and restarts quick. What must not be shared by processes is renewed
in each of them by `post_fork`, which gunicorn finds here because this module is its configuration.
"""

import gc
import random
import signal
from typing import Any

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from marketplace.app import create_app
from marketplace.infra.blobs import cache_path
from marketplace.infra.database import db
from marketplace.infra.room import LeftOutWhenFull
from marketplace.supervisor import end_with_parent


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in files; a page needs none of them, least of all on a full disk."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where there is room."""
        with LeftOutWhenFull("template"):
            super().dump_bytecode(bucket)


app = create_app()

# What one web process has compiled the others and the next start find here.
_compiled = cache_path("templates")
_compiled.mkdir(parents=True, exist_ok=True)
app.jinja_env.bytecode_cache = _Compiled(str(_compiled))

# What is loaded now lives as long as the processes do. Kept out of garbage collection it stays
# shared between them, and they stop at once instead of sorting it all again.
gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """Give this web process its own database connections and its own random numbers.

    Killed with the process that started it, it frees the address for the next start at once.
    """
    end_with_parent(signal.SIGKILL)
    with app.app_context():
        db.engine.dispose(close=False)
    random.seed()


def worker_exit(_server: Any, _worker: Any) -> None:
    """Close its connections: the last one closed leaves nothing beside a SQLite file."""
    with app.app_context():
        db.engine.dispose()
