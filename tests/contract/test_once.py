"""One key sent by many at once, over HTTP, to real processes: one record, equal answers."""

import uuid

import httpx2
import pytest

from marketplace.infra.database import db
from marketplace.infra.idempotency import IdempotencyKey
from marketplace.projects.models import WantedProject
from tests.contract.conftest import Programs
from tests.journeys.servers import at_once
from tests.programs import bearing
from tests.projects import new_code

pytestmark = [pytest.mark.real_time, pytest.mark.slow]

MANY = 32


def kept(programs: Programs, code: str) -> tuple[int, int]:
    """How often the code is wanted, and how many keys are known for its route."""
    with programs.market.app.app_context():
        session = db.session()
        wanted = session.query(WantedProject).filter_by(code=code).count()
        keys = session.query(IdempotencyKey).filter_by(route="/api/v1/projects").count()
        db.session.remove()
    return wanted, keys


def test_one_key_sent_32_times_at_once_creates_one_thing(programs: Programs) -> None:
    key, code = str(uuid.uuid4()), new_code(serial=77_001)
    headers = bearing(programs.tokens["enterprise"], **{"Idempotency-Key": key})
    address = f"{programs.market.product.url}/api/v1/projects"

    def send() -> tuple[int, str]:
        with httpx2.Client(timeout=60, trust_env=False) as client:
            answer = client.post(address, headers=headers, json={"code": code})
        return answer.status_code, answer.text

    before = kept(programs, code)
    answers = at_once([send] * MANY)

    assert len(set(answers)) == 1
    assert answers[0][0] == 202
    assert kept(programs, code) == (1, before[1] + 1)
