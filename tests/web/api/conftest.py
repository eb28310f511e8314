"""A program that asks: `ask(path, token=...)`."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.programs import bearing

Ask = Callable[..., TestResponse]
PREFIX = "/api/v1"


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Ask the interface, with a token or without."""

    def asks(
        path: str,
        *,
        token: str = "",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        **more: object,
    ) -> TestResponse:
        sent = {**(bearing(token) if token else {}), **(headers or {})}
        return client.open(f"{PREFIX}{path}", method=method, headers=sent, **more)

    return asks


def code_of(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code, answer.json["code"]
