"""Runs the product on one machine: prepares the demo world, then web and worker together.

`bin/serve` starts it. The sockets are bound here before anything else, so a taken port is
reported at once and a restarted web server loses no waiting connection. Ctrl-C stops all.
"""

import contextlib
import errno
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from marketplace.infra.made import is_made
from marketplace.secret_files import BEHIND
from marketplace.setting_faults import OWNER_URL
from marketplace.settings import NO_ROOM, ROOT, Settings, filled, settings_of_start
from marketplace.supervisor import (
    STOP_SECONDS,
    Program,
    say,
    stop_on_signals,
    supervise,
    turn_log,
)

STAND_IN_AFTER_SECONDS = 2.0
PATIENCE_SECONDS = 2.0
SIGNS = "MARKETPLACE_APPROVALS_SECRET"
LOOPBACK = ("127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only where HOST asks for it


class CannotServeError(Exception):
    """Serving is impossible; the message says why in one line."""


# ------------------------------------------------------------------ sockets


def hosts(asked: str) -> tuple[str, ...]:
    """The addresses to bind: both loopbacks unless HOST names something else."""
    if not asked or asked == "localhost":
        return LOOPBACK
    return EVERYWHERE if asked in {"*", *EVERYWHERE} else (asked.strip("[]"),)


def port_number(text: str) -> int:
    """PORT as a number that a socket can have."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotServeError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def bind(host: str, port: int) -> socket.socket | None:
    """Bind one address without listening yet; None where the machine lacks the family."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, proto)
    except OSError:
        return None
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        _bind_patiently(bound, address)
    except OSError as error:
        bound.close()
        if family == socket.AF_INET6 and error.errno == errno.EADDRNOTAVAIL:
            return None  # The family exists but the address does not: IPv6 is switched off.
        raise CannotServeError(f"Port {port} of {host} cannot be used: {error.strerror}.") from None
    bound.set_inheritable(True)
    return bound


def _bind_patiently(bound: socket.socket, address: Any) -> None:
    """Bind; those that a killed supervisor left may need a moment to end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            bound.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def bind_all(asked: str, port: int) -> list[socket.socket]:
    """Bind every address that HOST stands for; one must succeed."""
    bound = [found for host in hosts(asked) if (found := bind(host, port))]
    if not bound:
        raise CannotServeError(f"This machine has no address {asked!r}.")
    return bound


# ------------------------------------------------------------------ the product


def application_program(
    sockets: Sequence[socket.socket], port: int, beside: str, environ: Mapping[str, str]
) -> Program:
    """Web server and worker, forked from one process that has loaded the application."""
    command = [sys.executable, "-m", "marketplace.preloaded"]
    for bound in sockets:
        command += ["--socket", str(bound.fileno()), "--address", address_of(bound, port)]
    if beside:
        command += ["--beside", beside]
    fds = [bound.fileno() for bound in sockets]
    # What it says of its forks belongs to the person at the terminal; so does a fault in loading.
    return Program(
        "application", command, log=None, environ=environ, pass_fds=fds, ends_by=signal.SIGKILL
    )


def address_of(bound: socket.socket, port: int) -> str:
    """Host and port, as they stand in an address."""
    host = bound.getsockname()[0]
    return f"{f'[{host}]' if ':' in host else host}:{port}"


def simulator_port(port: int, environ: Mapping[str, str], settings: Settings) -> int | None:
    """The port for the approval platform's stand-in; None where there is none to start.

    Production has a real platform or none, and so has whoever names one in the environment.
    """
    if not settings.is_demo or environ.get("MARKETPLACE_APPROVALS_URL"):
        return None
    for candidate in (port + 1, 0):
        with contextlib.suppress(OSError, OverflowError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK[0], candidate))
            return int(probe.getsockname()[1])
    return None


def platform_environment(port: int, settings: Settings) -> dict[str, str]:
    """What tells web and worker where the stand-in is, and signs what the two send each other."""
    return {
        "MARKETPLACE_APPROVALS_URL": f"http://{LOOPBACK[0]}:{port}",
        "MARKETPLACE_APPROVALS_HOSTS": LOOPBACK[0],
        SIGNS: settings.approvals_secret,
    }


def simulator_program(port: int, logs: Path, environ: Mapping[str, str]) -> Program:
    """The stand-in for the approval platform."""
    command = [sys.executable, "-m", "marketplace.simulator"]
    own = {**environ, "PORT": str(port)}
    return Program("simulator", command, log=logs / "simulator.log", environ=own)


def set_up(environ: Mapping[str, str], log: Path) -> None:
    """Bring database and demo world up to date."""
    command = [sys.executable, "-m", "marketplace.setting_up"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(environ),
        text=True,
        capture_output=True,
        check=False,
    )
    _keep_log(log, done.stderr)
    if done.returncode:
        raise CannotServeError(f"Setting up failed; see {log}\n{done.stderr[-2000:]}")


def _keep_log(log: Path, text: str) -> None:
    """Write the log of setting up, unless the disk is full: what is there can still be read."""
    try:
        turn_log(log)
        with log.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise


def only_one(home: Path) -> IO[str]:
    """Hold the lock of this MARKETPLACE_HOME, or say that another holds it."""
    lock = (home / "serve.lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        message = f"Already serving from {home}. Set MARKETPLACE_HOME to run a second one."
        raise CannotServeError(message) from None
    return lock


def child_environment(environ: Mapping[str, str], home: Path, port: int) -> dict[str, str]:
    """The environment of web and worker: absolute paths, and the address mails point to."""
    children = dict(environ)
    children["MARKETPLACE_HOME"] = str(home)
    children.setdefault("MARKETPLACE_BASE_URL", f"http://127.0.0.1:{port}")
    children["PYTHONUNBUFFERED"] = "1"
    # The arithmetic of the search would start threads, and none may run where processes are forked.
    children["OPENBLAS_NUM_THREADS"] = "1"
    return children


def without(environ: Mapping[str, str], secret: str) -> dict[str, str]:
    """The environment of those who are not given a secret, nor the file that holds it."""
    return {name: value for name, value in environ.items() if name not in {secret, secret + BEHIND}}


def serve(environ: Mapping[str, str]) -> None:
    """Prepare and run the product until a signal comes."""
    environ = filled(environ)
    settings = settings_of_start(environ)
    port = port_number(environ.get("PORT") or "8000")
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    # Started in the background it would ignore Ctrl-C, which must end the setting up too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lock = only_one(settings.home)
    sockets = bind_all(environ.get("HOST", ""), port)
    logs = settings.home / "logs"
    children = child_environment(environ, settings.home, port)
    if not is_made(settings):
        say("Bringing the database up to date; a first start then takes up to a minute ...")
        set_up(children, logs / "setup.log")
    stop = stop_on_signals()
    beside = simulator_port(port, environ, settings)
    if beside is not None:
        children = without(children, SIGNS)
        children |= platform_environment(beside, settings)
    children = without(children, OWNER_URL)
    stand_in_at = f"{LOOPBACK[0]}:{beside}" if beside else ""
    programs = [application_program(sockets, port, stand_in_at, children)]
    if beside is not None:
        stand_in = simulator_program(beside, logs, children)
        # Two cores are enough for web and worker; nobody waits for this one.
        stand_in.next_start = time.monotonic() + STAND_IN_AFTER_SECONDS
        programs.append(stand_in)
    supervise(programs, stop, STOP_SECONDS + PATIENCE_SECONDS)
    lock.close()


def main() -> None:
    """Serve, or say in one line why not."""
    os.umask(0o077)
    try:
        serve(os.environ)
    except CannotServeError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
