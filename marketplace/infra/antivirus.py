"""Asking a virus scanner (clamd) about an upload, where the installation has one."""

import socket
import struct

from marketplace.kernel.errors import Refused

_CHUNK = 64 * 1024
_TIMEOUT = 30.0


def scan(socket_path: str, data: bytes) -> None:
    """Refuse what the scanner finds, and everything while the scanner does not answer.

    `socket_path` is clamd's local socket. Codes: `file.infected`, `file.not_scanned`.
    """
    try:
        answer = _ask(socket_path, data)
    except OSError:
        raise Refused("file.not_scanned") from None
    if answer.endswith("FOUND"):
        raise Refused("file.infected")
    if not answer.endswith("OK"):
        raise Refused("file.not_scanned")


def _ask(socket_path: str, data: bytes) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as clamd:
        clamd.settimeout(_TIMEOUT)
        clamd.connect(socket_path)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">I", 0))
        answer = clamd.recv(4096)
    return answer.rstrip(b"\0\n ").decode("utf-8", "replace")
