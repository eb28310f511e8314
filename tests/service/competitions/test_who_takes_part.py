"""Nobody learns before the opening who takes part: not from the trail, letters or questions."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from admin.trail import reading as trail
from marketplace.accounts import queries as accounts
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding, notices
from marketplace.infra.database import db
from marketplace.infra.outbox import queue, settling
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.outbox.models import DeliveryState, EventRecord
from marketplace.kernel.actors import Actor
from marketplace.notifications.models import Notification
from tests.competitions import PRICES, World, bid, enter, make_competition
from tests.dossiers import a_scan
from tests.market import offer
from tests.service.competitions.test_bids import open_all

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def test_whoever_reads_the_trail_does_not_learn_before_the_opening_who_takes_part_or_how_many():
    world = make_competition()
    enter(world, PRICES, proposal=a_scan())
    bidder, other = world.offers[0].agent, world.offers[1].agent
    bid(world, world.offers[0], PRICES[0], proposal=a_scan())
    ask(world, bidder)
    world.do(other, bidding.withdraw_bid)

    assert told_of(bidder) == told_of(other) == set()
    assert [one for one in everything() if WORDS.search(kind_of(one))] == []
    assert {one.sequence for one in everything() if one.kind.startswith("competition.")} == {0}

    enter(world, PRICES[1:2])
    open_all(world)
    assert {
        "competition.bid_placed",
        "competition.bid_replaced",
        "file.stored",
        "file.discarded",
    } <= (told_of(bidder))
    assert "competition.question_asked" in told_of(bidder)
    assert "competition.bid_withdrawn" in told_of(other)
    assert 0 not in {one.sequence for one in everything()}


def test_whoever_reads_the_trail_does_not_learn_before_the_opening_whom_letters_went_to(app):
    world = make_competition()
    enter(world, PRICES)
    bidders = {found.agent.user_id for found in world.offers}
    ask(world, offer().agent)
    (asked,) = reading.questions(db.session(), world.competition_id)
    world.do(
        world.department.officer,
        notices.answer_question,
        question=asked.public_id,
        answer="已说明。",
    )
    deliver_all(app.extensions["settings"])
    db.session.rollback()
    boxes = set(db.session().scalars(select(Notification.user_id)))
    assert bidders <= boxes

    def told() -> set[int]:
        found = (one.payload.get("user_id") for one in everything() if "notification" in one.kind)
        return {key for key in found if key in bidders}

    assert told() == set()
    open_all(world)
    assert told() == bidders


def test_the_outbox_tells_nothing_before_the_opening_by_which_bidders_could_be_counted(app):
    world = make_competition()
    enter(world, PRICES)
    bidders = {found.agent.organisation_id for found in world.offers}
    ask(world, offer().agent)
    (asked,) = reading.questions(db.session(), world.competition_id)
    answered = {"question": asked.public_id, "answer": "已说明。"}
    waiting = delivered(DeliveryState.PENDING)
    assert not {one.event_kind for one in waiting} & sealed.SEALED_KINDS
    assert queue.outbox_state(db.session()).pending == len(waiting)
    deliver_all(app.extensions["settings"])
    world.do(world.department.officer, notices.answer_question, **answered)
    deliver_all(app.extensions["settings"])

    assert letters_to(bidders) == []
    assert letters_to({world.department.officer.organisation_id}) != []
    assert not {one.event_kind for one in delivered(DeliveryState.DONE)} & sealed.SEALED_KINDS

    open_all(world)

    assert len(letters_to(bidders)) >= len(PRICES)


def delivered(state):
    """What the operator is told of in a state."""
    db.session.rollback()
    return settling.deliveries_in(db.session(), state, limit=10_000)


def letters_to(organisations):
    """The letters about competitions that the operator sees were sent to these organisations."""
    shown = {one.event_id for one in delivered(DeliveryState.DONE)}
    letters = select(EventRecord.subject_id).where(
        EventRecord.kind == "notification.made", EventRecord.id.in_(shown)
    )
    about = select(Notification.id).where(
        Notification.id.in_(letters),
        Notification.organisation_id.in_(organisations),
        Notification.kind.startswith("competition."),
    )
    return db.session().scalars(about).all()


def test_of_a_competition_that_ended_under_seal_the_trail_tells_what_happened_and_not_who():
    world = make_competition()
    enter(world, PRICES[:1], proposal=a_scan())
    bidder = world.offers[0].agent
    ask(world, bidder)
    world.settle(timedelta(days=15))
    assert world.row().state is _S.FAILED

    found = [one for one in everything() if WORDS.search(kind_of(one))]
    assert {one.kind for one in found} == {
        "competition.bid_placed", "competition.question_asked", "file.stored",
    }  # fmt: skip
    assert {(one.actor, one.organisation, one.request_id) for one in found} == {("***", "", "")}
    assert told_of(bidder) == set()


WORDS = re.compile(r"competition\.(bid|question_asked)|^file")


def kind_of(entry: trail.Entry) -> str:
    """What an event is about; the papers of the institutions' dossiers are not looked at."""
    owner = entry.payload.get("owner_kind", "bid")
    return entry.kind if owner == "bid" else ""


def everything() -> list[trail.Entry]:
    db.session.rollback()
    return list(trail.all_entries(db.session(), trail.Asked()))


def told_of(agent: Actor) -> set[str]:
    """What the trail tells that this person did, but for the dossier."""
    name = accounts.person(db.session(), agent.user_id).name
    asked = trail.Asked(actor=name)
    found = [*trail.all_entries(db.session(), asked), *everything()]
    mine = {kind_of(one) for one in found if one.actor == name}
    return {kind for kind in mine if WORDS.search(kind)}


def ask(world: World, agent: Actor) -> None:
    world.do(agent, notices.ask_question, body="资料何时提供？")


def test_the_department_reads_who_asked_only_after_the_opening():
    world = make_competition()
    enter(world)
    agent = world.offers[0].agent
    ask(world, agent)
    name = accounts.person(db.session(), agent.user_id).name

    def shown() -> set[tuple[str, str]]:
        db.session.rollback()
        return {
            (one.actor_name, one.organisation_name)
            for one in sealed.history(db.session(), world.competition_id)
            if one.kind == "competition.question_asked"
        }

    assert shown() == {("***", "")}
    world.settle(timedelta(days=15))
    assert shown() == {("***", "")}
    open_all(world)
    assert {actor for actor, _organisation in shown()} == {name}
