"""Incidents from before an upgrade tell who was asked for the answer, on both databases."""

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade

from tests.service.test_migrated_rows import asked, forget_foreign_keys, put


def incident(key: int, side: str) -> None:
    known = {"state": "noted", "kind": "other", "words": "一", "noted_side": side}
    days = {"since_on": date(2026, 11, 23), "answer_by": date(2026, 11, 30)}
    put("incident", id=key, public_id=f"incident{key:02d}", engagement_id=1, **known, **days)


@pytest.mark.usefixtures("database")
def test_whoever_has_the_work_was_asked_since_the_incident_was_noted():
    upgrade(revision="0063")
    forget_foreign_keys()
    for key in (10, 20):
        put("organisation", id=key, public_id=f"house{key}", credit_code=f"{key:018d}")
    put(
        "engagement",
        id=1,
        number="WT-2026-000001",
        public_id="a",
        origin="pick",
        told="not",
        state="requested",
        client_kind="enterprise",
        payer="enterprise",
        open_to="either",
        limit_unit="days",
        client_id=10,
        provider_id=20,
        requested_by=1,
    )
    incident(1, "client")
    incident(2, "provider")

    upgrade(revision="0064")
    kept = asked("SELECT asked_of_id, asked_at = noted_at FROM incident ORDER BY id")
    assert [(who, bool(since)) for who, since in kept] == [(20, True), (10, True)]

    downgrade(revision="0063")
    upgrade(revision="0064")
    assert asked("SELECT asked_of_id FROM incident ORDER BY id") == [(20,), (10,)]
