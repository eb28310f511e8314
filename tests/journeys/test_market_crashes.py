"""Processes killed among picks, publications and payments: nothing is lost, halved or done twice.

Ten moments here and five among applications make fifteen on each database.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from marketplace.budgets.models import Payment
from marketplace.budgets.queries import appropriations, spending
from marketplace.competitions.models import Competition
from marketplace.competitions.rules import CompetitionState
from marketplace.engagements.models import Engagement
from marketplace.infra.database import reading_session
from marketplace.infra.outbox.models import EventRecord
from marketplace.institutions import queries as institutions
from marketplace.kernel.actors import Actor
from marketplace.notifications.models import Notification
from marketplace.projects import queries as projects
from tests.competitions import CEILING, Department, draft, make_department
from tests.documents import pdf
from tests.dossiers import admitted_listing
from tests.engagements import (
    World,
    accept,
    contract,
    deliver,
    make_enterprise,
    make_provider,
    project_of,
    start,
)
from tests.journeys import dealings, trail
from tests.journeys.killing import Stopped, insist, insist_on_reading, kill_while, think
from tests.journeys.past import of_long_ago
from tests.journeys.servers import Browser, Market
from tests.market import offer

pytestmark = [pytest.mark.real_time, pytest.mark.slow]
VICTIMS = [*["web process", "worker"] * 4, "web server", "web server"]
PICKERS, PUBLISHERS, PAYERS = 3, 2, 2
PROJECTS, DRAFTS = 8, 8
PRICE = 7_500_000
PAID = 100


TERMS = {
    "amount": "80000",
    "pay_days": "10",
    "limit_days": "10",
    "scope": "完成该事项并出具成果。",
    "papers_owed": "",
    "note": "按工作量商定。",
}
CONFIRM = "contract/confirm"
# Who takes each step, with which fields, and the event that tells of it.
STEPS = (
    ("provider", "take-on", {}, "taken_on"),
    ("client", "contract/put-forward", TERMS, "contract_put_forward"),
    ("provider", CONFIRM, {}, "contracted"),
    ("client", "start", {}, "started"),
    ("provider", "deliver", {"words": "成果。"}, "delivered"),
    ("client", "accept", {}, "accepted"),
)
WITH_PAPERS = {"deliver"}


def text_to_confirm(browser: Browser, path: str) -> str:
    """The digest of the text on the page that asks for the confirmation."""
    page = insist_on_reading(browser, path)
    return re.search(r'name="content_hash"[^>]*value="(\w{64})"', page).group(1)


@dataclass
class Picker:
    """An enterprise that picks one institution for one project after another, until acceptance."""

    people: dict[str, Actor]
    browsers: dict[str, Browser]
    listing: str
    projects: list[str]
    done: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def go_on(self, stopped: Stopped) -> None:
        papers = {"paper": ("文件.pdf", pdf())}
        for project in self.projects:
            if stopped():
                return
            path = f"/engagements/new?listing={self.listing}&project={project}"
            picked = insist(self.browsers["client"], path, limit_days="10")
            key = picked.location.rsplit("/", 1)[-1]
            self.done[key].append("requested")
            for who, act, fields, told in STEPS:
                if stopped():
                    return
                more = papers if act in WITH_PAPERS else None
                browser, path = self.browsers[who], f"/engagements/{key}/{act}"
                shown = {"content_hash": text_to_confirm(browser, path)} if act == CONFIRM else {}
                insist(browser, path, more, **fields | shown)
                self.done[key].append(told)


@dataclass
class Publisher:
    """A department that publishes one competition after another and calls every second one off."""

    department: Department
    officer: Browser
    approver: Browser
    drafts: list[str]
    done: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def go_on(self, stopped: Stopped) -> None:
        for number, key in enumerate(self.drafts):
            self.done[key].append("drafted")
            self.act(stopped, self.officer, key, "propose", "proposed")
            self.act(stopped, self.approver, key, "publish", "published")
            if number % 2:
                self.act(stopped, self.approver, key, "cancel", "cancelled", reason="计划调整。")

    def act(
        self, stopped: Stopped, who: Browser, key: str, act: str, told: str, **fields: str
    ) -> None:
        if not stopped():
            insist(who, f"/competitions/manage/{key}/{act}", **fields)
            self.done[key].append(told)


@dataclass
class Payer:
    """A department that pays a contract in many small parts."""

    department: Department
    officer: Browser
    approver: Browser
    engagement_id: int
    hold: str
    proposed: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)

    def go_on(self, stopped: Stopped) -> None:
        while not stopped():
            made = insist(self.officer, f"/budgets/holds/{self.hold}/pay", amount="1", note="一期")
            self.proposed.append(made.location.rsplit("/", 1)[-1])
            insist(self.approver, f"/budgets/payments/{self.proposed[-1]}/approve")
            self.approved.append(self.proposed[-1])
            think()


# ------------------------------------------------------------------ the people


def picker(market: Market) -> Picker:
    client, provider = make_enterprise(), make_provider()
    listing_id = admitted_listing(provider)
    ids = [project_of(client) for _ in range(PROJECTS)]
    with reading_session() as session:
        listing = institutions.listing(session, listing_id).public_id
        found = projects.projects(session, ids)
    people = {"client": client, "provider": provider}
    browsers = {name: market.browser(who) for name, who in people.items()}
    return Picker(people, browsers, listing, [found[key].public_id for key in ids])


def publisher(market: Market) -> Publisher:
    department = make_department(amount_fen=CEILING * DRAFTS)
    keys = [draft(department).public_id for _ in range(DRAFTS)]
    browsers = market.browser(department.officer), market.browser(department.approver)
    return Publisher(department, *browsers, keys)


def payers(market: Market, count: int) -> list[Payer]:
    """Departments whose awarded work is accepted: all that is left to do is to pay."""
    bidders = [offer() for _ in range(3)]
    worlds = [
        of_long_ago(CompetitionState.AWARDED, department=make_department(), offers=bidders)
        for _ in range(count)
    ]
    trail.wait_until_quiet(market)
    found = []
    for world in worlds:
        department, winner = world.department, world.offers[2]
        with reading_session() as session:
            query = select(Engagement).where(Engagement.competition_id == world.competition_id)
            row = session.scalars(query).one()
        work = World(
            department.officer, winner.agent, row.listing_id, row.project_id, row.id, row.public_id
        )
        contract(work, PRICE)
        for step in (start, deliver, accept):
            step(work)
        with reading_session() as session:
            hold = spending.hold_of(session, "engagement", row.id).public_id
        browsers = market.browser(department.officer), market.browser(department.approver)
        found.append(Payer(department, *browsers, row.id, hold))
    return found


# ------------------------------------------------------------------ what must be true after it


def told_of(subject: str, key: int) -> list[EventRecord]:
    """What happened to a record, in order."""
    with reading_session() as session:
        query = select(EventRecord).where(
            EventRecord.subject_kind == subject, EventRecord.subject_id == key
        )
        return list(session.scalars(query.order_by(EventRecord.sequence)))


def names(subject: str, key: int) -> list[str]:
    return [event.kind.removeprefix(f"{subject}.") for event in told_of(subject, key)]


def tells(kind: str, key: int, user: Actor) -> int:
    """How often a person was told of what happened to one record."""
    with reading_session() as session:
        query = (
            select(Notification.id)
            .join(EventRecord, EventRecord.id == Notification.event_id)
            .where(
                EventRecord.kind == kind,
                EventRecord.subject_id == key,
                Notification.user_id == user.user_id,
            )
        )
        return len(session.scalars(query).all())


def check_picks(one: Picker) -> None:
    with reading_session() as session:
        query = select(Engagement).where(
            Engagement.client_id == one.people["client"].organisation_id
        )
        rows = session.scalars(query.order_by(Engagement.id)).all()
    assert one.done
    assert [row.public_id for row in rows] == list(one.done)
    told = {"requested": "provider", "taken_on": "client", "delivered": "client"}
    for row in rows:
        done = one.done[row.public_id]
        assert names("engagement", row.id) == done
        for name, who in (told | {"accepted": "provider"}).items():
            assert tells(f"engagement.{name}", row.id, one.people[who]) == done.count(name)


def check_publications(one: Publisher) -> None:
    with reading_session() as session:
        query = select(Competition).where(Competition.public_id.in_(one.drafts))
        rows = session.scalars(query.order_by(Competition.id)).all()
        line = appropriations.line(session, one.department.line_id)
    standing = 0
    for row in rows:
        done = one.done.get(row.public_id, ["drafted"])
        assert names("competition", row.id) == done
        standing += done.count("published") - done.count("cancelled")
    assert line.reserved_fen == standing * CEILING
    assert line.free_fen == (DRAFTS - standing) * CEILING


def check_payments(one: Payer) -> None:
    with reading_session() as session:
        hold = spending.hold_of(session, "engagement", one.engagement_id)
        query = select(Payment).where(Payment.hold_id == hold.id)
        rows = session.scalars(query.order_by(Payment.id)).all()
        added_up = session.get_one(Engagement, one.engagement_id).paid_fen
    assert one.approved
    assert [row.public_id for row in rows] == one.proposed
    assert [row.public_id for row in rows if row.state == "approved"] == one.approved
    assert hold.paid_fen == added_up == len(one.approved) * PAID
    assert names("engagement", one.engagement_id).count("paid") == len(one.approved)
    for row in rows:
        assert tells("payment.proposed", row.id, one.department.approver) == 1


def test_picks_publications_and_payments_outlive_kill_9_and_are_done_and_told_once(market):
    pickers = [picker(market) for _ in range(PICKERS)]
    publishers = [publisher(market) for _ in range(PUBLISHERS)]
    paying = payers(market, PAYERS)
    workers: list[Callable[[Stopped], None]] = [
        one.go_on for one in (*pickers, *publishers, *paying)
    ]

    kill_while(market, workers, VICTIMS)
    trail.wait_until_quiet(market)

    for one in pickers:
        check_picks(one)
    for one in publishers:
        check_publications(one)
    for one in paying:
        check_payments(one)
    with reading_session() as session:
        assert list(dealings.faults(session)) == []
        assert trail.gaps(session) == []
        assert trail.illegal_lives(session) == []
        assert trail.uneven_counts(session) == []
        assert trail.changed_without_event(session) == []
        assert set(trail.letters_of(market)) == trail.letters_owed(session, market)
