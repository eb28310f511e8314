"""A year's sheet tells how many incidents each side noted: to read, for no points."""

import re

from marketplace.assessments.queries import sheets
from marketplace.assessments.services import assessing
from marketplace.engagements.rules import State
from marketplace.infra.database import db
from marketplace.infra.lists import Asked
from tests import assessments as whole
from tests.assessments import cut_off
from tests.dossiers import act
from tests.engagements import _WAYS, World, make_enterprise, project_of, request, work
from tests.service.incidents import acts
from tests.service.incidents.test_incidents import noted
from tests.web.assessments.test_pages import AFTER, Market


def at_work(market):
    """Work of the market's institution, with what came up in it."""
    client = make_enterprise()
    world = World(client, market.agent_actor, market.listing_id, project_of(client), 0, "")
    world = request(world)
    for step in _WAYS[State.IN_PROGRESS]:
        step(world)
    keys = [noted(world) for _each in range(2)]
    work(client, lambda uow: acts.answer(uow, keys[0]))
    dropped = noted(world)
    work(world.provider, lambda uow: acts.withdraw(uow, dropped))
    noted(world, client)


def told(text):
    """The numbers of the table: those of the institution, and those of its clients."""
    section = text[text.index('id="incidents-title"') :].partition("</section>")[0]
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", section, re.DOTALL)
    return [re.findall(r">\s*(\d+)\s*<", row) for row in rows][-2:]


def test_association_and_institution_read_how_many_there_were_and_the_public_does_not(
    client, person
):
    market = Market(client, person)
    at_work(market)
    ref = market.cycle()
    row = sheets.TABLE.read(db.session(), Asked(), {"cycle": ref.id}).rows[0]
    examiner = market.association.examiner
    before = market.examiner.get(f"/assessments/sheets/{row.public_id}").text
    for step in (cut_off, whole.score_cycle, assessing.publish_preliminary):
        act(examiner, lambda uow, step=step: step(uow, cycle=ref.id), at=AFTER)

    mine = market.agent.get(f"/my/assessments/{row.public_id}").text
    assert told(before) == told(mine) == [["2", "1", "0", "1"], ["1", "0", "0", "1"]]
    assert acts.WHAT not in mine
    public = market.visitor.get(f"/grades/sheets/{row.public_id}").text
    assert "incidents-title" not in public
