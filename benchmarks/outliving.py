"""How soon the product serves again after `kill -9` of its web server, worker or supervisor.

Clients write all the while, each form again and again until it is acknowledged. From each kill it
is measured when a write that was begun after it is acknowledged, when a worker that was not there
before says that it is alive, and when a delivery has ended since. A supervisor is started again at
once, as the machine's init does. Whatever was acknowledged is counted against the database: the run
fails unless each write is there, once.

    python -m benchmarks.outliving [--kills 60] [--clients 4] [--sqlite | --postgres]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.cases import make_association
from tests.journeys import trail
from tests.journeys.outliving import VICTIMS, Outlived, outlive
from tests.journeys.servers import running_market
from tests.postgres import Cluster, find_binaries

# As in production, not as in the tests, which wait for less.
USUAL = {"LEASE_SECONDS": "60", "POLL_SECONDS": "0.5"}


def main() -> None:
    """Kill on the databases asked for, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=60, help="on all databases together")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    both = asked.sqlite == asked.postgres
    names = [name for name in ("sqlite", "postgres") if both or getattr(asked, name)]
    each = max(1, asked.kills // (len(names) * len(VICTIMS)))
    for name in names:
        with ExitStack() as stack:
            home = Path(
                stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            )
            home.chmod(0o711)
            url = None
            if name == "postgres":
                binaries = find_binaries()
                if binaries is None:
                    raise SystemExit("no PostgreSQL on this machine")
                url = stack.enter_context(Cluster(binaries)).create_database()
            market = stack.enter_context(running_market(name, home / "home", url, **USUAL))
            with market.app.app_context():
                make_association("JL-Z01", "JL-Z02", "JL-Z05")
                found = outlive(market, asked.clients, each)
                trail.wait_until_quiet(market)
                tell(name, found)


def tell(name: str, found: Outlived) -> None:
    """Print the figures, and fail where a write is lost or doubled."""
    series = {
        "a write acknowledged": found.answered,
        "a new worker's beat": found.beating,
        "a delivery": found.delivered,
    }
    for victim in VICTIMS:
        print(f"{name}, {victim} killed {len(found.answered[victim])} times:")
        for what, seconds in series.items():
            if took := seconds[victim]:
                print(f"    {what} after {statistics.median(took):.1f} s, at most {max(took):.1f}")
    lost = doubled = 0
    for one in found.clients:
        for said, kept in zip((one.applied, one.withdrawn), one.kept(), strict=True):
            lost += len(set(said) - set(kept))
            doubled += len(kept) - len(set(said) & set(kept))
    print(f"{name}: {found.acknowledged} writes acknowledged, {lost} lost, {doubled} doubled")
    if lost or doubled:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
