"""The security log as a file that only grows, and as lines handed to syslog."""

import socket
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from marketplace.infra import security_sinks
from marketplace.infra.security_sinks import FileSink, SyslogSink

LINE = '{"kind":"sign_in"}'
SENT = b"<86>marketplace-security: " + LINE.encode()


def test_lines_are_appended_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "security.log"
    for _each in range(2):
        FileSink(path).write(LINE)

    assert path.read_text() == f"{LINE}\n{LINE}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_long_file_is_set_aside_and_no_part_is_ever_emptied_or_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security_sinks, "LOG_BYTES", 300)
    path = tmp_path / "security.log"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: FileSink(path).write(f"line {number:03}"), range(400)))

    parts = sorted(tmp_path.glob("security.log*"))
    kept = [line for part in parts for line in part.read_text().splitlines()]
    assert sorted(kept) == [f"line {number:03}" for number in range(400)]
    assert len(parts) > 10
    assert all(part.stat().st_size <= 310 for part in parts)


def test_of_a_line_that_does_not_fit_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = tmp_path / "security.log", security_sinks.os.write
    FileSink(path).write("first")
    monkeypatch.setattr(security_sinks.os, "write", lambda to, data: write(to, data[:5]))
    with pytest.raises(OSError, match="room"):
        FileSink(path).write("second line")
    monkeypatch.undo()
    FileSink(path).write("third")

    assert path.read_text() == "first\nthird\n"


def datagrams(listening: socket.socket) -> str:
    return "{}:{}".format(*listening.getsockname())


def test_a_line_goes_to_the_local_socket(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(path)
        with closing(SyslogSink(f"unix://{path}")) as sink:
            sink.write(LINE)
        assert listening.recv(4096) == SENT


def test_a_line_goes_over_loopback_as_a_datagram() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listening:
        listening.bind(("127.0.0.1", 0))
        with closing(SyslogSink(f"udp://{datagrams(listening)}")) as sink:
            sink.write(LINE)
        assert listening.recv(4096) == SENT


def test_a_connection_that_was_closed_is_made_anew_and_no_line_is_lost() -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listening,
        closing(SyslogSink(f"tcp://{datagrams(listening)}")) as sink,
    ):
        for _each in range(2):
            sink.write(LINE)
            ours, _address = listening.accept()
            with ours:
                assert ours.recv(4096) == SENT + b"\n"


@pytest.mark.parametrize("address", ["unix:///nowhere/log", "tcp://127.0.0.1:9"])
@pytest.mark.parametrize("asked", [lambda sink: sink.write(LINE), SyslogSink.try_out])
def test_where_nobody_listens_it_is_said(
    address: str, asked: Callable[[SyslogSink], object]
) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - each system has its own words
        asked(SyslogSink(address))
