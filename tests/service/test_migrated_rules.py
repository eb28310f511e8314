"""A rulebook that is filled learns new rules when its database is migrated."""

from datetime import date

import pytest
from flask_migrate import downgrade, upgrade

from tests.service.test_migrated_rows import asked, put


@pytest.mark.usefixtures("database")
def test_a_filled_rulebook_learns_how_long_a_proof_is_fresh():
    upgrade(revision="0034")
    put("rulebook_entry", key="clock.yellow_days", value=3, valid_from=date(2018, 6, 1))
    rules = "SELECT key FROM rulebook_entry ORDER BY id"

    upgrade(revision="0035")
    assert asked(rules) == [("clock.yellow_days",), ("account.fresh_proof_minutes",)]

    downgrade(revision="0034")
    assert asked(rules) == [("clock.yellow_days",)]
