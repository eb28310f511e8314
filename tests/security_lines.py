"""The security log as tests read it."""

import json
from pathlib import Path
from typing import Any

from marketplace.infra.security_log import FILE

Line = dict[str, Any]


def lines(home: Path) -> list[Line]:
    """Every line of the security log of a home, the parts set aside first."""
    folder = home / "logs"
    parts = [*sorted(folder.glob(f"{FILE}.*")), *folder.glob(FILE)]
    return [json.loads(line) for part in parts for line in part.read_text("ascii").splitlines()]


def of_request(home: Path, request_id: str) -> list[Line]:
    """The lines of one request, in the order in which they were written."""
    return [line for line in lines(home) if line["request"] == request_id]


def told(home: Path) -> list[tuple[str, str]]:
    """Of every line what happened, in two words."""
    return [(line["kind"], line["what"]) for line in lines(home)]


def forget(home: Path) -> None:
    """Begin anew: what was written until now is of no interest."""
    for part in (home / "logs").glob(f"{FILE}*"):
        part.unlink()
