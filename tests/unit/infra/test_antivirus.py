"""The virus scanner is asked over its socket; without its answer nothing is kept."""

import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from marketplace.infra.file_checks import check_upload
from marketplace.kernel.errors import Refused
from tests import documents

Scanner = Callable[[bytes], Path]


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    """A stand-in for clamd that reads one stream and gives one answer."""
    servers: list[socket.socket] = []
    with tempfile.TemporaryDirectory() as folder:

        def answering(answer: bytes) -> Path:
            path = Path(folder) / "clamd"
            server = socket.socket(socket.AF_UNIX)
            server.bind(str(path))
            server.listen()
            servers.append(server)
            threading.Thread(target=_serve, args=(server, answer), daemon=True).start()
            return path

        yield answering
        for server in servers:
            server.close()


def _serve(server: socket.socket, answer: bytes) -> None:
    client, _address = server.accept()
    with client, client.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        while size := struct.unpack(">I", stream.read(4))[0]:
            stream.read(size)
        client.sendall(answer)


def test_a_clean_file_passes(scanner: Scanner) -> None:
    path = scanner(b"stream: OK\0")
    assert check_upload("a.pdf", documents.pdf(2), clamd_socket=str(path)).pages == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "file.infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "file.not_scanned"),
        (b"", "file.not_scanned"),
    ],
)
def test_any_other_answer_keeps_the_file_out(scanner: Scanner, answer: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_upload("a.pdf", documents.pdf(), clamd_socket=str(scanner(answer)))
    assert refused.value.code == code


def test_a_scanner_that_is_away_keeps_the_file_out(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        check_upload("a.pdf", documents.pdf(), clamd_socket=str(tmp_path / "none"))
    assert refused.value.code == "file.not_scanned"
