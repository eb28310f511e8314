"""What the security log says of acts: done, refused, tried in vain; and where it cannot say it."""

import json
from pathlib import Path

import pytest
from flask import Flask

from marketplace.infra import security_log
from marketplace.infra.crypto import SealBroken
from marketplace.infra.events import DeliverySkipped, FileStored, KeysRotated
from marketplace.infra.readiness import ask_all
from marketplace.infra.security_log import Asking, Kind
from marketplace.kernel.actors import ANONYMOUS, SYSTEM
from marketplace.kernel.errors import NotFound, Refused
from tests.security_lines import forget, lines, told
from tests.service.infra.acts import OPERATOR, act
from tests.tables import rows

SKIPPED = DeliverySkipped(3, 7, "mail")


@pytest.fixture
def home(app: Flask) -> Path:
    found: Path = app.extensions["settings"].home
    forget(found)
    return found


def fails(error: Exception) -> None:
    """An act that is ended by this error after it has recorded something."""
    with act(OPERATOR) as uow:
        uow.record(SKIPPED)
        raise error


def test_an_act_that_is_done_has_its_line_after_it_is_done(app: Flask, home: Path) -> None:
    with act(OPERATOR) as uow:
        uow.record(SKIPPED)
        uow.record(FileStored(1, "test", None, "scan", "0" * 64, 1))
        assert lines(home) == []

    (line,) = lines(home)
    assert line.pop("at").startswith("2026-11-23T04:00:0")
    assert line == {
        "kind": "operation",
        "what": "delivery.skipped",
        "user": 1,
        "organisation": 1,
        "system": False,
        "address": None,
        "request": "request-of-the-test",
        "method": None,
        "route": None,
        "facts": {
            "subject": "delivery",
            "subject_id": 3,
            "event_id": 7,
            "subscriber": "mail",
        },
    }


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (Refused("case.not_yours", "reason", name="somebody"), ("refused", "case.not_yours")),
        (NotFound(), ("refused", "request.not_found")),
        (SealBroken("bid.payload|3"), ("key", "seal.broken")),
    ],
)
def test_what_was_rolled_back_is_not_told_and_the_refusal_is(
    app: Flask, home: Path, error: Exception, found: tuple[str, str]
) -> None:
    with pytest.raises(type(error)):
        fails(error)

    (line,) = lines(home)
    assert (line["kind"], line["what"], line["user"]) == (*found, 1)
    assert "somebody" not in json.dumps(line)


def test_trouble_is_no_refusal(app: Flask, home: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fails(ZeroDivisionError())

    assert lines(home) == []


def test_the_machine_is_not_reported_for_its_own_refusals_but_for_what_it_does(
    app: Flask, home: Path
) -> None:
    security_log.ended_by(Refused("delivery.not_parked"), by=SYSTEM)
    with act(SYSTEM) as uow:
        uow.record(KeysRotated(0, "bid.payload", "new", 5))

    (line,) = lines(home)
    assert (line["kind"], line["system"], line["user"]) == ("key", True, None)
    assert line["facts"]["column"] == "bid.payload"


def test_an_attempt_is_told_whatever_becomes_of_the_act(app: Flask, home: Path) -> None:
    with act() as uow:
        uow.note(Kind.SIGN_IN_FAILED, "user.not_signed_in")
        uow.session.rollback()

    assert told(home) == [("sign_in_failed", "user.not_signed_in")]


@pytest.mark.parametrize(("name", "given", "written"), rows("security/facts"))
def test_facts_are_ids_and_codes_and_one_happening_is_one_line(
    app: Flask, home: Path, name: str, given: str, written: str
) -> None:
    security_log.note(Kind.OPERATION, "test", {name: given})

    assert [line["facts"] for line in lines(home)] == [{name: written}]


def test_a_line_says_where_a_request_came_from(app: Flask, home: Path) -> None:
    security_log.begin_request(Asking("number-1", "2001:db8::1", "POST", "/cases/<case_id>"))
    security_log.asked_by(OPERATOR)
    refusal = Refused("case.not_yours")
    security_log.ended_by(refusal)
    security_log.ended_by(refusal, by=ANONYMOUS)
    security_log.end_request()
    security_log.note(Kind.OPERATION, "test")

    first, second = lines(home)
    assert [first[name] for name in ("address", "request", "method", "route", "user")] == [
        "2001:db8::1", "number-1", "POST", "/cases/<case_id>", 1
    ]  # fmt: skip
    assert [second[name] for name in ("address", "request", "user")] == [None, None, None]


def test_where_no_line_can_be_written_work_goes_on_and_the_operator_sees_it(
    app: Flask, home: Path, capsys: pytest.CaptureFixture[str], session
) -> None:
    (home / "logs").mkdir(exist_ok=True)
    forget(home)
    (home / "logs" / security_log.FILE).mkdir()
    with act(OPERATOR) as uow:
        uow.record(SKIPPED)

    assert ask_all(session)["security_log"].ok is False
    assert ask_all(session)["security_log"].details == {"lost": 1}
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (lost,) = [line["line"] for line in said if line["event"] == "security_log.not_written"]
    assert json.loads(lost)["what"] == "delivery.skipped"

    (home / "logs" / security_log.FILE).rmdir()
    with act(OPERATOR) as uow:
        uow.record(SKIPPED)
    assert ask_all(session)["security_log"].ok is True
