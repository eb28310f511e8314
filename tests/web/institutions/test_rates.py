"""A rate says the same everywhere: form, page, public interface, workbook."""

import pytest

from marketplace.institutions import queries
from tests.dossiers import complete_dossier
from tests.market import admit, settle
from tests.workbooks import read


@pytest.mark.parametrize(
    ("typed", "percent", "cell"),
    [
        ("0.015 %", "0.015", 0.00015),
        ("0.15‰", "0.015", 0.00015),
        ("１.０３９％", "1.039", 0.01039),
        ("0.3", "0.3", 0.003),
        ("0.0001", "0.0001", 0.000001),
        ("100%", "100", 1),
    ],
)
def test_a_rate_is_kept_to_the_millionth(app, agent, session, typed, percent, cell):
    listing_id = complete_dossier(agent.actor)
    row = queries.listing(session, listing_id)
    path = f"/listings/{row.public_id}/terms"
    said = {"promised_days": "9", "price_basis": "share", "rate_millionths": typed}
    assert agent.send(path, **said).status_code == 303
    session.rollback()
    assert f'value="{percent}"' in agent.get(path).text
    assert f"{percent}% of the project" in agent.get(f"/listings/{row.public_id}").text
    admit(agent.actor, listing_id)
    settle()

    visitor, place = app.test_client(), f"/institutions/{row.institution_public_id}"
    assert f"{percent}% of the project" in visitor.get(f"{place}?lang=en").text
    for address in (f"/api/v1{place}", "/api/v1/institutions"):
        answer = visitor.get(address).json
        (offer,) = answer.get("listings") or answer["data"][0]["offers"]
        assert offer["rate_percent"] == percent
    (line,) = read(visitor.get("/institutions/export.xlsx?lang=en").data).rows
    assert line["Percentage of the investment"] == pytest.approx(cell, abs=1e-12)


@pytest.mark.parametrize("typed", ["1e-2", "0.00001%", "0", "-1", "101", "0,5", "²"])
def test_what_is_no_rate_is_refused_beside_its_field_and_kept(agent, session, typed):
    listing_id = complete_dossier(agent.actor)
    path = f"/listings/{queries.listing(session, listing_id).public_id}/terms"
    answer = agent.send(path, promised_days="9", price_basis="share", rate_millionths=typed)

    assert answer.status_code == 422
    assert 'id="rate_millionths-error"' in answer.text
    assert f'value="{typed}"' in answer.text
