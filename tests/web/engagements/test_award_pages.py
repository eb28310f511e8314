"""The page of a department's engagement: what the officer does, what colleagues read."""

from datetime import timedelta

import pytest
import time_machine
from flask_babel import force_locale

from marketplace.budgets import queries as budgets
from marketplace.budgets.services import paying
from marketplace.competitions.rules import CompetitionState
from marketplace.desks.views.work import desk
from marketplace.engagements.models import Engagement
from marketplace.engagements.services import doing
from marketplace.infra.clock import business_now
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.ratings import services as ratings
from marketplace.ratings.rules import CRITERIA
from tests.competitions import make_competition
from tests.engagements import PAPER_OWED, paper, sign, work
from tests.web.engagements.conftest import filled, follow


@pytest.fixture
def awarded(app):
    """An award that has become an engagement; the clock stands where its competition ended."""
    world = make_competition(CompetitionState.AWARDED)
    db.session.rollback()
    deliver_all(app.extensions["settings"], raise_errors=True)
    with time_machine.travel(world.now + timedelta(hours=1), tick=True):
        yield world


def of(session, world) -> Engagement:
    session.rollback()
    return session.query(Engagement).filter_by(competition_id=world.competition_id).one()


def bring_to_acceptance(session, world) -> None:
    row, officer = of(session, world), world.department.officer
    key, listing_id = row.id, row.listing_id
    agent = next(one.agent for one in world.offers if one.listing_id == listing_id)

    sign(officer, agent, key, 7_000_000)
    work(officer, lambda uow: doing.start_work(uow, engagement=key, handed_over=[PAPER_OWED]))
    work(agent, lambda uow: doing.deliver_version(uow, engagement=key, papers=[paper()]))
    work(officer, lambda uow: doing.accept_delivery(uow, engagement=key))


def test_the_page_says_that_the_department_pays_and_who_was_awarded(person, session, awarded):
    path = f"/engagements/{of(session, awarded).public_id}"
    officer = person(awarded.department.officer)

    page = officer.get(path).text

    assert "The department pays out of its budget; the enterprise pays nothing" in page
    assert "Amount of the award" in page
    assert "75,000.00" in page
    assert "Put terms forward" in page
    form = officer.get(f"{path}/contract/put-forward").text
    assert "At most the award of 75,000.00 yuan." in form
    assert 'name="at_signing"' not in form


def test_colleagues_of_the_department_read_and_do_not_act(person, session, awarded):
    path = f"/engagements/{of(session, awarded).public_id}"

    for actor in (awarded.department.approver, awarded.department.budget):
        colleague = person(actor)
        assert "What you can do now" not in colleague.get(path).text
        assert colleague.get(f"{path}/contract/put-forward").status_code == 404
        assert "WT-" in colleague.get("/engagements").text


def test_a_payment_has_one_door_and_the_engagement_leads_there(person, session, awarded, app):
    bring_to_acceptance(session, awarded)
    row = of(session, awarded)
    path = f"/engagements/{row.public_id}"
    held = f"/budgets/holds/{budgets.hold_of(session, 'engagement', row.id).public_id}"
    officer, team = person(awarded.department.officer), awarded.department

    for actor in (team.officer, team.approver, team.budget):
        colleague = person(actor)
        assert held in colleague.get(path).text
        assert colleague.get(f"{path}/pay").headers["Location"] == held
    winner = next(one.agent for one in awarded.offers if one.listing_id == row.listing_id)
    assert person(winner).get(path).status_code == 200
    assert held not in person(winner).get(path).text
    assert person(winner).get(f"{path}/pay").status_code == 404

    too_much = dict(filled(officer.get(f"{held}/pay")).items()) | {"amount": "70000.01"}
    assert officer.browser.post(f"{held}/pay", data=too_much).status_code in {409, 422}
    follow(officer, officer.send(f"{held}/pay", amount="70,000"))
    deliver_all(app.extensions["settings"], raise_errors=True)

    assert "A payment was proposed. Amount: 70,000.00 yuan." in officer.get(path).text


def test_a_payment_that_is_due_is_one_job_for_each_person(app, session, awarded):
    bring_to_acceptance(session, awarded)
    key, team = of(session, awarded).id, awarded.department

    def jobs(actor):
        session.rollback()
        with app.test_request_context(), force_locale("en"):
            return [job.text for job in desk(session, actor, business_now(session)).jobs]

    def about_money(actor):
        return [text for text in jobs(actor) if "ay" in text]

    work(
        team.officer,
        lambda uow: ratings.rate_engagement(uow, engagement=key, scores=dict.fromkeys(CRITERIA, 4)),
    )
    assert about_money(team.officer) == ["Propose the payment"]
    work(
        team.officer,
        lambda uow: paying.propose_payment(
            uow,
            hold=budgets.hold_of(uow.session, "engagement", key).id,
            amount_fen=7_000_000,
        ),
    )
    assert about_money(team.officer) == []
    assert len(about_money(team.approver)) == 1
