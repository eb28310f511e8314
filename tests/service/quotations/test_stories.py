"""All that each act on a quotation round leaves behind, and who may do what when."""

from datetime import timedelta

import pytest

from marketplace.catalogue import services as catalogue
from marketplace.engagements.services import request_engagement
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.institutions.services import grounds
from marketplace.kernel.actors import SYSTEM, Capacity, Role
from marketplace.kernel.money import MOST_FEN
from marketplace.kernel.times import end_of_day
from marketplace.quotations.models import Quotation
from marketplace.quotations.services import answering, asking, questions
from tests.dossiers import act, admitted_listing, complete_dossier
from tests.engagements import ITEM, make_enterprise, make_provider, paper, project_of
from tests.factories import make_member, make_organisation
from tests.market import PLAIN_ITEM, admit, offer, pause
from tests.quotations import ANSWER_BY, TODAY, answer, close, decline, make_round, quotation_keys
from tests.stories import refusals


def people(found):
    """Whom a story names."""
    return {"the client": found.client} | {
        f"institution {place}": one.agent for place, one in enumerate(found.asked, 1)
    }


def test_a_round_asks_up_to_five_admitted_institutions_once(story):
    client, stranger, provider = make_enterprise(), make_enterprise(), make_provider()
    listings = [admitted_listing(provider), *(offer(item=ITEM).listing_id for _ in range(5))]
    other, away = offer(), offer(item=ITEM)
    pause(away)
    project = project_of(client)
    usual = {"project": project, "item_code": ITEM, "answer_by": ANSWER_BY}

    def ask(**changes):
        said = usual | {"listings": listings[:1]} | changes
        return lambda uow: asking.open_round(uow, **said)

    last = TODAY + timedelta(days=60)
    with story("quotations/asking", client=client, stranger=stranger, provider=provider) as told:
        tries = {
            "five": ask(listings=listings[:5]),
            "six": ask(listings=listings[:6]),
            "five and one twice": ask(listings=[*listings[:5], listings[0]]),
            "nobody": ask(listings=[]),
            "another item's": ask(listings=[other.listing_id]),
            "one that paused": ask(listings=[away.listing_id]),
            "until today": ask(answer_by=TODAY),
            "until tomorrow": ask(answer_by=TODAY + timedelta(days=1)),
        }
        tries |= {
            f"until {last + timedelta(days=days)}": ask(answer_by=last + timedelta(days=days))
            for days in range(3)
        }
        told.may(tries, client)
        told.may({"ask": ask()}, stranger, provider)
        said = {"words": " 请报价 ", "papers": [paper("要求.pdf")], "listings": listings[:2]}
        act(client, ask(**said))
        refusals(lambda: act(client, ask()))
        act(
            client,
            lambda uow: request_engagement(
                uow, project_id=project, item_code=ITEM, listing_id=listings[0]
            ),
        )
        told.may({"what is commissioned already": ask()}, client)


def test_own_institutions_and_items_for_departments_are_not_asked(story):
    house = make_organisation(Capacity.INSTITUTION, Capacity.ENTERPRISE)
    client = make_member(house, Role.ENTERPRISE_AGENT, Role.INSTITUTION_AGENT)
    own, listing, project = own_listing(client), offer().listing_id, project_of(client)

    def from_one(one):
        return lambda uow: asking.open_round(
            uow, project=project, item_code=PLAIN_ITEM, listings=[one], answer_by=ANSWER_BY
        )

    ask = from_one(listing)
    with story("quotations/not_asked", client=client) as told:
        told.may({"one's own": from_one(own)}, client)
        for open_to in ("either", "enterprise", "department"):
            if open_to != "either":
                act(
                    SYSTEM,
                    lambda uow, open_to=open_to: catalogue.put_item_version_in_force(
                        uow,
                        code=PLAIN_ITEM,
                        open_to=open_to,
                        payer_basis=f"示例办法（{open_to}）",
                        payer_document="示例〔2026〕1号",
                    ),
                )
            told.may({open_to: ask}, client)


def own_listing(agent):
    """A listing in the market of whoever asks."""
    listing = complete_dossier(agent, item=PLAIN_ITEM)
    admit(agent, listing)
    return listing


