"""A worker process for tests that kill it or run two of it.

Its listener notes in the mail sink which process heard which event. With `hang`, it makes the
file named there and then sleeps in the middle of its transaction, to be killed.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from marketplace.infra.events import FileStored
from marketplace.infra.mail import SunkMail
from marketplace.infra.outbox.listening import Handler, listen
from marketplace.infra.outbox.models import EventRecord
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.infra.worker import Worker
from tests.conftest import make_settings
from tests.platform_app import platform


def note(uow: UnitOfWork, event: EventRecord) -> None:
    """Leave a row that says who heard what."""
    key = f"{event.id}-{os.getpid()}-{time.monotonic_ns()}"
    subject = f"{event.subject_id} {event.sequence}"
    uow.session.add(
        SunkMail(message_id=key, recipient="", subject=subject, text="", sent_at=uow.now)
    )
    uow.flush()


def main(home: str, url: str, lease: str, hang: str = "") -> None:
    """Run a worker until it is stopped."""

    def hear(uow: UnitOfWork, event: EventRecord) -> None:
        note(uow, event)
        if hang:
            Path(hang).touch()
            time.sleep(60)

    listen([Handler("listener", hear, (FileStored,))])
    settings = replace(
        make_settings(Path(home)), database_url=url, lease_seconds=float(lease), poll_seconds=0.05
    )
    with platform(settings, create=False) as app:
        worker = Worker(settings, app.app_context)
        worker.stop_on_signals()
        worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
