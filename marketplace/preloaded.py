"""Loads the application once, and keeps web server and worker running as forks of what is loaded.

Loading takes seconds of computing, a fork hundredths, so what was killed is back at once.
`marketplace.serve` starts this as a program of its own, which is given the files and the
environment of web and worker and nothing else, and starts it again where it ends. Nothing two
processes must not share is open here: each fork makes its own application, with its own engine.
"""

import argparse
import gc
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from flask import cli
from gunicorn.app import wsgiapp

from marketplace.app import create_app, load
from marketplace.forking import Forked
from marketplace.infra.tasks import run_task
from marketplace.settings import Settings, settings_of_start
from marketplace.supervisor import say, stop_on_signals, supervise, turn_log

WEB_PROCESSES = 4
WEB_THREADS = 8
# What gunicorn loads by name when it starts.
_OF_GUNICORN = (
    "gunicorn.arbiter",
    "gunicorn.glogging",
    "gunicorn.sock",
    "gunicorn.workers.gthread",
)


def main() -> None:
    """Load, then keep the forks running until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=int, action="append", default=[], help="a bound file")
    parser.add_argument("--address", action="append", default=[], help="where that is served")
    parser.add_argument("--beside", default="", help="where the approval platform's stand-in is")
    asked = parser.parse_args()
    settings = settings_of_start()
    load_all(settings)
    logs = settings.home / "logs"
    web = Forked(
        "web",
        partial(serve_web, asked.socket),
        log=logs / "web.log",
        keeps=asked.socket,
        # Ending politely it would keep the address for as long as its last requests take.
        ends_by=signal.SIGKILL,
    )
    worker = Forked("worker", work, log=logs / "worker.log")
    greeting = partial(greet, asked.address, asked.beside, settings, logs / "setup.log")
    supervise([web, worker, Forked("greeting", greeting, log=None, once=True)], stop_on_signals())


def load_all(settings: Settings) -> None:
    """Load what web and worker are made of.

    What is loaded lives as long as this process. Kept out of garbage collection it is loaded
    sooner, and stays shared by the forks.
    """
    gc.disable()
    load(settings)
    for name in _OF_GUNICORN:
        import_module(name)
    gc.freeze()
    gc.enable()


def serve_web(sockets: Sequence[int]) -> None:
    """Gunicorn on the sockets already bound."""
    words = ["gunicorn", "--worker-class", "gthread"]
    words += ["--workers", os.environ.get("WEB_CONCURRENCY") or str(WEB_PROCESSES)]
    words += ["--threads", str(WEB_THREADS), "--timeout", "60", "--graceful-timeout", "10"]
    words += ["--no-control-socket", "--log-level", "warning"]
    # Long enough for every question that the public interface describes.
    words += ["--limit-request-line", "8190"]
    for number in sockets:
        words += ["--bind", f"fd://{number}"]
    sys.argv = [*words, "--preload", "--config", "python:marketplace.wsgi", "marketplace.wsgi:app"]
    wsgiapp.run()


def work() -> None:
    """The worker that delivers events and settles what falls due."""
    cli.cli.main(["--app", "marketplace.app:create_app", "worker"], prog_name="flask")


def greet(addresses: Sequence[str], beside: str, settings: Settings, log: Path) -> None:
    """Once the first page can be had, print who can sign in and the address."""
    turn_log(log)
    with log.open("ab") as lines:
        os.dup2(lines.fileno(), sys.stderr.fileno())
    wait_for_web(addresses[0])
    if settings.is_demo:
        with create_app(settings).app_context():
            say(run_task("demo_accounts"))
    for address in addresses:
        say(f"Serving on http://{address}/")
    if beside:
        say(f"The approval platform's stand-in is on http://{beside}/")
    say("Ctrl-C stops everything.")


def wait_for_web(address: str) -> None:
    """Wait until the product says that it answers."""
    host, _, port = address.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104
    while True:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


if __name__ == "__main__":
    main()
