"""The days of objection follow the calendar; the tick settles what is due, each by itself."""

from datetime import date, timedelta

import pytest

from marketplace.catalogue import queries as catalogue
from marketplace.catalogue import services as catalogue_services
from marketplace.competitions.queries import reading, sealed
from marketplace.competitions.rules import CompetitionState
from marketplace.competitions.services import bidding
from marketplace.infra.database import db
from marketplace.infra.outbox.delivery import deliver_all
from marketplace.infra.worker import settle_due
from marketplace.kernel.actors import SYSTEM
from marketplace.kernel.times import end_of_day
from tests.competitions import make_competition, waiting
from tests.dossiers import act

pytestmark = pytest.mark.usefixtures("app")
_S = CompetitionState


def announce(year: int, off: list[date]) -> None:
    """Import the year's calendar with more days off."""
    calendar = catalogue.calendar(db.session())
    days = {day: works for day, works in calendar.special.items() if day.year == year}
    days |= dict.fromkeys(off, False)
    lines = [f"{day},{int(works)}" for day, works in sorted(days.items())]
    text = "\n".join(["date,is_workday", *lines]) + "\n"
    act(
        SYSTEM,
        lambda uow: catalogue_services.import_calendar_year(
            uow, year=year, text=text, notice="示例通知1号"
        ),
    )


def test_the_last_day_of_objections_moves_with_the_calendar(app):
    world = make_competition(_S.AWARD_PUBLISHED)
    before = world.row().objection_until
    announce(before.year, [before])
    deliver_all(app.extensions["settings"], raise_errors=True)

    row = world.row()
    assert row.objection_until > before
    assert reading.award_of(db.session(), row.id).objection_until == row.objection_until
    moved = sealed.history(db.session(), row.id)[0]
    assert (moved.kind, moved.payload["due_was"]) == ("competition.due_moved", str(before))
    world.settle(end_of_day(before) - world.now)
    assert world.row().state is _S.AWARD_PUBLISHED
    world.settle(end_of_day(row.objection_until) - world.now)
    assert world.row().state is _S.AWARDED


def test_the_day_of_the_next_step_moves_with_the_calendar(app):
    world = make_competition(_S.CLOSED)

    def due():
        (one,) = waiting(world.now.date())
        db.session.rollback()
        return one.due_on

    before = due()
    announce(before.year, [before])
    deliver_all(app.extensions["settings"], raise_errors=True)

    assert due() > before
    moved = sealed.history(db.session(), world.competition_id)[0]
    assert (moved.kind, moved.payload["due_was"]) == ("competition.step_moved", str(before))
    assert moved.payload["due_on"] == str(due())


def test_a_request_for_the_opening_does_not_begin_its_days_anew():
    world = make_competition(_S.CLOSED)
    (closed,) = waiting(world.now.date())
    for service in (bidding.request_opening, bidding.withdraw_opening):
        db.session.rollback()
        world.now += timedelta(days=1)
        world.do(world.department.officer, service)
        (one,) = waiting(world.now.date())
        assert (one.what, one.due_on) == ("competition.open", closed.due_on)


def test_the_tick_closes_and_awards_what_is_due(app):
    running = make_competition()
    awarded = make_competition(_S.AWARD_PUBLISHED)
    later = awarded.now + timedelta(days=9)
    db.session.remove()

    settle_due(now=later, raise_errors=True)

    assert running.row().state is _S.FAILED
    assert awarded.row().state is _S.AWARDED
    settle_due(now=later, raise_errors=True)
    assert awarded.row().state is _S.AWARDED
