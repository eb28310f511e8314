"""Logs: one JSON object a line, with the request's number and without people in it."""

import json
from collections.abc import Iterator

import pytest

from marketplace.infra import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    logs.release_request()
    logs.configure(production=False)


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().err.splitlines()[-1])
    return found


def test_a_line_carries_its_event_its_values_and_the_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(production=True)
    logs.bind_request("3f2a9c1e-0000")

    logs.get_logger("marketplace.test").info("listing.admitted", listing_id=7)

    found = line(capsys)
    assert (found["event"], found["listing_id"]) == ("listing.admitted", 7)
    assert (found["request_id"], found["level"]) == ("3f2a9c1e-0000", "info")


def test_personal_numbers_addresses_and_secrets_are_masked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(production=True)

    logs.get_logger("marketplace.test").warning(
        "seen", text="call 13900001234 or zhang@example.cn, 110101199003070038", password="x y"
    )

    found = line(capsys)
    assert found["text"] == "call [masked] or [masked], [masked]"
    assert found["password"] == "[masked]"


@pytest.mark.parametrize("production", [True, False])
def test_an_error_is_told_by_type_and_place_and_its_text_only_outside_production(
    capsys: pytest.CaptureFixture[str], production: bool
) -> None:
    logs.configure(production=production)

    def break_something() -> None:
        raise ValueError("typed by somebody")

    try:
        break_something()
    except ValueError:
        logs.get_logger("marketplace.test").exception("broken")

    found = line(capsys)
    assert found["error"] == "ValueError"
    assert str(found["places"]).count("break_something") == 1
    assert ("error_text" in found) is not production


def test_lines_of_the_framework_come_out_as_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    logs.configure(production=True)
    logging.getLogger("marketplace").error("request of %s failed", "13900001234")

    assert line(capsys)["event"] == "request of [masked] failed"


@pytest.mark.parametrize(
    ("text", "sane"),
    [
        ("92f76c80-b676-4028-8da6-cbe15f409ceb", True),
        ("abcdefgh", True),
        ("short", False),
        ("has space in it", False),
        ("x" * 37, False),
        ("line\nbreak-1234", False),
        ("<script>alert</script>", False),
    ],
)
def test_only_a_sane_request_number_from_outside_is_kept(text: str, sane: bool) -> None:
    assert logs.is_request_id(text) is sane
