"""Brings the database and the demo world up to date in one process, and prints who can sign in.

`bin/serve` runs it before web and worker. Three commands would load the application three times,
which is most of what a later start takes.
"""

import contextlib
import sys

from flask_migrate import upgrade

from marketplace.app import create_app
from marketplace.infra.tasks import run_task
from marketplace.settings import read_settings


def main() -> None:
    """Migrate; in the demo make the world where it is not complete, then print its accounts."""
    settings = read_settings()
    with create_app(settings).app_context():
        with contextlib.redirect_stdout(sys.stderr):
            upgrade()
            if settings.is_demo:
                print(run_task("demo_load"))
        if settings.is_demo:
            print(run_task("demo_accounts"))


if __name__ == "__main__":
    main()
