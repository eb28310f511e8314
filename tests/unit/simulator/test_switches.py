"""The switches of the stand-in for the approval platform take numbers, whoever turns them."""

import pytest

from marketplace.simulator.app import create_app
from marketplace.simulator.store import SWITCHES, Store

ADDRESS = "/control/switches"


@pytest.fixture
def client(tmp_path):
    return create_app(Store(tmp_path / "simulator.sqlite"), "secret").test_client()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("0.5", 0.5), ("", 0.0), ("-3", 0.0), ("7", 1.0), ("inf", 1.0), ("-inf", 0.0)],
)
def test_a_number_is_kept_within_its_limits(client, typed, kept):
    assert client.post(ADDRESS, data={"fail": typed}).status_code == 303
    assert client.post(ADDRESS, json={}).json["fail"] == kept


@pytest.mark.parametrize("typed", ["nan", "-NaN", "much", "²", "0,5"])
def test_what_is_no_number_turns_nothing(client, typed):
    assert client.post(ADDRESS, data={"fail": typed}).status_code == 400
    assert client.post(ADDRESS, json={}).json == dict.fromkeys(SWITCHES, 0.0)


@pytest.mark.parametrize(
    "body", [b"[" * 20_000, b'{"fail": ' + b"9" * 5_000 + b"}", b"[1]", b"{", b"\xff", b"null"]
)
def test_json_that_cannot_be_read_turns_nothing(client, body):
    answer = client.post(ADDRESS, data=body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json == dict.fromkeys(SWITCHES, 0.0)
