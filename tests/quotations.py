"""Quotation rounds for tests, brought to every state by the people who bring them there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from marketplace.clocks.queries import light_days
from marketplace.infra import lists as paged
from marketplace.infra.database import db
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.quotations import queries
from marketplace.quotations.queries import lists
from marketplace.quotations.queries.lists import RequestLine
from marketplace.quotations.services import answering, asking
from tests.dossiers import admitted_listing
from tests.engagements import ITEM, make_enterprise, make_provider, paper, project_of, work

TODAY = date(2026, 11, 23)
ANSWER_BY = date(2026, 11, 30)
PRICES = (8_000_000, 7_500_000, 9_200_000)


@dataclass(frozen=True)
class Asked:
    """An institution that was asked: its agent, its listing, its request."""

    agent: Actor
    listing_id: int
    request_id: int
    request_key: str


@dataclass(frozen=True)
class Round:
    """A round with the people around it."""

    client: Actor
    project_id: int
    id: int
    key: str
    asked: tuple[Asked, ...]


def make_round(
    answers: Sequence[int] = (),
    *,
    institutions_asked: int = 3,
    client: Actor | None = None,
    providers: Sequence[Actor] = (),
) -> Round:
    """An open round; the first institutions answer with these prices in fen."""
    client = client or make_enterprise()
    agents = list(providers) or [make_provider() for _number in range(institutions_asked)]
    listings = [admitted_listing(agent) for agent in agents]
    project_id = project_of(client)
    ref = work(
        client,
        lambda uow: asking.open_round(
            uow,
            project=project_id,
            item_code=ITEM,
            listings=listings,
            answer_by=ANSWER_BY,
            words="请按附件要求报价。",
            papers=[paper("要求.pdf")],
        ),
    )
    found = Round(client, project_id, ref.id, ref.public_id, _asked(agents, listings))
    for place, price in enumerate(answers):
        answer(found, place, price)
    return found


def requests_of(session: Session, agent: Actor) -> tuple[RequestLine, ...]:
    """What an institution was asked."""
    values = light_days(session, TODAY, own=agent.organisation_id)
    return lists.REQUESTS.read(session, paged.Asked(), values).rows


def _asked(agents: Sequence[Actor], listings: Sequence[int]) -> tuple[Asked, ...]:
    session, rows = db.session(), []
    for agent, listing_id in zip(agents, listings, strict=True):
        row = next(one for one in requests_of(session, agent) if one.listing_id == listing_id)
        rows.append(Asked(agent, listing_id, row.id, row.public_id))
    db.session.rollback()
    return tuple(rows)


def answer(found: Round, place: int, price_fen: int = PRICES[0], *, days: int = 8) -> str:
    """An institution quotes; the public id of its quotation."""
    asked = found.asked[place]
    return work(
        asked.agent,
        lambda uow: answering.answer_request(
            uow,
            request=asked.request_id,
            price_fen=price_fen,
            days=days,
            words="包含现场踏勘。",
            papers=[paper("报价单.pdf")],
        ),
    )


def decline(found: Round, place: int) -> None:
    """An institution does not quote."""
    asked = found.asked[place]
    work(
        asked.agent,
        lambda uow: answering.decline_request(uow, request=asked.request_id, reason="档期已满。"),
    )


def close(found: Round) -> None:
    """The client closes the round early."""
    work(found.client, lambda uow: asking.close_round(uow, quotation_round=found.id))


def closed_round(answers: Sequence[int] = PRICES, **more: object) -> Round:
    """A round whose quotations can be compared."""
    found = make_round(answers, **more)
    close(found)
    return found


def quotation_keys(found: Round) -> list[str]:
    """The public ids of the quotations that count, in the order asked."""
    session = db.session()
    row = queries.find_round(session, found.id, TODAY)
    page = queries.round_page(session, row)
    keys = [one.answer.public_id for one in page.answers if one.answer]
    db.session.rollback()
    return keys


def listing_key(listing_id: int) -> str:
    """The public id of a listing."""
    key = institutions.listing(db.session(), listing_id).public_id
    db.session.rollback()
    return key
