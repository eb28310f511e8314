"""Every door of the market on invented projects: what is sold is needed and lawful to charge.

The oracle reads the record and the shipped list by itself; it shares no code with the product.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random

import pytest
import yaml

from marketplace.competitions.services import notices
from marketplace.engagements.services import beginning
from marketplace.infra.database import db
from marketplace.infra.unit_of_work import UnitOfWork
from marketplace.kernel.errors import Refused
from marketplace.kernel.times import SHANGHAI
from marketplace.projects import queries, services
from marketplace.projects.rules import ApprovalStatus
from marketplace.quotations.services import asking
from marketplace.settings import ROOT
from tests.competitions import make_department, notice
from tests.dossiers import admitted_listing
from tests.engagements import make_enterprise, make_provider
from tests.factories import system_work
from tests.projects import approval_record, make_project

SHIPPED = yaml.safe_load(
    (ROOT / "marketplace" / "catalogue" / "data" / "items.yaml").read_text("utf-8")
)["items"]
# Items for which no certificate is asked, so that one dossier serves them all.
PLAIN = {row["id"]: row for row in SHIPPED if row["requirements"].get("none")}
MANY = 2000
STATES = ("absent", "not_started", "accepted", "paused", "granted", "refused")


class Undone(Exception):
    """Takes back what a door has let through."""


class Market:
    """One enterprise, one department, and an institution admitted for each plain item."""

    def __init__(self) -> None:
        self.client = make_enterprise()
        self.department = make_department()
        self.listings = {
            code: admitted_listing(make_provider(), item=code) for code in sorted(PLAIN)
        }

    def doors(self, project_id, item, confirmed):
        """What each door answers, by its name; nothing stays of what it does."""
        listing = self.listings[item]
        now = datetime.now(SHANGHAI)
        said = notice(self.department, project_id, now, item_code=item)
        return {
            "pick": self.tried(
                self.client,
                lambda uow: beginning.request_engagement(
                    uow,
                    project_id=project_id,
                    item_code=item,
                    listing_id=listing,
                    need_confirmed=confirmed,
                ),
            ),
            "round": self.tried(
                self.client,
                lambda uow: asking.open_round(
                    uow,
                    project=project_id,
                    item_code=item,
                    listings=[listing],
                    answer_by=now.date() + timedelta(days=5),
                    need_confirmed=confirmed,
                ),
            ),
            "draft": self.tried(
                self.department.officer, lambda uow: notices.draft_competition(uow, notice=said)
            ),
        }

    @staticmethod
    def tried(actor, work) -> str:
        db.session.rollback()
        with suppress(Undone):
            try:
                with UnitOfWork(actor, datetime.now(SHANGHAI)) as uow:
                    work(uow)
                    raise Undone
            except Refused as refused:
                return refused.code
        return ""


def expected(item, states, announced, confirmed) -> dict[str, str]:
    """What the law makes each door answer."""
    there = [one for one in states.values() if one != "absent"]
    if announced:
        need = "" if confirmed else "project.need_unknown"
        at_draft = ""
    elif not there:
        need = at_draft = "project.item_not_asked"
    elif all(one == "granted" for one in there):
        need = at_draft = "project.item_granted"
    else:
        need = at_draft = ""
    charged = PLAIN[item]["open_to"] == "department"
    for_enterprise = "engagement.item_for_departments" if charged else need
    return {"pick": for_enterprise, "round": for_enterprise, "draft": at_draft}


def mirrored(enterprise_id, states) -> int:
    approvals = []
    for code, state in states.items():
        if state != "absent":
            status = ApprovalStatus(state)
            decided = date(2026, 11, 20) if state in {"granted", "refused"} else None
            begun = None if state == "not_started" else date(2026, 11, 16)
            approvals.append(
                approval_record(code, status=status, decided_on=decided, accepted_on=begun)
            )
    return make_project(enterprise_id, approvals=tuple(approvals))


def announce(project_id: int) -> None:
    """The platform tells of a change that nobody has fetched yet."""
    code = queries.project(db.session(), project_id).code
    db.session.rollback()
    with system_work() as uow:
        services.refresh_project(uow, code=code, revision=9)


@pytest.mark.slow
def test_no_door_sells_what_is_granted_not_asked_for_or_unlawful_to_charge(app):
    random, market, seen = Random(14), Market(), set()
    for _number in range(MANY // len(PLAIN)):
        states = {
            code: random.choice(STATES)
            for code in sorted(
                {one for row in PLAIN.values() for one in row["linked_approval_ids"]}
            )
        }
        project_id = mirrored(market.client.organisation_id, states)
        announced = random.random() < 0.2
        if announced:
            announce(project_id)
        for item, row in PLAIN.items():
            confirmed = random.random() < 0.5
            linked = {code: states[code] for code in row["linked_approval_ids"]}
            wanted = expected(item, linked, announced, confirmed)
            assert market.doors(project_id, item, confirmed) == wanted, (item, linked, announced)
            seen.update(wanted.values())
    assert seen == {
        "",
        "engagement.item_for_departments",
        "project.item_granted",
        "project.item_not_asked",
        "project.need_unknown",
    }
