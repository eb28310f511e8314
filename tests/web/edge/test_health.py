"""`/healthz` says that the process answers, `/readyz` what the product still lacks."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.infra import readiness
from marketplace.infra.clock import real_now
from marketplace.infra.database import writing_session
from marketplace.infra.events import FileStored
from marketplace.infra.outbox.listening import Handler, listen
from marketplace.infra.outbox.models import Delivery, WorkerBeat
from marketplace.infra.readiness import Check
from tests.service.infra.acts import happen


@pytest.fixture(autouse=True)
def _own_checks(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    kept = {name: readiness.CHECKS[name] for name in ("database", "worker", "outbox")}
    monkeypatch.setattr(readiness, "CHECKS", kept)


def beat(age: float = 1) -> None:
    with writing_session() as session, session.begin():
        session.add(WorkerBeat(worker="w", beaten_at=real_now() - timedelta(seconds=age)))


def test_the_process_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_the_product_is_ready_with_database_worker_and_outbox(client: FlaskClient) -> None:
    beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ready"] is True
    assert answer.json["checks"]["outbox"] == {
        "ok": True, "pending": 0, "parked": 0, "lag_seconds": 0.0
    }  # fmt: skip


@pytest.mark.parametrize("age", [None, 300])
def test_without_a_living_worker_it_is_not_ready(client: FlaskClient, age: float | None) -> None:
    if age is not None:
        beat(age)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["worker"]["ok"] is False


def test_an_outbox_that_lags_is_not_ready(client: FlaskClient) -> None:
    beat()
    listen([Handler("listener", lambda _uow, _event: None, (FileStored,))])
    happen(1)
    with writing_session() as session, session.begin():
        session.get_one(Delivery, 1).next_attempt_at = real_now() - timedelta(seconds=100)

    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["outbox"]["lag_seconds"] >= 100


def test_a_feature_adds_its_own_check_and_a_broken_one_spoils_no_other(
    client: FlaskClient,
) -> None:
    beat()

    def index(_session: Session) -> Check:
        return Check(ok=True, details={"documents": 3})

    def broken(_session: Session) -> Check:
        raise RuntimeError("not for everybody")

    readiness.CHECKS.update(index=index, broken=broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["index"] == {"ok": True, "documents": 3}
    assert answer.json["checks"]["broken"] == {"ok": False, "error": "RuntimeError"}
    assert answer.json["checks"]["database"] == {"ok": True}
