"""Runs the simulator alone: `python -m marketplace.simulator`.

PORT (8001) is its port on loopback, MARKETPLACE_HOME holds its file, MARKETPLACE_BASE_URL is the
marketplace that it tells of changes, MARKETPLACE_APPROVALS_SECRET signs messages both ways.
"""

import os
import signal
import sys
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace.settings import read_settings
from marketplace.simulator.app import create_app
from marketplace.simulator.sending import Sender
from marketplace.simulator.store import Store

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and writes no line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: object, **_kwargs: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings(os.environ)
    port = int(os.environ.get("PORT") or "8001")
    seed = int(os.environ.get("SIMULATOR_SEED", "1"))
    store = Store(settings.home / "simulator.db")
    app = create_app(store, settings.approvals_secret, seed=seed)
    server = make_server(HOST, port, app, threaded=True, request_handler=_Quiet)
    sender = Sender(store, f"{settings.base_url}/approvals/webhooks", settings.approvals_secret)
    sender.start()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        sender.stop()
        sys.exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    sys.stdout.write(f"Simulator of the approval platform on http://{HOST}:{port}/\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
