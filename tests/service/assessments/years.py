"""A year in which an association assesses one listing, whose work is as the test says."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from marketplace.assessments import models
from marketplace.assessments.queries import cycles, removals, sheets
from marketplace.assessments.services import assessing, freezing
from marketplace.clocks.queries import light_days
from marketplace.engagements import queries as engagements
from marketplace.engagements.queries.facts import AcceptedWork
from marketplace.infra.lists import Asked
from marketplace.infra.worker import settle_due
from marketplace.institutions import queries as institutions
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.ratings import queries as ratings
from tests import assessments as whole
from tests.cases import make_association
from tests.conftest import NOON, TODAY
from tests.dossiers import act, certified_listing, make_agent

YEAR = TODAY.year
AFTER = datetime.combine(date(YEAR + 1, 1, 11), NOON.time(), SHANGHAI)


def work_of(*returns, late=0):
    """So many accepted engagements with these returns, the first of them late."""
    return tuple(
        AcceptedWork(
            engagement_id=number,
            number=f"WT-{YEAR}-{number:06d}",
            accepted_at=NOON,
            listing_id=0,
            within_limit=number > late,
            returns=count,
        )
        for number, count in enumerate(returns, 1)
    )


def table(session, cycle):
    return sheets.TABLE.read(session, Asked(), {"cycle": cycle}).rows


def cases(session, association):
    days = light_days(session, TODAY, own=association)
    return removals.HANDLED.read(session, Asked(), days).rows


class World:
    """An association with one listing whose work is as the test says."""

    def __init__(self, monkeypatch) -> None:
        self.association = make_association()
        self.agent = make_agent()
        self.listing_id = certified_listing(self.agent)
        self.work = ()
        monkeypatch.setattr(
            engagements, "accepted_work", lambda _, ids, *__: dict.fromkeys(ids, self.work)
        )
        self.mean = Decimal("4.5")
        monkeypatch.setattr(ratings, "means_of", lambda _, ids: dict.fromkeys(ids, self.mean))
        monkeypatch.setattr(ratings, "item_means", lambda *_: {"JL-Z01": Decimal(4)})

    def open(self, at=None):
        ref = act(
            self.association.examiner,
            lambda uow: whole.open_cycle(
                uow, association_id=self.association.organisation_id, year=YEAR
            ),
            at=at,
        )
        self.cycle = ref.id
        return ref

    def do(self, who, service, at=AFTER, **facts):
        return act(who, lambda uow: service(uow, cycle=self.cycle, **facts), at=at)

    def sheet(self, session):
        session.rollback()
        row = table(session, self.cycle)[0]
        return sheets.sheet(session, row.public_id, TODAY)

    def key(self, session):
        return self.sheet(session).row.id

    def publish(self):
        for service in (whole.cut_off, whole.score_cycle, assessing.publish_preliminary):
            self.do(self.association.examiner, service)

    def end_objections(self, session):
        until = cycles.cycle(session, self.cycle).objection_until
        after = datetime.combine(until + timedelta(days=1), NOON.time(), SHANGHAI)
        settle_due(now=after, raise_errors=True)
        return after


def make_world(monkeypatch):
    """The association and its listing; the work of the year belongs to no engagement."""
    found = World(monkeypatch)
    tables = SimpleNamespace(**vars(models) | {"AssessmentWork": _Unkept})
    monkeypatch.setattr(freezing, "models", tables)
    return found


class _Unkept:
    """Takes the place of a row that would need its engagement; writes an ordinary fact instead."""

    def __new__(cls, *, assessment_id, engagement_id, **_facts):
        name = f"work {engagement_id}"
        return models.AssessmentFact(assessment_id=assessment_id, name=name, value="")


def refused(who, work, at=AFTER):
    with pytest.raises(Refused) as refusal:
        act(who, work, at=at)
    return refusal.value.code


def state(session, world):
    session.rollback()
    return cycles.cycle(session, world.cycle).state


def listing(session, world):
    session.rollback()
    return institutions.listing(session, world.listing_id)
