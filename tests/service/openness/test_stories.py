"""What the notice board and a report of a fault leave behind."""

from datetime import timedelta

from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import ANONYMOUS, SYSTEM
from marketplace.openness import services
from marketplace.openness.models import NoticeKind
from tests.conftest import NOON
from tests.dossiers import act
from tests.market import offer


def test_an_event_is_published_once_with_its_number_and_no_sooner_than_it_happened(story):
    found = offer()
    with story("openness/notices", **{"the agent": found.agent}):

        def publish(at, **said):
            def work(uow):
                about = uow.session.query(EventRecord).order_by(EventRecord.id.desc()).first()
                return services.publish_notice(uow, about=about, **said) is not None

            return act(SYSTEM, work, at=at)

        said = {
            "kind": NoticeKind.ADMISSION,
            "listing_id": found.listing_id,
            "item_code": "JL-Z02",
            "rule_key": "x.y",
            "cause": "own_pause",
            "effective": "2026-11-24",
        }
        assert publish(NOON - timedelta(hours=1), **said)
        assert publish(NOON + timedelta(hours=1), kind=NoticeKind.RULE_CHANGE)


def test_anybody_reports_a_fault(story):
    with story("openness/fault"):
        said = {"address": "/items", "words": "打不开", "contact": "13900001111"}
        act(ANONYMOUS, lambda uow: services.report_fault(uow, **said))