def test_the_asked_answer_better_their_answers_or_decline_until_it_closes(story):
    found = make_round()
    one, two, _three = found.asked
    limit = 30
    with story("quotations/answering", **people(found)) as told:

        def quote(**changes):
            said = {"request": one.request_id, "price_fen": 1, "days": 1} | changes
            return lambda uow: answering.answer_request(uow, **said)

        def no(reason):
            said = {"request": two.request_id, "reason": reason}
            return lambda uow: answering.decline_request(uow, **said)

        tries = {f"{days} days": quote(days=days) for days in (0, 1, limit, limit + 1)}
        tries |= {f"{fen} fen": quote(price_fen=fen) for fen in (0, 1, MOST_FEN, MOST_FEN + 1)}
        told.may(tries, one.agent)
        told.may({"quote": quote(), "decline": no("一")}, one.agent, two.agent, found.client)
        refusals(lambda: act(two.agent, no(" ")))

        def ask(uow):
            return questions.ask_question(uow, request=one.request_id, body=" 是否含税？ ")

        def explain(uow):
            return questions.answer_question(
                uow, quotation_round=found.key, question=asked, answer="含税。"
            )

        told.may({"ask": ask}, two.agent, found.client)
        asked = act(one.agent, ask)
        told.may({"explain": explain}, one.agent)
        act(found.client, explain)
        told.may({"explain again": explain}, found.client)
        answer(found, 0)
        answer(found, 0, 7_000_000, days=1)
        act(two.agent, no(" 档期已满 "))
        told.may({"again": quote(request=two.request_id), "decline": no("一")}, two.agent)
        close(found)
        told.may({"late": quote(), "decline": no("一")}, one.agent, two.agent)


def test_an_answer_may_be_taken_back_and_an_institution_that_pauses_does_not_answer(story):
    found = make_round([8_000_000])
    with story("quotations/taken_back", **people(found)) as told:
        decline(found, 0)
        second = found.asked[1]
        listing = institutions.listing(db.session(), second.listing_id)
        db.session.rollback()
        act(
            second.agent,
            lambda uow: grounds.pause_listing(uow, listing_id=listing.id, reason="内部"),
        )
        told.may(
            {
                "quote": lambda uow: answering.answer_request(
                    uow, request=second.request_id, price_fen=1, days=1
                ),
                "decline": lambda uow: answering.decline_request(
                    uow, request=second.request_id, reason="一"
                ),
            },
            second.agent,
        )


def test_the_client_closes_early_and_picks_one_of_the_answers(story):
    found, other = make_round([8_000_000, 7_500_000]), make_round([7_000_000])
    key, client = found.id, found.client
    answer(found, 0, 7_900_000)
    stale = quotation_of(found, 0)
    with story("quotations/picked", **people(found), stranger=other.client) as told:
        everybody = (client, other.client, found.asked[0].agent)
        tries = {
            "close": lambda uow: asking.close_round(uow, quotation_round=key),
            "withdraw": lambda uow: asking.withdraw_round(uow, quotation_round=key, reason="一"),
            "pick": lambda uow: asking.pick_quotation(
                uow, quotation=stale, reason="报价合理，时限更短。"
            ),
        }
        told.may(tries, *everybody)
        close(found)
        told.may(tries, *everybody)
        best = quotation_keys(found)[1]
        told.may(
            {
                "none": lambda uow: asking.pick_quotation(
                    uow, quotation="nothing000", reason="报价合理，时限更短。"
                )
            },
            client,
        )
        act(
            client,
            lambda uow: asking.pick_quotation(
                uow, quotation=best, reason="报价合理，时限更短。", words=" 请开始 "
            ),
        )
        told.may(tries, *everybody)


def quotation_of(found, place):
    """The key of the first version an institution quoted."""
    request = found.asked[place].request_id
    session = db.session()
    query = session.query(Quotation).filter_by(request_id=request, version=1)
    key = query.one().public_id
    db.session.rollback()
    return key


@pytest.mark.parametrize("answers", [(), (8_000_000,)])
def test_a_round_closes_at_the_end_of_its_day(story, answers):
    found = make_round(answers)
    late = end_of_day(ANSWER_BY)
    with story(f"quotations/settled_{len(answers)}", **people(found)) as told:

        def settle(at):
            return act(
                SYSTEM, lambda uow: asking.settle_round(uow, quotation_round=found.id), at=at
            )

        assert not settle(late - timedelta(seconds=1))
        assert settle(late)
        assert not settle(late)
        told.may(
            {
                "close": lambda uow: asking.close_round(uow, quotation_round=found.id),
                "withdraw": lambda uow: asking.withdraw_round(
                    uow, quotation_round=found.id, reason="一"
                ),
            },
            found.client,
        )


@pytest.mark.parametrize("closed", [True, False])
def test_the_client_gives_the_question_up(story, closed):
    found = make_round([8_000_000])
    if closed:
        close(found)
    with story(f"quotations/withdrawn_{'closed' if closed else 'open'}", **people(found)):

        def withdraw(reason):
            work = asking.withdraw_round
            act(found.client, lambda uow: work(uow, quotation_round=found.id, reason=reason))

        refusals(lambda: withdraw(" "))
        withdraw(" 项目取消 ")
        refusals(lambda: withdraw("一"))
