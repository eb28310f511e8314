"""Rounds of quotations between the enterprise and the institution of the cast."""

from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.quotations.services import answering, asking, questions
from tests import engagements as made
from tests.dossiers import admitted_listing
from tests.engagements import make_provider, work
from tests.personas import Persona, actor
from tests.quotations import ANSWER_BY, requests_of


def quotations(named: dict[str, str]) -> dict[str, str]:
    """An open and a closed round."""
    client, provider = actor(Persona.ENTERPRISE_AGENT), actor(Persona.INSTITUTION_AGENT)
    listing_id = institutions.listing(db.session(), named["admitted"]).id
    names = _round(client, provider, listing_id, "q_open", closed=False)
    return names | _round(client, provider, listing_id, "q_closed", closed=True)


def _round(client, provider, listing_id, name, *, closed):
    other = make_provider()
    ref = work(
        client,
        lambda uow: asking.open_round(
            uow,
            project=made.project_of(client),
            item_code=made.ITEM,
            listings=[listing_id, admitted_listing(other)],
            answer_by=ANSWER_BY,
            words="请报价。",
        ),
    )
    mine, theirs = (_request(one, ref.number) for one in (provider, other))
    _answer(other, theirs.id)
    names = {name: ref.public_id, f"{name}_request": mine.public_id}
    names["q_late_question" if closed else "q_question"] = work(
        other, lambda uow: questions.ask_question(uow, request=theirs.id, body="是否含税？")
    )
    if closed:
        names["q_quotation"] = _answer(provider, mine.id)
        work(client, lambda uow: asking.close_round(uow, quotation_round=ref.id))
    return names


def _request(agent, number):
    found = requests_of(db.session(), agent)
    db.session.rollback()
    return next(one for one in found if one.number == number)


def _answer(agent, request_id):
    return work(
        agent,
        lambda uow: answering.answer_request(uow, request=request_id, price_fen=80_000, days=5),
    )
