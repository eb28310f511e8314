"""Read once by the process from which racing processes are forked: the whole application."""

from contextvars import Context
from pathlib import Path
from tempfile import TemporaryDirectory

from marketplace.app import create_app
from tests.conftest import make_settings

with TemporaryDirectory() as folder:
    Context().run(create_app, make_settings(Path(folder)))
