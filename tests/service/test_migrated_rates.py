"""Rates that stand in a database when it is migrated keep what they say, on both databases."""

from typing import Any

import pytest
from flask_migrate import downgrade, upgrade

from marketplace.infra.database import db
from tests.service.test_migrated_rows import asked, forget_foreign_keys, put


@pytest.mark.usefixtures("database")
def test_rates_move_to_millionths_and_back():
    upgrade(revision="0025")
    forget_foreign_keys()
    put("listing_terms", id=1, state="draft", price_basis="share", rate_basis_points=30, unit="")
    put("listing_terms", id=2, listing_id=2, public_id="b", state="draft", price_basis="quoted")
    owner = {"kind": "owner", "holder": "person", "tie": ""}
    put("affiliation", id=1, line="a", share_basis_points=10_000, **owner)
    put("affiliation", id=2, line="b", **owner)

    def kept(unit: str) -> list[Any]:
        rates = asked(f"SELECT rate_{unit} FROM listing_terms ORDER BY id")  # noqa: S608
        shares = asked(f"SELECT share_{unit} FROM affiliation ORDER BY id")  # noqa: S608
        return [value for (value,) in (*rates, *shares)]

    upgrade(revision="0026")
    assert kept("millionths") == [3_000, None, 1_000_000, None]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE listing_terms SET rate_millionths = 150 WHERE id = 1")
        connection.exec_driver_sql("UPDATE affiliation SET share_millionths = 1 WHERE id = 1")
    downgrade(revision="0025")
    assert kept("basis_points") == [2, None, 1, None]
