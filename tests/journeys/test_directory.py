"""A listing that is not admitted at an instant is not shown as admitted at that instant (I1)."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import pytest

from marketplace.accounts.queries import parties
from marketplace.infra.clock import real_now
from marketplace.infra.database import reading_session
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.institutions import queries as institutions
from marketplace.institutions import services
from marketplace.institutions.rules.market import GroundKind, ListingState
from marketplace.kernel.actors import SYSTEM, Actor
from marketplace.kernel.errors import Refused
from marketplace.vetting.rules import CaseState
from tests.actors import actor_of
from tests.cases import make_case
from tests.journeys.servers import Browser, Market, at_once
from tests.journeys.trail import wait_until

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
# The index follows within two seconds; the rest is for machines that do other things beside.
INDEX_SECONDS = 2.0 + 3.0
PAUSES = 4
READERS = 6


@dataclass(frozen=True)
class Look:
    """Whether a page that was asked for and answered within these instants showed the offer."""

    begun: float
    ended: float
    page: str
    shown: bool


@dataclass(frozen=True)
class Offer:
    """An admitted listing with the pages that show it and the mark by which it is seen there."""

    listing: institutions.ListingRow
    marks: dict[str, str]

    def look(self, visitor: Browser, path: str) -> Look:
        begun = time.monotonic()
        answer = visitor.read(path)
        ended = time.monotonic()
        assert answer.status == 200
        return Look(begun, ended, path, self.marks[path] in answer.text)


@pytest.fixture
def offer(association) -> Offer:
    world = make_case(CaseState.DECIDED, association=association)
    with reading_session() as session:
        row = institutions.listing(session, world.listing_id)
    card = f'href="/institutions/{row.institution_public_id}"'
    return Offer(
        row,
        {
            f"/institutions?q={quote(row.name[4:])}": card,
            f"/institutions?item={row.item_code}&region=220104": card,
            f"/institutions/compare?id={row.institution_public_id}": "30,000",
        },
    )


def found_within(market: Market, offer: Offer, shown: bool) -> float:
    """Seconds until the directory shows the offer, or does not any more."""
    begun, path = time.monotonic(), next(iter(offer.marks))
    wait_until(lambda: offer.look(market.visitor(), path).shown is shown)
    return time.monotonic() - begun


def pause_and_resume(browser: Browser, public_id: str, stop: threading.Event) -> list[Look]:
    """The spans in which the listing surely was suspended, from answer to request."""
    path, spans = f"/my/institution/listings/{public_id}", []
    for _ in range(PAUSES):
        assert browser.send(f"{path}/pause", reason="装修").status == 303
        begun = time.monotonic()
        time.sleep(random.uniform(0.2, 0.5))
        ended = time.monotonic()
        assert browser.send(f"{path}/resume").status == 303
        spans.append(Look(begun, ended, path, shown=False))
        time.sleep(random.uniform(0.05, 0.2))
    stop.set()
    return spans


def keep_looking(offer: Offer, visitor: Browser, path: str, stop: threading.Event) -> list[Look]:
    looks = []
    while not stop.is_set():
        looks.append(offer.look(visitor, path))
    return looks


def test_a_suspended_listing_is_neither_found_nor_compared_from_that_instant_on(market, offer):
    agent = agent_of(offer)
    found_within(market, offer, shown=True)
    stop = threading.Event()
    with ThreadPoolExecutor(READERS) as pool:
        paths = list(offer.marks) * (READERS // len(offer.marks))
        readers = [pool.submit(keep_looking, offer, market.visitor(), path, stop) for path in paths]
        try:
            spans = pause_and_resume(market.browser(agent), offer.listing.public_id, stop)
        finally:
            stop.set()
        looks = [look for reader in readers for look in reader.result()]

    inside = [
        look
        for look in looks
        if any(span.begun < look.begun and look.ended < span.ended for span in spans)
    ]
    assert inside
    assert {look.page for look in looks if look.shown} == set(offer.marks)
    assert [look.page for look in inside if look.shown] == []
    assert found_within(market, offer, shown=True) < INDEX_SECONDS


def agent_of(offer: Offer) -> Actor:
    with reading_session() as session:
        (member,) = parties.members_with(session, offer.listing.organisation_id)
        return actor_of(session, member.membership_id)


def blacklist(market: Market, listing_id: int) -> str:
    with market.app.app_context():
        try:
            with UnitOfWork(SYSTEM, real_now()) as uow:
                services.open_ground(
                    uow, listing_id=listing_id, kind=GroundKind.BLACKLIST, reason="列入黑名单"
                )
        except Refused as refusal:
            return refusal.code
    return "done"


def test_a_decision_and_a_blacklisting_at_once_leave_nothing_admitted_with_an_open_ground(
    market, association
):
    worlds = [make_case(CaseState.PROPOSED, association=association) for _ in range(4)]
    approver = market.browser(association.approver)
    calls = []
    for world in worlds:
        path = f"/vetting/{world.public_id}/decide"
        decide = partial(approver.send, path, prefix="decide-", outcome="admit", reason="同意。")
        calls += [decide, partial(blacklist, market, world.listing_id)]

    answers = at_once(calls)

    assert [one.status for one in answers[0::2]] == [303] * 4
    for world, blacklisted in zip(worlds, answers[1::2], strict=True):
        with reading_session() as session:
            row = institutions.listing(session, world.listing_id)
        expected = {
            "done": (ListingState.SUSPENDED, 1),
            "listing.not_in_market": (ListingState.ADMITTED, 0),
        }[blacklisted]
        assert (row.state, len(row.open_grounds)) == expected
